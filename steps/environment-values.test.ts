import { describe, expect, it } from 'vitest';
import { withEnvironment } from './environment-values.js';

describe('the variables of a document', () => {
  it.each([
    [{ a: '${A}' }, { A: 'x' }, { a: 'x' }, []],
    [{ a: ['-${A}-', { b: '${A}${A}' }] }, { A: 'x' }, { a: ['-x-', { b: 'xx' }] }, []],
    [{ a: '${A}', b: '${B}' }, { B: '' }, { a: '', b: '' }, ['A', 'B']],
    [{ a: '${A:-other}' }, {}, { a: 'other' }, []],
    [{ a: '${A:-other}' }, { A: 'x' }, { a: 'x' }, []],
    [{ a: '${A:-}', b: 1 }, {}, { b: 1 }, []],
    [{ user: { name: '${A:-}', password: '${B:-}' }, b: null }, {}, { b: null }, []],
    [{ a: '${bank.baseUrl}' }, {}, { a: '${bank.baseUrl}' }, []],
    [{ a: '', b: {} }, {}, { a: '', b: {} }, []],
  ])('%j with %j', (document, environment, filled, missing) => {
    expect(withEnvironment(document, environment)).toEqual({ filled, missing });
  });
});
