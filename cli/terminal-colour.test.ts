import { expect, it } from 'vitest';
import { isColoured } from './terminal-colour.js';

it.each([
  ['a terminal', { isTTY: true }, { TERM: 'xterm' }, true],
  ['a terminal, NO_COLOR empty', { isTTY: true }, { NO_COLOR: '' }, true],
  ['a terminal, NO_COLOR set', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a terminal, NO_COLOR that reads like a no', { isTTY: true }, { NO_COLOR: '0' }, false],
  ['a terminal without colours', { isTTY: true }, { TERM: 'dumb' }, false],
  ['a pipe', {}, { TERM: 'xterm' }, false],
  ['a file', { isTTY: false }, {}, false],
])('%s', (_where, stream, environment, expected) => {
  expect(isColoured(stream, environment)).toBe(expected);
});
