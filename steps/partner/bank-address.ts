import type { PartnerBank } from './partner-bank.js';

/**
 * The bank's address that a page or a JSON answer of the application names: what its script or a person's click would
 * open. Null where it names none.
 */
export function bankAddressIn(
  body: string,
  bank: Pick<PartnerBank, 'authorizationEndpoint' | 'isAtBank'>,
): string | null {
  const text = body
    .replaceAll('\\/', '/')
    .replaceAll(/\\u0026/gi, '&')
    .replaceAll(/&amp;|&#38;|&#x26;/gi, '&');
  const addresses = text.match(/https?:\/\/[^\s"'<>\\]+/g) ?? [];
  return addresses.find((address) => URL.canParse(address) && bank.isAtBank(address) && address.includes('?')) ?? null;
}
