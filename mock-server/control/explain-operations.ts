import { explainRequestSchema, explanationSchema } from './explain-schema.js';
import { explainValue } from './explain-value.js';
import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';

/** What became of a value. */
export const explainOperations: readonly Operation[] = [
  operation(
    {
      id: 'explain',
      method: 'POST',
      path: '/_mock/tenants/{tenant}/explain',
      summary: 'The life of a code, token, state or redirect: who got it, what became of it, why it is refused now',
      request: explainRequestSchema,
      status: 200,
      response: explanationSchema,
    },
    (call) => explainValue(tenantOf(call), call.body.value, call.context.registry.list()),
  ),
];
