import type { Tenant } from '../tenants/tenant.js';
import type { BankId } from './bank-id.js';
import type { Banks } from './banks.js';
import type { OwnHost } from './own-hosts.js';

/** Which of a bank's endpoints a request came to; `unknown` where the bank has nothing. */
export type Endpoint =
  | 'authorize'
  | 'login'
  | 'consent'
  | 'second-factor'
  | 'scopes'
  | 'company'
  | 'token'
  | 'revoke'
  | 'discovery'
  | 'jwks'
  | 'api'
  | 'unknown';

/** What became known while a request was answered; the journal shows it. Never holds a secret. */
export interface ExchangeFacts {
  clientId?: string;
  /** How the client said who it is. */
  clientIdentification?: 'basic' | 'body' | 'query';
  grantType?: string;
  grantId?: string;
  username?: string;
  /** In one word or phrase, why the answer is what it is. */
  outcome?: string;
}

/** The header fields of a request; fetch's `Headers` are such. */
export interface RequestHeaders extends Iterable<[string, string]> {
  /** The value of a field, of whatever case; repeated ones joined; null where it was not sent. */
  get(name: string): string | null;
  has(name: string): boolean;
}

/** Who opened the connection; null inside the process. */
export interface Peer {
  readonly address: string | null;
}

/** What a bank's answer says, before anything of HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  /** Set on the redirect that takes the user back to the partner: the authorization response. */
  readonly toPartner?: true;
}

/** One request to a bank and what is known of it. */
export interface Exchange {
  readonly tenant: Tenant;
  readonly bank: BankId;
  readonly method: string;
  /** Path below the bank's base URL. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  readonly headers: RequestHeaders;
  readonly body: string;
  readonly peer: Peer;
  /** The bank's base URL as the user's browser sees it, without a trailing slash; pages link below it. */
  readonly pageBase: string;
  readonly facts: ExchangeFacts;
  /** The bank's own host that the request named; absent at the mock's own addresses. */
  readonly ownHost?: OwnHost | undefined;
  /** The banks as they answer this request alone, where a fault alters them; else the tenant's answer. */
  readonly alteredBanks?: Banks;
}

/** An answer whose body is text of a given type. */
export function answer(status: number, headers: readonly (readonly [string, string])[], body: string): Answer {
  return { status, headers, body };
}
