import { describe, expect, it } from 'vitest';
import { asCustomer, loginKind } from './customer-placeholder.js';
import type { ApplicationRequest, PartnerSetup } from './verify-file.js';

const request = (url: string, rest: Partial<ApplicationRequest> = {}): ApplicationRequest => ({
  method: 'GET',
  url,
  headers: {},
  body: null,
  ...rest,
});

it('a request has the name in its address, headers and body', () => {
  const written = request('http://127.0.0.1:3000/${customer}?u=${customer}', {
    method: 'POST',
    headers: { 'x-user': '${customer}' },
    body: '{"u":"${customer}","p":"senha-${customer}"}',
  });
  expect(asCustomer(written, 'ana')).toEqual({
    method: 'POST',
    url: 'http://127.0.0.1:3000/ana?u=ana',
    headers: { 'x-user': 'ana' },
    body: '{"u":"ana","p":"senha-ana"}',
  });
});

describe('as whom a file logs customers in', () => {
  const kind = (login: Partial<PartnerSetup['login']>, customers: readonly string[] | null = null) =>
    loginKind({ login: { script: null, requests: [], ...login }, customers });
  const named = request('http://127.0.0.1:3000/login', { body: 'u=${customer}' });
  const alike = request('http://127.0.0.1:3000/login', { body: 'u=ana' });

  it('is told by the placeholder in its requests', () => {
    expect(kind({})).toBe('nobody');
    expect(kind({ requests: [alike] })).toBe('one-user');
    expect(kind({ requests: [alike, named] })).toBe('new-users');
    expect(kind({ requests: [named] }, ['ana', 'bia'])).toBe('users-in-turn');
    expect(kind({ requests: [alike] }, ['ana', 'bia'])).toBe('one-user');
  });

  it('is told by customers where a script does it', () => {
    expect(kind({ script: './login.mjs' })).toBe('one-user');
    expect(kind({ script: './login.mjs' }, ['ana', 'bia'])).toBe('users-in-turn');
  });
});
