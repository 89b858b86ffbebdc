import { expect, it } from 'vitest';
import { describeMargin } from './refresh-margin.js';

const measured = (...pairs: readonly (readonly [number, boolean])[]) =>
  pairs.map(([expiresInSeconds, refreshedAtOnce]) => ({ expiresInSeconds, refreshedAtOnce }));

it.each([
  [
    measured([10, false], [60, false]),
    'margin under 10 s, or a share of the life: a token that was given for 10 s or 60 s was used as it was',
  ],
  [
    measured([300, false], [10, true], [60, true]),
    'margin from 60 s to 300 s: a token that was given for 10 s or 60 s was replaced at its first use, one that was given for 300 s was used as it was',
  ],
  [
    measured([10, true], [60, true]),
    'no margin to be told: a token that was given for 10 s or 60 s was replaced at its first use',
  ],
])('tells the margin', (margins, told) => {
  expect(describeMargin(margins)).toBe(told);
});
