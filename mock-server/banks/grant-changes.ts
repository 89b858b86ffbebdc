import type { GrantPolicy } from '../oauth/grant-policy.js';
import { isExpired } from '../store/records.js';
import type { AccessToken, AuthorizationCode, Death, Grant, IssuedRecord, RefreshToken } from '../store/records.js';
import type { GrantChange, Store } from '../store/store.js';
import type { Tenant } from '../tenants/tenant.js';

/** What a grant is about to give out. */
export interface Issue {
  readonly accessToken: Pick<AccessToken, 'key' | 'lifetimeMs' | 'scope'>;
  /** Null when no (new) refresh token is given. */
  readonly refreshToken: Pick<RefreshToken, 'key' | 'lifetimeMs'> | null;
  /** The code that is redeemed, or the refresh token that is rotated by this. */
  readonly spends: AuthorizationCode | RefreshToken | null;
}

/** The tokens that were issued. */
export interface IssuedTokens {
  readonly grant: Grant;
  readonly accessToken: AccessToken;
  readonly refreshToken: RefreshToken | null;
}

/**
 * Gives out tokens on a grant as it was read: all of it happens, or, when another request changed the grant first,
 * nothing, and null comes back; the caller then reads and judges again.
 */
export async function issueTokens(
  tenant: Tenant,
  grant: Grant,
  isNew: boolean,
  issue: Issue,
  policy: GrantPolicy,
): Promise<IssuedTokens | null> {
  const { store } = tenant;
  const now = tenant.clock.now();
  const put: IssuedRecord[] = [];
  const killsOlder = policy.previousAccessTokenDies() !== 'never';
  let over = 0;
  for (const key of grant.accessTokens) {
    const older = await store.accessToken(key);
    if (older !== undefined && older.death === null && !isExpired(older, now)) {
      // Oldest first: where older tokens live on, those behind the first living one are not read at every issue.
      if (!killsOlder) break;
      put.push(died(older, 'newer-access-token', now));
    }
    over += 1;
  }
  const { accessToken, refreshToken } = newTokens(grant.id, issue, now);
  if (issue.spends?.death === null) {
    put.push(died(issue.spends, issue.spends.kind === 'code' ? 'redeemed' : 'rotated', now));
  }
  put.push(accessToken);
  if (refreshToken !== null) put.push(refreshToken);
  const next: Grant = {
    ...grant,
    version: isNew ? grant.version : grant.version + 1,
    // Of exactly the length that it has: a spread leaves room for what never comes.
    accessTokens: grant.accessTokens.slice(over).concat(accessToken.key),
    refreshTokens: refreshToken === null ? grant.refreshTokens : [refreshToken.key],
  };
  const change: GrantChange = {
    grant: next,
    expectedVersion: isNew ? null : grant.version,
    put,
    // A new access token of an application and account kills those that other grants of the two gave.
    ...(policy.previousAccessTokenDies() === 'account'
      ? { endsOtherAccessTokens: { because: 'newer-access-token', atMs: now } }
      : {}),
  };
  if (!(await store.commit(change))) return null;
  return { grant: next, accessToken, refreshToken };
}

/** Member by member: what is spread into an object takes a third more memory, and these are the most that there are. */
function newTokens(
  grantId: string,
  issue: Issue,
  issuedAtMs: number,
): Pick<IssuedTokens, 'accessToken' | 'refreshToken'> {
  const { accessToken, refreshToken } = issue;
  return {
    accessToken: {
      kind: 'access-token',
      key: accessToken.key,
      grantId,
      issuedAtMs,
      lifetimeMs: accessToken.lifetimeMs,
      diedAtMs: null,
      death: null,
      scope: accessToken.scope,
    },
    refreshToken: refreshToken && {
      kind: 'refresh-token',
      key: refreshToken.key,
      grantId,
      issuedAtMs,
      lifetimeMs: refreshToken.lifetimeMs,
      diedAtMs: null,
      death: null,
    },
  };
}

function died<R extends IssuedRecord>(record: R, death: Death, nowMs: number): R {
  return { ...record, death, diedAtMs: nowMs };
}

/** Revokes a grant, and with it every token it gave. False when it is unknown. */
export async function revokeGrant(store: Store, id: string, because: Death, nowMs: number): Promise<boolean> {
  return changeGrant(store, id, async (grant) =>
    grant.revokedAtMs === null ? { grant: { ...grant, revokedAtMs: nowMs, revokedBecause: because }, put: [] } : null,
  );
}

/**
 * Gives a code that nobody has seen yet another value. False, and nothing is changed, where the code does not live: it
 * is unknown, spent, or no longer its grant's.
 */
export async function replaceCode(store: Store, key: string, newKey: string, nowMs: number): Promise<boolean> {
  const known = await store.code(key);
  if (known === undefined) return false;
  let replaced = false;
  await changeGrant(store, known.grantId, async (grant) => {
    const code = await store.code(key);
    replaced = code?.death === null && grant.code === key;
    if (code === undefined || !replaced) return null;
    return { grant: { ...grant, code: newKey }, put: [died(code, 'rotated', nowMs), { ...code, key: newKey }] };
  });
  return replaced;
}

/** Marks one access token dead. */
export async function killAccessToken(store: Store, token: AccessToken, because: Death, nowMs: number): Promise<void> {
  await changeGrant(store, token.grantId, async (grant) => ({
    grant: { ...grant, accessTokens: grant.accessTokens.filter((key) => key !== token.key) },
    put: token.death === null ? [died(token, because, nowMs)] : [],
  }));
}

/** Makes a grant, its code and its tokens older without moving any clock. False when it is unknown. */
export async function ageGrant(store: Store, id: string, byMs: number): Promise<boolean> {
  return changeGrant(store, id, async (grant) => {
    const records = await Promise.all([
      grant.code === null ? undefined : store.code(grant.code),
      ...grant.accessTokens.map((key) => store.accessToken(key)),
      ...grant.refreshTokens.map((key) => store.refreshToken(key)),
    ]);
    const put = records.flatMap((record): IssuedRecord[] =>
      record === undefined ? [] : [{ ...record, issuedAtMs: record.issuedAtMs - byMs }],
    );
    return {
      grant: { ...grant, createdAtMs: grant.createdAtMs - byMs, authenticatedAtMs: grant.authenticatedAtMs - byMs },
      put,
    };
  });
}

/** Reads, changes and commits, again where another change came first. A change of null leaves the grant as it is. */
async function changeGrant(
  store: Store,
  id: string,
  change: (grant: Grant) => Promise<{ grant: Grant; put: IssuedRecord[] } | null>,
): Promise<boolean> {
  for (;;) {
    const grant = await store.grant(id);
    if (grant === undefined) return false;
    const changed = await change(grant);
    if (changed === null) return true;
    const next = { ...changed.grant, version: grant.version + 1 };
    if (await store.commit({ grant: next, expectedVersion: grant.version, put: changed.put })) return true;
  }
}
