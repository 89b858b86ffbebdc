import { HomologaError } from '../../foundation/homologa-error.js';
import { HarnessFault } from '../check-failure.js';
import type { Shown } from './customer.js';

/**
 * What became of a request to the application: `answered`, `broken-off` (no answer will come), or `waiting` where there
 * was none in the time that it was given.
 */
export type Attempt =
  | { readonly kind: 'answered'; readonly shown: Shown; readonly afterMs: number }
  | { readonly kind: 'broken-off'; readonly afterMs: number }
  | { readonly kind: 'waiting'; readonly afterMs: number };

/**
 * Waits for the application's answer. That none comes is something to be judged, not a reason to stop; what is still
 * under way goes on.
 */
export async function attempt(request: Promise<Shown>, withinMs: number): Promise<Attempt> {
  const began = performance.now();
  const after = (): number => Math.round(performance.now() - began);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<Attempt>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'waiting', afterMs: after() }), withinMs);
  });
  const answer = request.then(
    (shown): Attempt => ({ kind: 'answered', shown, afterMs: after() }),
    (error: unknown): Attempt => {
      if (!(error instanceof HomologaError) || error instanceof HarnessFault) throw error;
      return { kind: 'broken-off', afterMs: after() };
    },
  );
  // Whoever stopped waiting does not hear of what goes wrong later.
  answer.catch(() => undefined);
  try {
    return await Promise.race([answer, patience]);
  } finally {
    clearTimeout(timer);
  }
}

/** A request to the application that may come to nothing. */
export async function tolerantly<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (!(error instanceof HomologaError) || error instanceof HarnessFault) throw error;
    return null;
  }
}

/** What the customer got, in a few words. */
export function describeAttempt(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'answered':
      return `a page with status ${String(attempt.shown.status)}`;
    case 'broken-off':
      return 'a connection that broke off';
    case 'waiting':
      return `no answer within ${seconds(attempt.afterMs)}`;
  }
}

/** Whether the customer was shown that something went wrong by nothing but a plain crash. */
export function isPlainCrash(attempt: Attempt): boolean {
  return attempt.kind === 'answered' ? attempt.shown.status === 500 : attempt.kind === 'broken-off';
}

/** A duration for a sentence: `0.3 s`, `12 s`. */
export function seconds(ms: number): string {
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${String(Math.round(ms / 1000))} s`;
}
