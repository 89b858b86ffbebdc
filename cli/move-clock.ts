import * as v from 'valibot';
import { HomologaError } from '../foundation/homologa-error.js';
import { parseDuration } from '../foundation/iso-duration.js';
import { connectTenant } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';
import { clockActions } from './clock-command.js';
import type { ClockAction } from './clock-command.js';
import { UsageError } from './usage-error.js';

const flagsSchema = v.object({ tenant: v.string(), url: v.string(), json: v.optional(v.boolean(), false) });

type Clock = Awaited<ReturnType<TenantHandle['clock']['show']>>;

/** Does what `homologa clock` was asked and prints what the clock shows then. */
export async function moveClock(action: unknown, value: unknown, flags: unknown): Promise<void> {
  const { tenant, url, json } = v.parse(flagsSchema, flags);
  const move = chooseMove(v.parse(v.picklist(clockActions), action), v.parse(v.optional(v.string()), value));
  const token = process.env['HOMOLOGA_CONTROL_TOKEN'];
  const { now, mode } = await reaching(url, async () => {
    const control = `${url}/_mock/tenants/${encodeURIComponent(tenant)}`;
    return move(await connectTenant(control, token === undefined || token === '' ? {} : { token }));
  });
  process.stdout.write(json ? `${JSON.stringify({ now, mode })}\n` : `${now} ${mode}\n`);
}

function chooseMove(action: ClockAction, value: string | undefined): (tenant: TenantHandle) => Promise<Clock> {
  switch (action) {
    case 'advance': {
      if (value === undefined) throw new UsageError('homologa clock advance wants a duration, such as P30D.');
      parseDuration(value);
      return ({ clock }) => clock.advance(value);
    }
    case 'set': {
      if (value === undefined)
        throw new UsageError('homologa clock set wants an instant, such as 2026-12-01T00:00:00Z.');
      if (Number.isNaN(Date.parse(value))) {
        throw new UsageError(`Expected an RFC 3339 instant in UTC such as 2026-12-01T00:00:00Z, got "${value}".`);
      }
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

async function reaching<T>(url: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HomologaError || !isNetworkError(error)) throw error;
    throw new UsageError(`No mock answers at ${url}: start one with "homologa serve", or name another with --url.`, {
      cause: error,
    });
  }
}

/** `fetch` rejects with a TypeError whose cause is the socket's error. */
function isNetworkError(error: unknown): boolean {
  return error instanceof TypeError && error.cause instanceof Error;
}
