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

/** The readings with the fewest steps come first; a server may hold thousands of tenants. */
const soughtReadings = 12;
/** Fewer characters than that prove nothing when they are alike. */
const leastAlike = 8;

/** A value that this tenant's banks never gave, with what may have happened to it. */
export async function explainUnknown(
  tenant: Tenant,
  values: readonly string[],
  history: TrafficHistory,
  tenants: readonly Tenant[],
): Promise<Explanation> {
  const elsewhere = await explainElsewhere(tenant, values, tenants);
  if (elsewhere !== null) return elsewhere;
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
      'The tenant was reset, or the server started again without --store: nothing outlives that.',
      'It is of the real bank: tokens of one environment do not work in another.',
      ...(forgets
        ? [`It was a state or nonce, and the journal forgets beyond ${String(settings.journalSize)} entries.`]
        : []),
      'It ended long ago: what expired is known for another 7 days.',
      'It was cut off, or encoded in another way than was tried here.',
    ],
  });
}

/** A code or token that another tenant of this server knows; null where none does. */
export async function explainElsewhere(
  own: Tenant,
  values: readonly string[],
  tenants: readonly Tenant[],
): Promise<Explanation | null> {
  const sought = values.slice(0, soughtReadings).map((value) => ({
    value,
    accessTokenKey: own.banks.btg.jwts.accessTokenKey(value) ?? value,
  }));
  for (const tenant of tenants) {
    if (tenant === own) continue;
    const { store } = tenant;
    for (const { value, accessTokenKey } of sought) {
      const record =
        (await store.code(value)) ?? (await store.refreshToken(value)) ?? (await store.accessToken(accessTokenKey));
      if (record === undefined) continue;
      const grant = await store.grant(record.grantId);
      return explanation({
        kind: record.kind === 'code' ? 'authorization-code' : record.kind,
        bank: grant?.bank ?? null,
        summary: `Unknown to the tenant "${own.id}"; it is the ${nouns[record.kind]} of the tenant "${tenant.id}".`,
        good: false,
        refusedBecause: 'it is of another tenant',
        advice: `Ask about it with --tenant ${tenant.id}, and send it to that tenant’s banks.`,
        possibleReasons: ['It is of another tenant.'],
      });
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
  for (const value of values.slice(0, soughtReadings)) {
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
