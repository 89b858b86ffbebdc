import { expect, it } from 'vitest';
import { withOtherLastCharacter, withWrongSignature } from './altered-text.js';

it.each([
  ['estado', 'estadI'],
  ['abc-', 'abce'],
  ['YWJj', 'YWJD'],
  ['fim.', 'fimA'],
  ['fim😀', 'fimA'],
  ['A', 'g'],
])('turns %j into %j', (text, expected) => {
  expect(withOtherLastCharacter(text)).toBe(expected);
});

it('changes what a base64url text of any length says', () => {
  for (let length = 1; length <= 40; length += 1) {
    const bytes = Buffer.alloc(length, 0xa5);
    const altered = withOtherLastCharacter(bytes.toString('base64url'));
    expect(Buffer.from(altered, 'base64url').equals(bytes), String(length)).toBe(false);
  }
});

it('makes a signature wrong that keeps length and form', () => {
  const signature = Buffer.alloc(32, 0x5a).toString('base64url');
  const [header, claims, wrong = ''] = withWrongSignature(`aa.bb.${signature}`).split('.');
  expect([header, claims, wrong.length]).toEqual(['aa', 'bb', signature.length]);
  const bytes = Buffer.from(wrong, 'base64url');
  expect([bytes.toString('base64url'), bytes.length, wrong === signature]).toEqual([wrong, 32, false]);
});
