import { itemsOf } from './basic-schemas.js';
import { faultRequestSchema, faultSchema, listedFault, toEffect } from './fault-schema.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { notFound } from './problem.js';

const path = '/_mock/tenants/{tenant}/faults';

/** Scripted misbehaviour. */
export const faultOperations: readonly Operation[] = [
  operation(
    {
      id: 'listFaults',
      method: 'GET',
      path,
      summary: 'The faults that are set',
      status: 200,
      response: itemsOf(faultSchema),
    },
    (call) => ({ items: tenantOf(call).faults.list().map(listedFault) }),
  ),
  operation(
    {
      id: 'createFault',
      method: 'POST',
      path,
      summary: 'Scripts the misbehaviour of one answer, or of several',
      request: faultRequestSchema,
      problems: [409],
      status: 201,
      response: faultSchema,
    },
    (call) => {
      const { at, when, times, effect } = call.body;
      return listedFault(tenantOf(call).faults.add({ at, when, times: times ?? 1, effect: toEffect(effect) }));
    },
  ),
  silentOperation({ id: 'clearFaults', method: 'DELETE', path, summary: 'Removes every fault' }, (call) => {
    const tenant = tenantOf(call);
    tenant.faults.clear();
    tenant.barriers.clear();
  }),
  silentOperation(
    { id: 'deleteFault', method: 'DELETE', path: `${path}/{fault}`, summary: 'Removes a fault' },
    (call) => {
      const id = call.parameter('fault');
      if (!tenantOf(call).faults.remove(id)) throw notFound('fault', id);
    },
  ),
];
