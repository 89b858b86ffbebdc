import * as v from 'valibot';
import { bankIds } from '../banks/bank-id.js';
import type { Grant, IssuedRecord } from './records.js';

const keys = v.array(v.string());
const instant = v.pipe(v.number(), v.integer());

const deathSchema = v.picklist([
  'redeemed',
  'rotated',
  'newer-access-token',
  'code-replayed',
  'refresh-token-replayed',
  'revoked-by-client',
  'revoked-by-user',
]);

/** A grant as a file keeps it. */
export const keptGrantSchema: v.GenericSchema<Grant> = v.strictObject({
  id: v.string(),
  bank: v.picklist(bankIds),
  clientId: v.string(),
  username: v.nullable(v.string()),
  company: v.nullable(v.string()),
  scope: v.string(),
  origin: v.picklist(['consent', 'control', 'client_credentials', 'password']),
  bankUrl: v.exactOptional(v.string()),
  createdAtMs: instant,
  authenticatedAtMs: instant,
  version: instant,
  revokedAtMs: v.nullable(instant),
  revokedBecause: v.nullable(deathSchema),
  accessTokens: keys,
  refreshTokens: keys,
  code: v.nullable(v.string()),
});

const issuedEntries = {
  key: v.string(),
  grantId: v.string(),
  issuedAtMs: instant,
  lifetimeMs: instant,
  diedAtMs: v.nullable(instant),
  death: v.nullable(deathSchema),
};

/** A code or token as a file keeps it. */
export const keptRecordSchema: v.GenericSchema<IssuedRecord> = v.variant('kind', [
  v.strictObject({
    kind: v.literal('code'),
    redirectUri: v.string(),
    codeChallenge: v.nullable(v.string()),
    nonce: v.nullable(v.string()),
    ...issuedEntries,
  }),
  v.strictObject({ kind: v.literal('access-token'), scope: v.string(), ...issuedEntries }),
  v.strictObject({ kind: v.literal('refresh-token'), ...issuedEntries }),
]);
