import { analyseJournal } from '../journal/findings/journal-analysis.js';
import { itemsOf } from './basic-schemas.js';
import { findingSchema } from './findings-schema.js';
import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';

/** What the traffic shows about the clients' conduct. */
export const findingsOperations: readonly Operation[] = [
  operation(
    {
      id: 'listFindings',
      method: 'GET',
      path: '/_mock/tenants/{tenant}/findings',
      summary: 'What the entries that are kept show about the client’s conduct, oldest first',
      status: 200,
      response: itemsOf(findingSchema),
    },
    (call) => ({ items: [...analyseJournal(tenantOf(call).journal).findings] }),
  ),
];
