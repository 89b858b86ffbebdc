import * as v from 'valibot';
import { bankIdSchema, listOf } from './basic-schemas.js';

const headersSchema = listOf(v.object({ name: v.string(), value: v.string() }));

/** A request to a bank and its answer, redacted. */
export const journalEntrySchema = v.object({
  id: v.number(),
  at: v.string(),
  durationMs: v.number(),
  bank: bankIdSchema,
  endpoint: v.picklist([
    'authorize',
    'login',
    'consent',
    'second-factor',
    'scopes',
    'company',
    'token',
    'revoke',
    'discovery',
    'jwks',
    'api',
    'unknown',
  ]),
  clientId: v.nullable(v.string()),
  clientIdentification: v.nullable(v.picklist(['basic', 'body', 'query'])),
  grantType: v.nullable(v.string()),
  grantId: v.nullable(v.string()),
  username: v.nullable(v.string()),
  outcome: v.nullable(v.string()),
  faults: listOf(v.string()),
  /** Whether the control API played the user, so that nobody sent this as it stands. */
  played: v.boolean(),
  /** Ids of its findings; the list of findings says them in words. */
  findings: listOf(v.string()),
  request: v.object({ method: v.string(), url: v.string(), headers: headersSchema, body: v.string() }),
  response: v.object({ status: v.number(), headers: headersSchema, body: v.string() }),
});

/** HTTP Archive 1.2. */
export const harSchema = v.object({
  log: v.object({
    version: v.literal('1.2'),
    creator: v.object({ name: v.string(), version: v.string() }),
    entries: listOf(v.unknown()),
  }),
});

export const journalQuerySchema = v.strictObject({ format: v.optional(v.picklist(['json', 'har'])) });

/** Where a stream goes on: after the entry of that id; with the next that comes in where absent. */
export const journalStreamQuerySchema = v.strictObject({
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/, 'the id of an entry, or 0 for all that are kept'))),
});
