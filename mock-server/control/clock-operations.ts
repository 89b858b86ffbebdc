import type * as v from 'valibot';
import { durationMs } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import { advanceRequestSchema, clockSchema, setRequestSchema } from './clock-schema.js';
import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';

const path = '/_mock/tenants/{tenant}/clock';
const answer = { status: 200, response: clockSchema } as const;

function show({ clock }: Tenant): v.InferOutput<typeof clockSchema> {
  return { now: new Date(clock.now()).toISOString(), mode: clock.mode };
}

/** A tenant's time. */
export const clockOperations: readonly Operation[] = [
  operation({ id: 'getClock', method: 'GET', path, summary: 'What the clock shows', ...answer }, (call) =>
    show(tenantOf(call)),
  ),
  operation(
    {
      id: 'advanceClock',
      method: 'POST',
      path: `${path}/advance`,
      summary: 'Moves the clock on, keeping its mode',
      request: advanceRequestSchema,
      problems: [409],
      ...answer,
    },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clock.advance(durationMs(call.body.by));
      return show(tenant);
    },
  ),
  operation(
    {
      id: 'setClock',
      method: 'POST',
      path: `${path}/set`,
      summary: 'Sets the clock to an instant that is not in its past, keeping its mode',
      request: setRequestSchema,
      problems: [409],
      ...answer,
    },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clock.set(Date.parse(call.body.to));
      return show(tenant);
    },
  ),
  operation(
    { id: 'freezeClock', method: 'POST', path: `${path}/freeze`, summary: 'Stops the clock', ...answer },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clock.freeze();
      return show(tenant);
    },
  ),
  operation(
    {
      id: 'resumeClock',
      method: 'POST',
      path: `${path}/resume`,
      summary: 'Lets the clock run on from where it stands',
      ...answer,
    },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clock.resume();
      return show(tenant);
    },
  ),
  operation(
    { id: 'resetClock', method: 'POST', path: `${path}/reset`, summary: 'Back to real time, running', ...answer },
    (call) => {
      const tenant = tenantOf(call);
      tenant.clock.reset();
      // What was counted in a future that is no more would hold requests back until then.
      tenant.rates.clear();
      return show(tenant);
    },
  ),
];
