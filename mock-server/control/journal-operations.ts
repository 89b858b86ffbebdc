import * as v from 'valibot';
import { toHar } from '../journal/har.js';
import { itemsOf } from './basic-schemas.js';
import { harSchema, journalEntrySchema, journalQuerySchema } from './journal-schema.js';
import { operation, silentOperation, tenantOf } from './operation.js';
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
      const entries = tenantOf(call).journal.entries();
      return call.query.format === 'har' ? toHar(entries, call.context.version) : { items: entries };
    },
  ),
  silentOperation({ id: 'clearJournal', method: 'DELETE', path, summary: 'Forgets every entry' }, (call) => {
    tenantOf(call).journal.clear();
  }),
];
