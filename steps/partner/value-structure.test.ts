import { describe, expect, it } from 'vitest';
import { partsOf } from './value-structure.js';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const parts = (...values: string[]) => Object.fromEntries(partsOf(values));

describe('the parts of values that were made alike', () => {
  it('are members of JSON, also inside base64 and percent-encoding', () => {
    const values = ['{"cliente":17,"n":"x1"}', '{"cliente":18,"n":"x2"}'];
    const members = { cliente: ['17', '18'], n: ['x1', 'x2'] };
    expect(parts(...values)).toEqual(members);
    expect(parts(...values.map(base64url))).toEqual({ 'text.cliente': ['17', '18'], 'text.n': ['x1', 'x2'] });
    expect(parts(...values.map(encodeURIComponent))).toEqual({ 'text.cliente': ['17', '18'], 'text.n': ['x1', 'x2'] });
  });

  it('are claims and signature of a JWT', () => {
    const jwt = (claims: string, signature: string) =>
      `${base64url('{"alg":"HS256"}')}.${base64url(claims)}.${signature}`;
    expect(parts(jwt('{"sub":"17"}', 'assinatura-a'), jwt('{"sub":"18"}', 'assinatura-b'))).toEqual({
      'claims.sub': ['17', '18'],
      'signature.1': ['assinatura', 'assinatura'],
      'signature.2': ['a', 'b'],
    });
  });

  it('are pairs of a query, and the text that hex hides', () => {
    expect(parts('c=17&n=a', 'c=18&n=b')).toEqual({ c: ['17', '18'], n: ['a', 'b'] });
    const hex = (text: string) => Buffer.from(text).toString('hex');
    expect(parts(hex('cliente:17'), hex('cliente:18'))).toEqual({
      'text.1': ['cliente', 'cliente'],
      'text.2': ['17', '18'],
    });
  });

  it('are fields between delimiters', () => {
    expect(parts('cliente-9', 'cliente-10')).toEqual({ '1': ['cliente', 'cliente'], '2': ['9', '10'] });
    expect(parts('17.Kd9-s_3', '4.-dk3sF0')).toEqual({ '1': ['17', '4'], '2': ['Kd9-s_3', '-dk3sF0'] });
  });

  it('are not made of the letters of base64url by chance', () => {
    const values = ['kJ3-sd9Fh2Lm4Qx', 'a-9sdkFj3kd0sPz', 'pQ9sdkFj3kd0-Pz'];
    expect(parts(...values)).toEqual({ '': values });
  });

  it('are the values themselves where one of them has another form', () => {
    expect(parts('{"n":1}', 'n=1')).toEqual({ '': ['{"n":1}', 'n=1'] });
    expect(parts('a=1x', 'b=1y')).toEqual({ '': ['a=1x', 'b=1y'] });
  });
});
