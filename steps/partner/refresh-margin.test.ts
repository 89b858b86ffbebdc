import { expect, it } from 'vitest';
import { describeMargin } from './refresh-margin.js';

const measured = (...pairs: readonly (readonly [number, boolean])[]) =>
  pairs.map(([expiresInSeconds, refreshedAtOnce]) => ({ expiresInSeconds, refreshedAtOnce }));

it.each([
  [
    measured([10, false], [60, false]),
    'margin under 10 s, or a share of the life (refresh by expires_in 10 s: not yet, 60 s: not yet)',
  ],
  [
    measured([300, false], [10, true], [60, true]),
    'margin from 60 s to 300 s (refresh by expires_in 10 s: at once, 60 s: at once, 300 s: not yet)',
  ],
  [measured([10, true], [60, true]), 'a refresh at whatever expires_in (10 s: at once, 60 s: at once)'],
])('tells the margin', (margins, told) => {
  expect(describeMargin(margins)).toBe(told);
});
