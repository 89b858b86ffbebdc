import { durationMs } from '../tenants/settings.js';
import type { Answer, Exchange } from '../banks/exchange.js';
import { throughAlterations } from './alteration-seam.js';
import type { AskedAlteration } from './alteration-seam.js';
import type { Fault, FaultPoint, FaultSubject } from './fault.js';

/** What becomes of an answer on its way out: sent whole, not at all, or cut off by a reset in its midst. */
export type Transport = 'complete' | 'reset-before' | 'reset-after';

/** An answer with what faults did to it. */
export interface Delivery {
  readonly answer: Answer;
  readonly transport: Transport;
  /** Ids of the faults that acted. */
  readonly faults: readonly string[];
}

const never: Answer = { status: 0, headers: [], body: '' };

/**
 * Does the work of a request behind the faults that act on it. `status` and `drop: before` stand in the way of the
 * work; `drop: after` and `truncate` spoil its answer when it is done; an alteration has the bank do it otherwise, for
 * this request alone. At `redirect` the work is done already. An alteration that found nothing to alter has not acted.
 */
export async function throughFaults(
  exchange: Exchange,
  at: FaultPoint,
  subject: () => Promise<FaultSubject>,
  work: (exchange: Exchange) => Promise<Answer>,
): Promise<Delivery> {
  const { faults: book } = exchange.tenant;
  if (book.isEmpty) return { answer: await work(exchange), transport: 'complete', faults: [] };
  const faults = book.take(at, await subject());
  const altering = faults.filter(({ effect }) => 'alter' in effect);
  const idle = new Set(altering.map(({ id }) => id));
  try {
    const delivery = await throughTaken(exchange, faults, work, (id) => idle.delete(id));
    return { ...delivery, faults: faults.map(({ id }) => id).filter((id) => !idle.has(id)) };
  } finally {
    for (const { id } of altering) book.settle(id, !idle.has(id));
  }
}

async function throughTaken(
  exchange: Exchange,
  faults: readonly Fault[],
  work: (exchange: Exchange) => Promise<Answer>,
  hasAltered: (fault: string) => void,
): Promise<Omit<Delivery, 'faults'>> {
  for (const { id, effect } of faults) {
    if ('delay' in effect) await exchange.tenant.barriers.delay(id, durationMs(effect.delay));
    if ('barrier' in effect) await exchange.tenant.barriers.wait(id, effect.barrier);
  }
  const blocked = faults.map(inTheWay).find((delivery) => delivery !== null);
  if (blocked !== undefined) return blocked;
  const asked = faults.flatMap(({ id, effect }): AskedAlteration[] =>
    'alter' in effect ? [{ alteration: effect.alter, acted: () => void hasAltered(id) }] : [],
  );
  return spoil(await throughAlterations(exchange, asked, work), faults);
}

function inTheWay({ effect }: Fault): Omit<Delivery, 'faults'> | null {
  if ('drop' in effect && effect.drop === 'before') return { answer: never, transport: 'reset-before' };
  if (!('status' in effect)) return null;
  const headers = Object.entries(effect.headers ?? {});
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type');
  const contentType = typed || effect.body === undefined ? [] : [['content-type', guessType(effect.body)] as const];
  return {
    answer: { status: effect.status, headers: [...headers, ...contentType], body: effect.body ?? '' },
    transport: 'complete',
  };
}

function guessType(body: string): string {
  if (/^\s*[[{]/.test(body)) return 'application/json';
  return /^\s*</.test(body) ? 'text/html; charset=UTF-8' : 'text/plain; charset=UTF-8';
}

function spoil(answer: Answer, faults: readonly Fault[]): Omit<Delivery, 'faults'> {
  const truncated = faults.some(({ effect }) => 'truncate' in effect);
  const dropped = faults.some(({ effect }) => 'drop' in effect);
  return {
    answer: truncated ? { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) } : answer,
    transport: dropped ? 'reset-after' : 'complete',
  };
}
