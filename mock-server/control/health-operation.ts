import { operation } from './operation.js';
import { healthSchema } from './tenant-schema.js';

/** Whether the server answers: what is polled until a mock is up, and answered before the rest is loaded. */
export const healthOperation = operation(
  {
    id: 'getHealth',
    method: 'GET',
    path: '/_mock/health',
    summary: 'Whether the server answers',
    status: 200,
    response: healthSchema,
  },
  (call) => ({ status: 'ok' as const, version: call.context.version }),
);
