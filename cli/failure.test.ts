import { CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { HomologaError } from '../foundation/homologa-error.js';
import { describeFailure } from './failure.js';

describe('describeFailure', () => {
  test('tells an error thrown on purpose by message and code, exit 2', () => {
    const failure = describeFailure(new HomologaError('ERR_LISTEN', 'Cannot listen.'), { HOMOLOGA_DEBUG: '1' });
    expect(failure).toEqual({ text: 'homologa: Cannot listen. (ERR_LISTEN)', exitCode: 2 });
  });

  test('tells a fault of homologa, exit 3, with the stack only on demand', () => {
    const fault = new TypeError('x is not a function');
    const quiet = describeFailure(fault, { DEBUG: '' });
    expect(quiet.exitCode).toBe(3);
    expect(quiet.text).toMatch(/fault of homologa.*TypeError: x is not a function\nSet HOMOLOGA_DEBUG=1/);
    expect(quiet.text).not.toContain('failure.test.ts');
    expect(describeFailure(fault, { DEBUG: '*' }).text).toContain('failure.test.ts');
  });

  test('leaves to commander what it has said already', () => {
    const commander = (exitCode: number): CommanderError => new CommanderError(exitCode, 'commander.x', 'said');
    expect(describeFailure(commander(0), {})).toEqual({ text: null, exitCode: 0 });
    expect(describeFailure(commander(1), {})).toEqual({ text: null, exitCode: 2 });
  });
});
