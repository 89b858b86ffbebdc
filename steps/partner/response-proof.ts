import { requestParameter } from './authorization-request.js';
import type { BankCall } from './bank-call.js';
import type { PartnerSetup } from './verify-file.js';

/**
 * What besides `state` binds an authorization response to the session that asked for it (RFC 9700 section 2.1): a PKCE
 * challenge, or an OpenID nonce, unless the application ignores id_tokens (`idToken` of its file). BS2 knows neither. One that also stands in a request of another session binds nothing.
 */
export function proofOf(
  request: BankCall,
  others: readonly (BankCall | null)[],
  idToken?: PartnerSetup['idToken'],
): 'PKCE' | 'nonce' | null {
  if (request.bank === 'bs2') return null;
  const isOwn = (name: string): boolean => {
    const value = requestParameter(request, name);
    return (
      value !== null &&
      !others.some((other) => other !== null && other !== request && requestParameter(other, name) === value)
    );
  };
  if (requestParameter(request, 'code_challenge_method') === 'S256' && isOwn('code_challenge')) return 'PKCE';
  return idToken !== 'ignored' && isOwn('nonce') ? 'nonce' : null;
}
