import { expect, it } from 'vitest';
import { killDuringRefresh } from './testing/refresh-kill-rounds.js';

// scripts/refresh-kill-trials.ts does the same 200 times.
it.each(['bs2', 'btg'] as const)(
  'a run of %s that is killed while it refreshes leaves usable tokens, or the next run says that a new consent is needed',
  async (bank) => {
    const { rounds, usable, lost, problems } = await killDuringRefresh(5, bank);
    expect(problems.join('\n')).toBe('');
    expect(usable + lost).toBe(rounds);
  },
  120_000,
);
