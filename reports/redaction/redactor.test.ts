import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwtOf = (claims: object): string => `${base64url({ alg: 'HS256' })}.${base64url(claims)}.c2lnbmF0dXJlLW9mLWl0`;

describe('Redactor', () => {
  it('gives equal values equal tags, in whatever place they stand', () => {
    const redactor = new Redactor();
    expect(redactor.body('application/x-www-form-urlencoded', 'grant_type=refresh_token&refresh_token=abc12345')).toBe(
      'grant_type=refresh_token&refresh_token=«refresh_token#1»',
    );
    expect(redactor.json('{"refresh_token":"abc12345","access_token":"xyz98765"}')).toBe(
      '{"refresh_token":"«refresh_token#1»","access_token":"«access_token#1»"}',
    );
    expect(redactor.text('the bank said: abc12345 is spent')).toBe('the bank said: «refresh_token#1» is spent');
  });

  it.each([
    ['query', 'https://c.example/cb?code=planted-secret&state=s1', 'https://c.example/cb?code=«code#1»&state=s1'],
    ['fragment', 'https://c.example/cb#code=planted-secret', 'https://c.example/cb#code=«code#1»'],
    ['nested address', '/login?next=%2Fa%3Fcode%3Dplanted-secret', '/login?next=%2Fa%3Fcode%3D«code#1»'],
    ['user part', 'https://me:planted-secret@c.example/', 'https://«credentials»@c.example/'],
  ])('hides what is in the %s of an address', (_where, url, safe) => {
    expect(new Redactor().url(url)).toBe(safe);
  });

  it('keeps white space, order and numbers of JSON, and looks into JSON within JSON', () => {
    const json = '{\r\n "expires_in" : 420,\r\n "data": "{\\"cpf\\":\\"x1y2z3\\"}", "list": [{"password": ["p1w2"]}] }';
    expect(new Redactor().json(json)).toBe(
      '{\r\n "expires_in" : 420,\r\n "data": "{\\"cpf\\":\\"«person#1»\\"}", "list": [{"password": ["«password#1»"]}] }',
    );
  });

  it('shows header and claims of a JWT, but neither signature nor person', () => {
    const safe = new Redactor().json(JSON.stringify({ id_token: jwtOf({ iss: 'https://b', sub: '52998224725' }) }));
    expect(safe).toContain("«id_token#1» {'alg':'HS256'} {'iss':'https://b','sub':'«person#1»'}");
    expect(safe).not.toContain('c2lnbmF0dXJl');
  });

  it('hides hidden and filled-in fields of a page, not its buttons', () => {
    const page = '<input type=hidden name="x" value="planted-1"><input value="on" name=decision type="submit">';
    expect(new Redactor().html(page)).toBe(
      '<input type=hidden name="x" value="«hidden#1»"><input value="on" name=decision type="submit">',
    );
  });

  it('hides numbers of people and companies anywhere', () => {
    expect(new Redactor().text('cpf 529.982.247-25, cnpj 30.306.294/0001-45, at 1796000000')).toBe(
      'cpf «person#1», cnpj «company#1», at 1796000000',
    );
  });

  it('keeps the scheme of credentials and the attributes of cookies', () => {
    const redactor = new Redactor();
    expect(redactor.header('Authorization', 'Basic aWQ6c2VjcmV0LW9mLWl0')).toBe('Basic «credentials#1»');
    expect(redactor.text('secret-of-it')).toBe('«client_secret#1»');
    expect(redactor.header('set-cookie', 'sid=abc12345; Path=/; HttpOnly')).toBe('sid=«cookie#1»; Path=/; HttpOnly');
  });

  it('lets no secret that it knows through, however it is written', () => {
    const secret = fc
      .string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' })
      .filter((text) => /\w{4}/.test(text) && !text.includes('«'));
    const ways: readonly ((value: string) => string)[] = [
      (value) => `the bank said ${value}!`,
      (value) => `a=${encodeURIComponent(value)}&b=${new URLSearchParams({ value }).toString()}`,
      (value) => JSON.stringify({ a: [{ b: JSON.stringify({ note: value }) }] }),
      (value) => Buffer.from(`user:${value}`).toString('base64'),
      (value) => Buffer.from(JSON.stringify({ note: `.${value}` })).toString('base64url'),
      (value) => `<p>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</p>`,
      (value) => `Bearer ${jwtOf({ note: value })}`,
      (value) => `https://a.example/x?next=${encodeURIComponent(`/y?z=${encodeURIComponent(value)}`)}`,
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...ways), (value, way) => {
        const redactor = new Redactor();
        redactor.learn('planted', value);
        const written = way(value);
        const outputs = [
          redactor.text(written),
          redactor.body('', written),
          redactor.header('x-note', written),
          redactor.url(written),
        ];
        for (const output of outputs) {
          expect(output).not.toContain(value);
          expect(output).not.toContain(Buffer.from(value).toString('base64').replace(/=+$/, '').slice(0, -1));
          expect(output).not.toContain(encodeURIComponent(value));
        }
      }),
      { numRuns: 400 },
    );
  });
});
