import { describe, expect, it } from 'vitest';
import { aheadRungs, climb, expiredRungs, verdictOnLeeway } from './clock-leeway.js';
import type { LeewayRung, LeewayTry } from './clock-leeway.js';

/** Climbs as an application would let one that tolerates so much. */
async function climbed(rungs: readonly LeewayRung[], toleratedSeconds: number): Promise<LeewayTry[]> {
  const tries: LeewayTry[] = [];
  await climb(rungs, async ({ seconds }) => {
    const isAccepted = seconds <= toleratedSeconds;
    tries.push({ seconds, isAccepted });
    return isAccepted;
  });
  return tries;
}

describe('the leeway of an application', () => {
  const nothing = 'accepts no id_token that has expired; none whose iat lies ahead';
  it.each([
    [0, 0, 'recorded', nothing],
    [
      30,
      30,
      'recorded',
      'accepts an id_token that expired 30 s ago, but not 5 min; one whose iat lies 30 s ahead, but not 5 min',
    ],
    [
      300,
      86_400,
      'recorded',
      'accepts an id_token that expired 5 min ago, but not 10 min; one whose iat lies 1 h ahead, the most that was tried',
    ],
    [600, 0, 'recorded', 'accepts an id_token that expired 10 min ago, but not 1 h; none whose iat lies ahead'],
    [
      86_400,
      300,
      'failed',
      'accepts an id_token that expired 1 h ago, the most that was tried; one whose iat lies 5 min ahead, but not 1 h',
    ],
  ] as const)('of %i s for exp and %i s for iat is %s', async (exp, iat, finding, actual) => {
    const verdict = verdictOnLeeway(await climbed(expiredRungs, exp), await climbed(aheadRungs, iat));
    expect(verdict).toMatchObject({ finding, actual });
  });

  it('is found with few tries', async () => {
    for (const tolerated of [0, 1, 30, 300, 600, 3_600]) {
      expect((await climbed(expiredRungs, tolerated)).length).toBeLessThanOrEqual(3);
      expect((await climbed(aheadRungs, tolerated)).length).toBeLessThanOrEqual(2);
    }
  });

  it('is what was accepted in the end, not only at once', () => {
    const late: LeewayTry[] = [
      { seconds: 300, isAccepted: true },
      { seconds: 1, isAccepted: false },
    ];
    expect(verdictOnLeeway(late, [])).toMatchObject({
      actual: 'accepts an id_token that expired 5 min ago, the most that was tried; none whose iat lies ahead',
    });
  });
});
