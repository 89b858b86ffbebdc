import * as v from 'valibot';
import { toHar } from '../journal/har.js';
import { itemsOf } from './basic-schemas.js';
import { listEntries } from './journal-entries.js';
import { harSchema, journalEntrySchema, journalQuerySchema, journalStreamQuerySchema } from './journal-schema.js';
import { streamJournal } from './journal-stream.js';
import { eventStreamOperation, operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';

const path = '/_mock/tenants/{tenant}/journal';

/** All requests to a tenant's banks. */
export const journalOperations: readonly Operation[] = [
  operation(
    {
      id: 'getJournal',
      method: 'GET',
      path,
      summary: 'The entries that are kept, oldest first, redacted; with format=har as an HTTP Archive',
      query: journalQuerySchema,
      problems: [400],
      status: 200,
      response: v.union([itemsOf(journalEntrySchema), harSchema]),
    },
    (call) => {
      const { journal } = tenantOf(call);
      if (call.query.format === 'har') return toHar(journal.entries(), call.context.version);
      return { items: listEntries(journal) };
    },
  ),
  eventStreamOperation(
    {
      id: 'streamJournal',
      method: 'GET',
      path: `${path}/stream`,
      summary: 'New entries and their findings as server-sent events, until the tenant ends',
      query: journalStreamQuerySchema,
      problems: [400, 409],
    },
    (call) => {
      const after = call.query.after ?? /^\d{1,15}$/.exec(call.lastEventId ?? '')?.[0];
      return streamJournal(tenantOf(call).journal, after === undefined ? null : Number(after));
    },
  ),
  silentOperation({ id: 'clearJournal', method: 'DELETE', path, summary: 'Forgets every entry' }, (call) => {
    tenantOf(call).journal.clear();
  }),
];
