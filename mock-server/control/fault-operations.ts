import type * as v from 'valibot';
import { alterations, findAlteration, nearestAlterationIds } from '../faults/catalogue.js';
import type { Alteration } from '../faults/catalogue.js';
import type { FaultPoint } from '../faults/fault.js';
import { alterationSchema } from './alteration-schema.js';
import { itemsOf } from './basic-schemas.js';
import { faultRequestSchema, faultSchema, listedFault, toEffect } from './fault-schema.js';
import { operation, silentOperation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem, invalidRequest, notFound } from './problem.js';

const path = '/_mock/tenants/{tenant}/faults';

/** Scripted misbehaviour. */
export const faultOperations: readonly Operation[] = [
  operation(
    {
      id: 'listFaultCatalogue',
      method: 'GET',
      path: '/_mock/faults',
      summary: 'Every alteration that a fault can make to an answer, with the requirements that it is about',
      status: 200,
      response: itemsOf(alterationSchema),
    },
    () => ({ items: alterations.map(listedAlteration) }),
  ),
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
      const alteration = effect.alter === undefined ? null : knownAlteration(effect.alter, at);
      const script = { at, when, times: times ?? 1, effect: toEffect(effect, alteration) };
      return listedFault(tenantOf(call).faults.add(script));
    },
  ),
  silentOperation({ id: 'clearFaults', method: 'DELETE', path, summary: 'Removes every fault' }, (call) => {
    const tenant = tenantOf(call);
    tenant.faults.clear();
    tenant.barriers.clear();
  }),
  silentOperation(
    {
      id: 'deleteFault',
      method: 'DELETE',
      path: `${path}/{fault}`,
      summary: 'Removes a fault; requests that it delays go on at once',
    },
    (call) => {
      const id = call.parameter('fault');
      const { faults, barriers } = tenantOf(call);
      const isHolding = barriers.letGo(id);
      if (!faults.remove(id) && !isHolding) throw notFound('fault', id);
    },
  ),
];

/** @throws ControlProblem that names the ids which are most like it, or where the alteration acts */
function knownAlteration(id: string, at: FaultPoint): Alteration {
  const found = findAlteration(id, at);
  switch (found.kind) {
    case 'found':
      return found.alteration;
    case 'elsewhere': {
      const expected = `${found.points.join(' or ')}, where ${JSON.stringify(id)} acts`;
      throw invalidRequest([{ path: 'at', expected, received: JSON.stringify(at) }]);
    }
    case 'unknown': {
      const nearest = nearestAlterationIds(id, at).join(', ');
      const expected = `an id of GET /_mock/faults such as ${nearest}`;
      const detail = `There is no alteration ${JSON.stringify(id)}; the nearest at this bank are ${nearest}.`;
      throw new ControlProblem(400, 'ERR_UNKNOWN_ALTERATION', detail, {
        errors: [{ path: 'effect.alter', expected, received: JSON.stringify(id) }],
      });
    }
  }
}

function listedAlteration({ id, bank, at, description, breaks }: Alteration): v.InferOutput<typeof alterationSchema> {
  return { id, bank, at, description, breaks };
}
