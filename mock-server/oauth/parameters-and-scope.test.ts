import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RequestParameters } from './request-parameters.js';
import { intersectScope, isScopeWithin, parseScope } from './scope.js';

describe('RequestParameters', () => {
  it('reads back whatever a form encodes', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !/[\0\uFFFD]/.test(value));
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name }), (pairs) => {
        const parameters = new RequestParameters(new URLSearchParams(pairs).toString());
        for (const [name, value] of pairs) expect(parameters.get(name)).toBe(value === '' ? undefined : value);
        expect(parameters.malformed).toBe(false);
        expect(parameters.hasRepeated).toBe(false);
        expect(parameters.names).toEqual(pairs.map(([name]) => name));
      }),
    );
  });

  it.each(['a=%', 'a=%4', 'a=%zz', '%=a', 'a=%ff', 'a=%c3%28', 'a=%00', '%00=a', 'a=\uFFFD'])(
    'calls %j malformed',
    (encoded) => {
      expect(new RequestParameters(encoded).malformed).toBe(true);
    },
  );

  it.each(['', '&', '&&=&', 'a', 'a=', '=b', 'a+b=c+d', 'a=%2500', 'a=b=c'])(
    'does not call %j malformed',
    (encoded) => {
      expect(new RequestParameters(encoded).malformed).toBe(false);
    },
  );

  it('remembers repetition, of an empty value and of prototype names too', () => {
    const parameters = new RequestParameters('a=&a=2&__proto__=1&__proto__=1&constructor=x');
    expect([
      parameters.isRepeated('a'),
      parameters.isRepeated('__proto__'),
      parameters.isRepeated('constructor'),
    ]).toEqual([true, true, false]);
    expect(parameters.hasRepeated).toBe(true);
    expect(parameters.get('toString')).toBe(undefined);
    expect(parameters.isRepeated('toString')).toBe(false);
  });
});

describe('scope', () => {
  it.each([
    ['saldo extrato', ['saldo', 'extrato']],
    ['  saldo   extrato ', ['saldo', 'extrato']],
    ['saldo saldo extrato saldo', ['saldo', 'extrato']],
    ['!#[]~', ['!#[]~']],
    ['', null],
    [' ', null],
    ['saldo "extrato"', null],
    ['back\\slash', null],
    ['saldo\textrato', null],
    ['ação', null],
  ])('parseScope(%j)', (scope, expected) => {
    expect(parseScope(scope)).toEqual(expected);
  });

  it('intersects in the order asked for, and within is what intersects wholly', () => {
    const token = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.uniqueArray(token), fc.uniqueArray(token), (requested, allowed) => {
        const both = intersectScope(requested, allowed);
        expect(both).toEqual(requested.filter((one) => allowed.includes(one)));
        expect(isScopeWithin(requested, allowed)).toBe(both.length === requested.length);
      }),
    );
  });
});
