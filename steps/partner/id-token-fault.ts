import type { Evidence } from '../../reports/evidence.js';

/** What it counts for when an application uses the tokens that came with an id_token; `none`: it may. */
export type IdTokenSeverity = 'failed' | 'warning' | 'info' | 'none';

/** One way in which the id_token of one answer of BTG is not as usual. */
export interface IdTokenFault {
  /** Of the catalogue of alterations, without its bank. */
  readonly alteration: string;
  /** As the features say it. */
  readonly what: string;
  readonly tokens: 'tokens' | 'refreshed tokens';
  readonly severity: IdTokenSeverity;
}

type Row = readonly [what: string, alteration: string, severity?: IdTokenSeverity];

function faultsOf(tokens: IdTokenFault['tokens'], rows: readonly Row[]): ReadonlyMap<string, IdTokenFault> {
  return new Map(
    rows.map(([what, name, severity = 'failed']) => [what, { what, alteration: `id-token.${name}`, severity, tokens }]),
  );
}

/** What the id_token of a redemption may be, in the words of the features. */
export const idTokenFaults = faultsOf('tokens', [
  ['an id_token of another issuer', 'iss-wrong'],
  ['an id_token without iss', 'iss-missing'],
  ['an id_token for another client', 'aud-wrong'],
  ['an id_token without aud', 'aud-missing'],
  // A must of section 3.1.3.7-3, but keyed with this client's secret it comes from the bank all the same.
  ['an id_token for this client and a stranger', 'aud-extra', 'warning'],
  ['an id_token whose aud is a list of this client alone', 'aud-array', 'none'],
  // Section 2 asks the bank for both; of a client that has no use for them section 3.1.3.7 asks nothing.
  ['an id_token without sub', 'sub-missing', 'warning'],
  ['an id_token without iat', 'iat-missing', 'warning'],
  // OpenID Connect Core 3.1.3.7-10: how old an id_token may be is the client's affair.
  ['an id_token that was issued a week ago', 'iat-week-old', 'warning'],
  ['an id_token that expired an hour ago', 'expired-by-PT1H'],
  ['an id_token without exp', 'exp-missing'],
  ['an id_token with another nonce', 'nonce-wrong'],
  ['an id_token without nonce', 'nonce-missing'],
  ['no id_token', 'missing'],
  ['the access token in place of the id_token', 'access-token'],
  // OpenID Connect Core 3.1.3.7-6: TLS to the token endpoint may stand in for the signature.
  ['an id_token with a wrong signature', 'signature-bad', 'info'],
  ['an id_token that is not signed', 'alg-none'],
  ['an id_token signed with RS256', 'alg-other'],
  // Only who has the client's secret can make these, and could make HS256 as well.
  ['an id_token signed with HS384', 'alg-hs384', 'warning'],
  ['an id_token signed with HS512', 'alg-hs512', 'warning'],
  ["an id_token keyed with the bank's public key", 'hs256-public-key'],
  // It is signed as it should be: who does not look at the address may believe it.
  ['an id_token whose header says where keys are', 'jku-header', 'none'],
]);

/**
 * What the id_token of a refresh may be. Warnings: a refresh need not give an id_token at all, nothing that an attacker
 * holds enters it, and it comes over TLS from the bank itself, whose error alone can bring such an answer.
 */
export const refreshedIdTokenFaults = faultsOf('refreshed tokens', [
  ['an id_token of another issuer', 'refreshed-iss', 'warning'],
  ['an id_token about another person', 'refreshed-sub', 'warning'],
  ['an id_token for another client', 'refreshed-aud', 'warning'],
  ['an id_token with a nonce of nobody', 'refreshed-nonce', 'warning'],
]);

/** What the use of an answer comes to; `use` is null where it was not used. */
export function verdictOnUse({ what, severity, tokens }: IdTokenFault, use: string | null): Evidence | null {
  if (use === null || severity === 'none') return null;
  if (severity === 'info') return { finding: 'info', actual: `${tokens} that came with ${what} are used: ${use}` };
  return { finding: severity, expected: `${tokens} that came with ${what} not to be used`, actual: use };
}
