import * as v from 'valibot';
import { parseDuration } from '../foundation/iso-duration.js';
import type { ClockReading, TenantHandle } from '../mock-server/tenant-handle.js';
import { clockActions } from './clock-command.js';
import type { ClockAction } from './clock-command.js';
import { withTenant } from './connect-mock.js';
import { UsageError } from './usage-error.js';

const flagsSchema = v.object({ tenant: v.string(), url: v.string(), json: v.optional(v.boolean(), false) });

/** Does what `homologa clock` was asked and prints what the clock shows then. */
export async function moveClock(action: unknown, value: unknown, flags: unknown): Promise<void> {
  const { tenant, url, json } = v.parse(flagsSchema, flags);
  const move = chooseMove(v.parse(v.picklist(clockActions), action), v.parse(v.optional(v.string()), value));
  const { now, mode } = await withTenant({ url, tenant }, move);
  process.stdout.write(json ? `${JSON.stringify({ now, mode })}\n` : `${now} ${mode}\n`);
}

function chooseMove(action: ClockAction, value: string | undefined): (tenant: TenantHandle) => Promise<ClockReading> {
  switch (action) {
    case 'advance': {
      if (value === undefined) throw new UsageError('homologa clock advance wants a duration, such as P30D.');
      parseDuration(value);
      return ({ clock }) => clock.advance(value);
    }
    case 'set': {
      if (value === undefined)
        throw new UsageError('homologa clock set wants an instant, such as 2026-12-01T00:00:00Z.');
      return ({ clock }) => clock.set(value);
    }
    case 'show':
    case 'freeze':
    case 'resume':
    case 'reset':
      if (value !== undefined) throw new UsageError(`homologa clock ${action} takes no value, got "${value}".`);
      return ({ clock }) => clock[action]();
  }
}
