import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRateBudget } from './rate-budget.js';

/** Time that passes only when somebody waits for it, in the order of the waits. */
function virtualTime() {
  let now = 0;
  const waits: { at: number; resolve: () => void }[] = [];
  return {
    clock: () => now,
    sleep: (ms: number) => new Promise<void>((resolve) => waits.push({ at: now + ms, resolve })),
    async settle() {
      for (;;) {
        for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
        waits.sort((a, b) => a.at - b.at);
        const next = waits.shift();
        if (next === undefined) return;
        now = Math.max(now, next.at);
        next.resolve();
      }
    },
  };
}

describe('createRateBudget', () => {
  it('never starts more than the limit in any window, and starts all', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 20 }),
        async (limit, tasks) => {
          const time = virtualTime();
          const budget = createRateBudget({ limit, windowMs: 1000, ...time });
          const starts: number[] = [];
          const all = tasks.map((takesMs) =>
            budget.run(async () => {
              starts.push(time.clock());
              if (takesMs > 0) await time.sleep(takesMs);
            }),
          );
          await time.settle();
          await Promise.all(all);
          expect(starts).toHaveLength(tasks.length);
          for (const start of starts) {
            expect(starts.filter((other) => other >= start && other < start + 1000).length).toBeLessThanOrEqual(limit);
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('has room for housekeeping only while half of it is free and nobody waits', async () => {
    const time = virtualTime();
    const budget = createRateBudget({ limit: 4, windowMs: 1000, ...time });
    const started: string[] = [];
    const users = Array.from({ length: 9 }, (_, index) =>
      budget.run(async () => void started.push(`user ${String(index)} at ${String(time.clock())}`)),
    );
    const housekeeping = budget.room().then(() => started.push(`housekeeping at ${String(time.clock())}`));
    await time.settle();
    await Promise.all([...users, housekeeping]);
    expect(started.slice(-2)).toEqual(['user 8 at 2000', expect.stringMatching(/^housekeeping at 20\d\d$/)]);
  });

  it('starts nothing while paused', async () => {
    const time = virtualTime();
    const budget = createRateBudget({ ...time });
    budget.pause(17_000);
    const started = budget.run(async () => time.clock());
    await time.settle();
    expect(await started).toBe(17_000);
  });

  it('refuses at once what would wait too long', async () => {
    const time = virtualTime();
    const budget = createRateBudget({ ...time, maxWaitMs: 60_000 });
    budget.pause(3_600_000);
    await expect(budget.run(async () => 1)).rejects.toMatchObject({ code: 'ERR_RATE_BUDGET', retryAfterSeconds: 3600 });
  });

  it('a failed task uses its slot and hands on its error', async () => {
    const time = virtualTime();
    const budget = createRateBudget({ limit: 1, windowMs: 1000, ...time });
    await expect(budget.run(() => Promise.reject(new Error('synthetic')))).rejects.toThrow('synthetic');
    const next = budget.run(async () => time.clock());
    await time.settle();
    expect(await next).toBe(1000);
  });
});
