import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import type { Tenant } from '../tenants/tenant.js';
import { explanation } from './explain-schema.js';
import type { Explanation } from './explain-schema.js';

const nouns = {
  code: 'authorization code',
  'access-token': 'access token',
  'refresh-token': 'refresh token',
  'id-token': 'id_token',
} as const;

/** Fewer characters than that prove nothing when they are alike. */
const leastAlike = 8;

/** A value that this tenant's banks never gave, with what may have happened to it. */
export async function explainUnknown(
  tenant: Tenant,
  values: readonly string[],
  history: TrafficHistory,
  tenants: readonly Tenant[],
): Promise<Explanation> {
  const elsewhere = await findElsewhere(tenant, values, tenants);
  if (elsewhere !== null) {
    return explanation({
      kind: 'unknown',
      summary: `Unknown to the tenant "${tenant.id}"; it is ${elsewhere.what} of the tenant "${elsewhere.tenantId}".`,
      good: false,
      refusedBecause: 'it is of another tenant',
      advice: `Ask about it with --tenant ${elsewhere.tenantId}, and send it to that tenant’s banks.`,
      possibleReasons: ['It is of another tenant.'],
    });
  }
  const alike = await findAlike(tenant, values, history);
  const { journal, settings } = tenant;
  const forgets = journal.newestId > settings.journalSize;
  return explanation({
    kind: 'unknown',
    summary:
      alike === null
        ? 'The banks of this tenant never gave this value, or have forgotten it.'
        : `Unknown as it stands: ${alike}.`,
    good: false,
    refusedBecause: 'the bank does not know it',
    advice: alike === null ? null : 'Look where it was copied or stored: columns and logs cut long values off.',
    possibleReasons: [
      ...(alike === null ? [] : [`It was changed on its way: ${alike}.`]),
      'It is of another server, or of a tenant that is gone.',
      'The tenant was reset, or the server started again: nothing outlives that.',
      'It is of the real bank: tokens of one environment do not work in another.',
      ...(forgets
        ? [`It was a state or nonce, and the journal forgets beyond ${String(settings.journalSize)} entries.`]
        : []),
      'It ended long ago: what expired is known for another 7 days.',
      'It was cut off, or encoded in another way than was tried here.',
    ],
  });
}

async function findElsewhere(
  own: Tenant,
  values: readonly string[],
  tenants: readonly Tenant[],
): Promise<{ readonly tenantId: string; readonly what: string } | null> {
  for (const tenant of tenants) {
    if (tenant === own) continue;
    for (const value of values) {
      const { store, banks } = tenant;
      const accessTokenKey = banks.btg.jwts.accessTokenKey(value) ?? value;
      const record =
        (await store.code(value)) ?? (await store.refreshToken(value)) ?? (await store.accessToken(accessTokenKey));
      if (record !== undefined) return { tenantId: tenant.id, what: `the ${nouns[record.kind]}` };
    }
  }
  return null;
}

/** A known value that begins alike, or differs in capitals alone. */
async function findAlike(
  { store }: Tenant,
  values: readonly string[],
  history: TrafficHistory,
): Promise<string | null> {
  const known = new Map<string, string>();
  for (const [value, { kind, by }] of history.allIssued)
    known.set(value, `the ${nouns[kind]} of request ${String(by.entry)}`);
  for (const grant of await store.grants()) {
    for (const key of [...grant.refreshTokens, ...grant.accessTokens, ...(grant.code === null ? [] : [grant.code])]) {
      if (!known.has(key)) known.set(key, `a value of the grant ${grant.id}`);
    }
  }
  for (const value of values) {
    if (value.length < leastAlike) continue;
    for (const [other, what] of known) {
      const lengths = `${String(value.length)} characters in place of ${String(other.length)}`;
      if (other.startsWith(value)) return `it is ${what}, cut off (${lengths})`;
      if (value.startsWith(other)) return `it is ${what} with something behind it (${lengths})`;
      if (other.endsWith(value)) return `it is ${what} without its beginning (${lengths})`;
      if (other.toLowerCase() === value.toLowerCase()) return `it is ${what} with other capitals`;
    }
  }
  return null;
}
