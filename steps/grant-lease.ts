import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { GrantRecord } from '../client/grant-record.js';

type Lease = NonNullable<GrantRecord['lease']>;

/** How long a lease holds that nobody renews: what a run that died on another machine costs the next one at most. */
export const leaseMs = 600_000;

/** Holders in this process: a process number that is ours says nothing after a restart in a container. */
const here = new Set<string>();

/** A new holder of leases in this process. */
export function newHolder(): string {
  const holder = randomUUID();
  here.add(holder);
  return holder;
}

/** A holder that will not come back. */
export function endHolder(holder: string): void {
  here.delete(holder);
}

/** A lease from now on. */
export function leaseOf(holder: string, nowMs: number): Lease {
  return { by: holder, host: hostname(), pid: process.pid, until: nowMs + leaseMs };
}

/** Whether somebody other than `holder` has the lease, and lives. */
export function isHeldByOther(lease: GrantRecord['lease'], holder: string, nowMs: number): lease is Lease {
  if (lease === undefined || lease === null || lease.by === holder || lease.until <= nowMs) return false;
  if (lease.host !== hostname()) return true;
  return lease.pid === process.pid ? here.has(lease.by) : isRunning(lease.pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user may not be signalled, and lives.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
