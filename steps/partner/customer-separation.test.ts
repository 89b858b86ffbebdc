import { expect, it } from 'vitest';
import { PrerequisiteFailure } from '../check-failure.js';
import { judgeSeparation } from './customer-separation.js';
import type { CustomerUses } from './customer-separation.js';

const uses = (own: number, foreign: number): CustomerUses => ({ who: 'the first customer', own, foreign });

it('each by their own consent: nothing to be said, whatever else the application asked the bank meanwhile', () => {
  expect(judgeSeparation([uses(1, 0), uses(1, 3)], false)).toBeNull();
});

it('by the consent of the other alone: a failure', () => {
  expect(judgeSeparation([uses(1, 0), uses(0, 1)], false)).toMatchObject({ finding: 'failed' });
});

it('customers who are logged in alike are one customer', () => {
  expect(judgeSeparation([uses(0, 1)], true)).toMatchObject({
    finding: 'not-applicable',
    reason: expect.stringContaining('${customer} in its login') as string,
  });
  expect(judgeSeparation([uses(1, 0)], true)).toBeNull();
});

it('a call that did not lead to the bank proves nothing', () => {
  expect(() => judgeSeparation([uses(0, 0)], false)).toThrow(PrerequisiteFailure);
});
