import { createHash } from 'node:crypto';
import type { TenantHandle } from '../mock-server/index.js';

/** At once, each with a user of its own: an SMS is a user's last. */
const atOnce = 16;
const verifier = 'verificador-de-teste-'.repeat(3);

/** An authorization request of the bank's client as it would send it, and what it adds to a code to redeem it. */
export interface Authorization {
  readonly url: string;
  readonly redirectUri: string;
  /** Of the form at the token endpoint. */
  readonly redeeming: string;
}

/** The same request each time: what is measured is the bank. With PKCE at BTG. */
export function authorizationOf(tenant: TenantHandle, bank: 'bs2' | 'btg'): Authorization {
  const { client, authorizationEndpoint } = tenant[bank];
  const redirectUri = client?.redirectUris[0] ?? '';
  const url = new URL(authorizationEndpoint);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = { prompt: 'login', code_challenge: challenge, code_challenge_method: 'S256' };
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client?.id ?? '',
    redirect_uri: redirectUri,
    scope: client?.scope ?? '',
    state: 'estado-de-teste',
    ...(bank === 'btg' ? pkce : {}),
  }).toString();
  const redeeming = new URLSearchParams({
    redirect_uri: redirectUri,
    ...(bank === 'btg' ? { code_verifier: verifier } : {}),
  });
  return { url: url.href, redirectUri, redeeming: redeeming.toString() };
}

/** Codes of consents that the control API played: one request for each, where the bank's pages take seven or eight. */
export async function makeCodes(
  tenant: TenantHandle,
  bank: 'bs2' | 'btg',
  usernames: readonly string[],
  count: number,
): Promise<readonly string[]> {
  const codes: string[] = [];
  const authorizationUrl = authorizationOf(tenant, bank).url;
  let begun = 0;
  const makeInTurn = async (username: string): Promise<void> => {
    while (begun < count) {
      begun += 1;
      const consent = { authorizationUrl, decision: 'approve', username, secondFactor: 'sms' } as const;
      const { redirectTo } = await tenant.consents.create(consent);
      const code = new URL(redirectTo).searchParams.get('code');
      if (code === null) throw new Error(`A consent at ${bank} gave no code: ${redirectTo}`);
      codes.push(code);
    }
  };
  await Promise.all(usernames.slice(0, atOnce).map(makeInTurn));
  return codes;
}
