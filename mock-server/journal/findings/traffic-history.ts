import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import { newGrant } from './seen-traffic.js';
import type { Issued, Rotation, SeenAuthorization, SeenGrant } from './seen-traffic.js';
import { isMasked } from './masked.js';

export type FreshName = 'state' | 'nonce' | 'code_challenge';
const freshNames: readonly FreshName[] = ['state', 'nonce', 'code_challenge'];

/** What is known before an exchange: a fold over those that came before, in their order. */
export class TrafficHistory {
  readonly #issued = new Map<string, Issued>();
  /** By the bank's id of the grant, or by a refresh token of it. */
  readonly #grants = new Map<string, SeenGrant>();
  readonly #authorizations = new Map<string, SeenAuthorization[]>();
  readonly #byAddressValue = new Map<string, SeenAuthorization>();
  readonly #lastOfClient = new Map<string, SeenAuthorization>();
  readonly #sent = new Map<string, SeenExchange[]>();
  readonly #rotations = new Map<string, Rotation>();
  readonly #revocations = new Map<string, SeenExchange>();
  readonly #tokenRequests = new Map<string, SeenExchange[]>();
  readonly #lastLimited = new Map<string, SeenExchange>();
  readonly #secrets = new Set<string>();

  /** The code or token of that value, where a bank was seen giving it. */
  issued(value: string): Issued | undefined {
    return this.#issued.get(value);
  }

  /** Every value that a bank was seen giving out. */
  get allIssued(): Iterable<readonly [string, Issued]> {
    return this.#issued;
  }

  /** Earlier authorization requests with that value, oldest first. */
  authorizationsWith(name: FreshName, value: string): readonly SeenAuthorization[] {
    return this.#authorizations.get(`${name} ${value}`) ?? [];
  }

  /** The client's authorization request before this. */
  lastAuthorizationOf(seen: SeenExchange): SeenAuthorization | undefined {
    return this.#lastOfClient.get(clientOf(seen));
  }

  /** Earlier token requests that sent this code, oldest first. */
  redemptions(code: string): readonly SeenExchange[] {
    return this.#sent.get(`code ${code}`) ?? [];
  }

  /** Earlier token requests that sent this refresh token, oldest first. */
  refreshesWith(refreshToken: string): readonly SeenExchange[] {
    return this.#sent.get(`refresh_token ${refreshToken}`) ?? [];
  }

  /** Earlier calls with this access token, oldest first. */
  callsWith(accessToken: string): readonly SeenExchange[] {
    return this.#sent.get(`bearer ${accessToken}`) ?? [];
  }

  rotationOf(refreshToken: string): Rotation | undefined {
    return this.#rotations.get(refreshToken);
  }

  /** The request with which the client revoked this token. */
  revocationOf(token: string): SeenExchange | undefined {
    return this.#revocations.get(token) ?? this.#issued.get(token)?.grant.revokedBy ?? undefined;
  }

  /** Earlier token requests of the same client that count against a limit, oldest first. */
  tokenRequestsOf(seen: SeenExchange): readonly SeenExchange[] {
    return this.#tokenRequests.get(clientOf(seen)) ?? [];
  }

  /** The client's last token request that was answered 429. */
  lastLimitedOf(seen: SeenExchange): SeenExchange | undefined {
    return this.#lastLimited.get(clientOf(seen));
  }

  /** The grant that a token request or call is about. */
  grantOf(seen: SeenExchange): SeenGrant | undefined {
    if (seen.grantId !== null) {
      const known = this.#grants.get(seen.grantId);
      if (known !== undefined) return known;
    }
    const value = sentValue(seen);
    return value === null ? undefined : (this.#issued.get(value)?.grant ?? this.#grants.get(value));
  }

  /** Client secrets that were sent as such. */
  get secrets(): Iterable<string> {
    return this.#secrets;
  }

  add(seen: SeenExchange): void {
    switch (seen.endpoint) {
      case 'authorize':
        this.#addAuthorization(seen);
        break;
      case 'token':
        this.#addTokenRequest(seen);
        break;
      case 'revoke':
        this.#addRevocation(seen);
        break;
      case 'api':
        if (seen.bearer !== null) this.#remember(`bearer ${seen.bearer}`, seen);
        break;
      case 'login':
      case 'consent':
      case 'second-factor':
      case 'scopes':
      case 'company':
      case 'discovery':
      case 'jwks':
      case 'unknown':
        break;
    }
    if (seen.redirect !== null) this.#addRedirect(seen);
    if (seen.credentials.kind === 'secret' && seen.credentials.secret.length >= 8)
      this.#secrets.add(seen.credentials.secret);
  }

  #addAuthorization(seen: SeenExchange): void {
    const authorization: SeenAuthorization = { by: seen, completedBy: null };
    for (const name of freshNames) {
      const value = seen.parameters.get(name);
      if (value !== undefined) append(this.#authorizations, `${name} ${value}`, authorization);
    }
    this.#lastOfClient.set(clientOf(seen), authorization);
    if (seen.location === null) return;
    // The session travels in the address of the login page; whatever the client itself sent does not tell sessions apart.
    const sent = new Set(seen.parameters.names.map((name) => seen.parameters.get(name)));
    for (const value of valuesOf(seen.location)) {
      if (!sent.has(value)) this.#byAddressValue.set(value, authorization);
    }
  }

  #addRedirect(seen: SeenExchange): void {
    const { redirect } = seen;
    if (redirect === null) return;
    const authorization = this.#authorizationBehind(seen);
    if (authorization !== null) authorization.completedBy = seen;
    if (redirect.code === null) return;
    this.#issue(redirect.code, {
      kind: 'code',
      by: seen,
      clientId: seen.clientId ?? authorization?.by.clientId ?? null,
      lifetimeMs: null,
      scope: null,
      grant: newGrant(),
      authorization,
    });
  }

  #authorizationBehind(seen: SeenExchange): SeenAuthorization | null {
    if (seen.endpoint === 'authorize') return this.#lastOfClient.get(clientOf(seen)) ?? null;
    for (const value of valuesOf(seen.url)) {
      const authorization = this.#byAddressValue.get(value);
      if (authorization !== undefined) return authorization;
    }
    const state = seen.redirect?.state;
    const [only, ...others] = state == null ? [] : this.authorizationsWith('state', state);
    return only !== undefined && others.length === 0 && only.by.bank === seen.bank ? only : null;
  }

  #addTokenRequest(seen: SeenExchange): void {
    const code = seen.form?.get('code');
    const refreshToken = seen.form?.get('refresh_token');
    if (seen.grantType === 'authorization_code' && code !== undefined) this.#remember(`code ${code}`, seen);
    if (seen.grantType === 'refresh_token' && refreshToken !== undefined)
      this.#remember(`refresh_token ${refreshToken}`, seen);
    if (seen.status === 429) this.#lastLimited.set(clientOf(seen), seen);
    else if (seen.clientKey !== null && seen.status !== 401 && seen.status !== 0)
      append(this.#tokenRequests, clientOf(seen), seen);
    const grant = this.grantOf(seen) ?? newGrant();
    if (seen.grantType === 'refresh_token' && refreshToken !== undefined) {
      this.#addRotation(seen, refreshToken);
      if (seen.tokens !== null) grant.refreshes.push({ by: seen, isEarly: isEarlyRefresh(seen, grant, this) });
    }
    // What was given before the recording began is known by its first use.
    const value = seen.grantId ?? refreshToken;
    if (value !== undefined && (seen.grantId !== null || seen.tokens !== null)) this.#grants.set(value, grant);
    const { tokens } = seen;
    if (tokens === null) return;
    grant.scope ??= seen.grantType === 'refresh_token' ? null : tokens.scope;
    const given = { by: seen, clientId: seen.clientId, grant, scope: tokens.scope, authorization: null };
    const accessToken: Issued = { ...given, kind: 'access-token', lifetimeMs: tokens.expiresInMs };
    grant.accessTokens.push(accessToken);
    this.#issue(tokens.accessToken, accessToken);
    if (tokens.refreshToken !== null)
      this.#issue(tokens.refreshToken, { ...given, kind: 'refresh-token', lifetimeMs: null });
    if (tokens.idToken !== null) this.#issue(tokens.idToken, { ...given, kind: 'id-token', lifetimeMs: null });
  }

  #addRotation(seen: SeenExchange, refreshToken: string): void {
    const newer = seen.tokens?.refreshToken ?? null;
    if (newer !== null) {
      if (newer !== refreshToken) this.#rotations.set(refreshToken, { by: seen, isAnswerLost: false });
      return;
    }
    // The bank did its work and the client did not learn of it, or, recorded elsewhere, nobody knows.
    const wasDone = seen.outcome === 'tokens' || (seen.arrivedAfter === null && seen.status === 0);
    if (wasDone && seen.tokens === null) this.#rotations.set(refreshToken, { by: seen, isAnswerLost: true });
  }

  #addRevocation(seen: SeenExchange): void {
    const token = seen.form?.get('token');
    if (token === undefined || seen.status !== 200) return;
    this.#revocations.set(token, seen);
    const issued = this.#issued.get(token);
    if (issued?.kind === 'refresh-token') issued.grant.revokedBy = seen;
  }

  #issue(value: string, issued: Issued): void {
    // A bank that gives the same refresh token again gave it at first.
    if (!this.#issued.has(value)) this.#issued.set(value, issued);
  }

  #remember(key: string, seen: SeenExchange): void {
    append(this.#sent, key, seen);
  }
}

/**
 * Whether a refresh replaces an access token that had more than two thirds of its life left, that its sender knew of,
 * and that no call was refused with. Schedules of half a life are common, and right.
 */
export function isEarlyRefresh(seen: SeenExchange, grant: SeenGrant, history: TrafficHistory): boolean {
  const current = grant.accessTokens.at(-1);
  if (current?.lifetimeMs == null || !couldKnow(seen, current.by)) return false;
  const age = seen.receivedAtMs - current.by.receivedAtMs;
  const value = current.by.tokens?.accessToken;
  const calls = value === undefined ? [] : history.callsWith(value);
  return age >= 0 && age < current.lifetimeMs / 3 && !calls.some(({ status }) => status === 401);
}

/** The code, refresh token or bearer token that a request brings. */
export function sentValue({ form, bearer, grantType }: SeenExchange): string | null {
  if (bearer !== null) return bearer;
  if (grantType === 'authorization_code') return form?.get('code') ?? null;
  if (grantType === 'refresh_token') return form?.get('refresh_token') ?? null;
  return form?.get('token') ?? null;
}

function clientOf({ bank, clientKey }: SeenExchange): string {
  return `${bank} ${clientKey ?? ''}`;
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

/** Values in an address that are long enough to be of one session only. */
function valuesOf(address: string): string[] {
  const query = address.split('#')[0]?.split('?').slice(1).join('?') ?? '';
  return [...new URLSearchParams(query).values()].filter((value) => value.length >= 16 || isMasked(value));
}
