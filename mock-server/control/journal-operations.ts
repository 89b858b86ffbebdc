import * as v from 'valibot';
import { toHar } from '../journal/har.js';
import { itemsOf } from './basic-schemas.js';
import { listEntries } from './journal-entries.js';
import { openedEntrySchema } from './journal-entry-schema.js';
import { harSchema, journalEntrySchema, journalQuerySchema, journalStreamQuerySchema } from './journal-schema.js';
import { streamJournal } from './journal-stream.js';
import { eventStreamOperation, operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { openEntry } from './open-entry.js';
import { notFound } from './problem.js';

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
      if (call.query.format === 'har') {
        const lost = journal.recorded().flatMap(({ id, exchange }) => (exchange.answerArrived ? [] : [id]));
        return toHar(journal.entries(), call.context.version, new Set(lost));
      }
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
      // A browser that was cut off asks for the address that it began with again, and says how far it came.
      const after = /^\d{1,15}$/.exec(call.lastEventId ?? '')?.[0] ?? call.query.after;
      return streamJournal(tenantOf(call).journal, after === undefined ? null : Number(after));
    },
  ),
  operation(
    {
      id: 'getJournalEntry',
      method: 'GET',
      path: `${path}/{entry}`,
      summary: 'One entry with its findings in words, the rule that answered, and the JWTs that it carried, decoded',
      status: 200,
      response: openedEntrySchema,
    },
    async (call) => {
      const id = call.parameter('entry');
      const opened = /^\d{1,15}$/.test(id) ? await openEntry(tenantOf(call), Number(id)) : null;
      if (opened === null) throw notFound('entry', id);
      return opened;
    },
  ),
  silentOperation({ id: 'clearJournal', method: 'DELETE', path, summary: 'Forgets every entry' }, (call) => {
    tenantOf(call).journal.clear();
  }),
];
