import { describe, expect, it } from 'vitest';
import { jsonForm, whitespaceClass } from './json-form.js';

describe('jsonForm', () => {
  it('has every member with its type, in order, and elements of an array as one', () => {
    const json = '{"b":1,"a":{"c":null,"d":[]},"list":[{"id":"x"},{"id":null,"more":true}],"1":"first to a program"}';
    expect(jsonForm(json)?.members).toEqual([
      ['1', 'string'],
      ['b', 'number'],
      ['a', 'object'],
      ['a.c', 'null'],
      ['a.d', 'array'],
      ['list', 'array'],
      ['list[]', 'object'],
      ['list[].id', 'string'],
      ['list[].more', 'boolean'],
    ]);
    expect(jsonForm('{"t":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln","u":"eyJ"}')?.members).toEqual([
      ['t', 'jwt'],
      ['u', 'string'],
    ]);
  });

  it.each(['', 'Invalid token', '{"broken":', '"text"', '<html>'])('is null for %j', (text) => {
    expect(jsonForm(text)).toBeNull();
  });

  it.each([
    ['compact', '{"a":"x\\n y","b":[1,2]}\n'],
    ['spaced', '{"a": "x", "b": [1, 2]}'],
    ['lines-lf', '{\n  "a": "\\r\\n"\n}'],
    ['lines-crlf', '{\r\n  "a":1\r\n}'],
  ])('tells %s', (expected, json) => {
    expect(whitespaceClass(json)).toBe(expected);
  });
});
