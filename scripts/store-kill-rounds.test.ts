import { afterAll, expect, test } from 'vitest';
import { stopAll } from './homologa-from-source.js';
import { killRounds } from './store-kill-rounds.js';

afterAll(stopAll);

// `scripts/store-kill-trials.ts` does a hundred.
test('a mock with --store that is killed under load remembers all that it answered', { timeout: 60_000 }, async () => {
  const { problems, ...done } = await killRounds({ rounds: 3, customers: 8, seed: 3, built: false });
  expect(problems).toEqual([]);
  expect(done.rotations).toBeGreaterThan(0);
});
