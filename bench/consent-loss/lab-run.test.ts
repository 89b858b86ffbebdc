import { describe, expect, it } from 'vitest';
import { runLab } from './lab-run.js';
import type { LabConditions } from './lab-run.js';

const calm: LabConditions = {
  customers: 40,
  days: 90,
  seed: 5,
  rates: { lostAnswer: 0, unavailable: 0, restart: 0 },
  twoWorkers: 0,
  seldom: 0.25,
  reuse: 'refuse',
  manager: 'reference',
};
const habits = { locks: true, repeats: true, keepsAlive: true };

describe('the lab', () => {
  it('gives the same for the same seed, and something else for another', async () => {
    const stormy = { ...calm, rates: { lostAnswer: 0.05, unavailable: 0.1, restart: 0.02 }, twoWorkers: 0.2 };
    const first = await runLab(stormy);
    expect(first.lost).toBeGreaterThan(0);
    expect(await runLab(stormy)).toEqual(first);
    expect(await runLab({ ...stormy, seed: 6 })).not.toEqual(first);
  });

  it.each([
    ['the reference client', 'reference' as const],
    ['a manager without a fault', habits],
  ])('loses nothing of %s while nothing goes wrong, though two processes work', async (_name, manager) => {
    const result = await runLab({ ...calm, twoWorkers: 0.5, manager });
    expect(result.lost).toBe(0);
    expect(result.uses).toBeGreaterThan(300);
    expect(result.tokenRequests).toBeGreaterThan(result.uses);
  });

  it.each([
    ['no lock', { twoWorkers: 0.5 }, { locks: false }],
    ['no repetition', { rates: { ...calm.rates, unavailable: 0.1 } }, { repeats: false }],
    ['no schedule', {}, { keepsAlive: false }],
  ])('loses consents of a manager with %s by that alone', async (_name, conditions, fault) => {
    const sound = await runLab({ ...calm, ...conditions, manager: habits });
    const faulty = await runLab({ ...calm, ...conditions, manager: { ...habits, ...fault } });
    expect([sound.lost, faulty.lost > 5]).toEqual([0, true]);
  });

  it('loses by answers that do not arrive, where the bank refuses reuse, and not where it allows it for a while', async () => {
    const rates = { ...calm.rates, lostAnswer: 0.05 };
    const refused = await runLab({ ...calm, rates });
    const allowed = await runLab({ ...calm, rates, reuse: { grace: 'PT10S' } });
    expect(refused.lost).toBeGreaterThan(5);
    expect(allowed.lost).toBeLessThan(3);
  });
});
