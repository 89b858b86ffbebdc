import { expect, it } from 'vitest';
import { nearestNames } from './nearest-names.js';

const names = ['state-altered', 'state-missing', 'iss-missing', 'code-long'];

it.each([
  ['state-alterd', ['state-altered']],
  ['state-mising', ['state-missing', 'iss-missing']],
  ['', ['code-long']],
  ['missing-iss', ['iss-missing']],
])('finds what is most like %j', (wanted, expected) => {
  expect(nearestNames(wanted, names, expected.length)).toEqual(expected);
});

it('finds no more than there are', () => {
  expect(nearestNames('x', names, 10)).toHaveLength(names.length);
  expect(nearestNames('x', [])).toEqual([]);
});
