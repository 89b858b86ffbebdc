import { describe, expect, it } from 'vitest';
import { judgeAccess } from './access-control.js';
import type { Caller } from './access-control.js';
import { createWorld, origin, tenantPath } from './test-world.js';

const loopback: Caller = { kind: 'socket', address: '127.0.0.1' };
const token = 'a-control-token-for-tests';

interface Row {
  readonly name: string;
  readonly caller?: Caller;
  readonly token?: string;
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Null: let in. */
  readonly refused: null | 401 | 403 | 415;
}

const read: readonly Row[] = [
  { name: 'a loopback peer', refused: null },
  { name: 'another loopback address', caller: { kind: 'socket', address: '127.3.4.5' }, refused: null },
  { name: 'the IPv6 loopback peer', caller: { kind: 'socket', address: '::1' }, refused: null },
  { name: 'a mapped loopback peer', caller: { kind: 'socket', address: '::ffff:127.0.0.1' }, refused: null },
  { name: 'a peer of the network', caller: { kind: 'socket', address: '192.168.0.7' }, refused: 403 },
  { name: 'a peer that looks like loopback', caller: { kind: 'socket', address: '127.0.0.1.example' }, refused: 403 },
  { name: 'a peer that is not known', caller: { kind: 'socket', address: null }, refused: 403 },
  { name: 'the process itself', caller: { kind: 'in-process' }, refused: null },
  { name: 'Host localhost', headers: { host: 'localhost:4010' }, refused: null },
  { name: 'Host [::1]', headers: { host: '[::1]:4010' }, refused: null },
  { name: 'a Host that is rebound to loopback', headers: { host: 'attacker.example:4010' }, refused: 403 },
  { name: 'a Host that begins like loopback', headers: { host: '127.0.0.1.attacker.example' }, refused: 403 },
  { name: 'localhost under another name', headers: { host: 'localhost.attacker.example' }, refused: 403 },
  { name: 'Forwarded', headers: { forwarded: 'for=127.0.0.1' }, refused: 403 },
  { name: 'X-Forwarded-For', headers: { 'x-forwarded-for': '127.0.0.1' }, refused: 403 },
  { name: 'X-Forwarded-Host', headers: { 'x-forwarded-host': 'localhost' }, refused: 403 },
  { name: 'Via', headers: { via: '1.1 proxy' }, refused: 403 },
  { name: 'no token where one is set', token, refused: 401 },
  { name: 'a wrong token', token, headers: { authorization: 'Bearer no' }, refused: 401 },
  { name: 'the token as Basic', token, headers: { authorization: `Basic ${token}` }, refused: 401 },
  { name: 'the token', token, headers: { authorization: `Bearer ${token}` }, refused: null },
  {
    name: 'the token from elsewhere, past a proxy',
    token,
    caller: { kind: 'socket', address: '203.0.113.9' },
    headers: { authorization: `bearer ${token}`, host: 'mock.example', 'x-forwarded-for': '198.51.100.1' },
    refused: null,
  },
  { name: 'a forged cookie', token, headers: { cookie: 'homologa_control=x' }, refused: 401 },
  { name: 'the token itself as the cookie', token, headers: { cookie: `homologa_control=${token}` }, refused: 401 },
  { name: 'the process itself where a token is set', token, caller: { kind: 'in-process' }, refused: null },
  {
    name: 'reading from a foreign page, which cannot see the answer',
    headers: { 'sec-fetch-site': 'cross-site' },
    refused: null,
  },
];

const json = { 'content-type': 'application/json' };
const write: readonly Row[] = [
  { name: 'JSON', headers: json, refused: null },
  { name: 'JSON with a charset', headers: { 'content-type': 'application/json; charset=utf-8' }, refused: null },
  { name: 'no content type', refused: 415 },
  { name: 'a form', headers: { 'content-type': 'application/x-www-form-urlencoded' }, refused: 415 },
  { name: 'text', headers: { 'content-type': 'text/plain' }, refused: 415 },
  { name: 'a type that begins like JSON', headers: { 'content-type': 'application/json-patch+json' }, refused: 415 },
  { name: 'the own origin', headers: { ...json, origin, 'sec-fetch-site': 'same-origin' }, refused: null },
  { name: 'a user’s own act', headers: { ...json, 'sec-fetch-site': 'none' }, refused: null },
  { name: 'a foreign origin', headers: { ...json, origin: 'https://attacker.example' }, refused: 403 },
  { name: 'another port', headers: { ...json, origin: 'http://127.0.0.1:3000' }, refused: 403 },
  { name: 'an opaque origin', headers: { ...json, origin: 'null' }, refused: 403 },
  { name: 'a cross-site page', headers: { ...json, 'sec-fetch-site': 'cross-site' }, refused: 403 },
  { name: 'a same-site page', headers: { ...json, 'sec-fetch-site': 'same-site' }, refused: 403 },
  { name: 'DELETE without a body', method: 'DELETE', refused: null },
  {
    name: 'DELETE with a body of text',
    method: 'DELETE',
    body: '{}',
    headers: { 'content-type': 'text/plain', 'content-length': '2' },
    refused: 415,
  },
  { name: 'DELETE of a foreign page', method: 'DELETE', headers: { origin: 'https://attacker.example' }, refused: 403 },
  {
    name: 'a foreign page, in the process',
    caller: { kind: 'in-process' },
    headers: { ...json, origin: 'https://attacker.example' },
    refused: 403,
  },
  {
    name: 'a foreign page that has the token',
    token,
    headers: { ...json, authorization: `Bearer ${token}`, origin: 'https://attacker.example' },
    refused: 403,
  },
];

async function judge(row: Row, method: string): Promise<number | null> {
  const headers = { host: '127.0.0.1:4010', ...row.headers };
  const body = row.body === undefined ? {} : { body: row.body };
  const request = new Request(`${origin}${tenantPath}`, { method: row.method ?? method, headers, ...body });
  return judgeAccess(request, row.caller ?? loopback, row.token ?? null)?.status ?? null;
}

describe('access to the control API', () => {
  it.each(read)('reading: $name', async (row) => {
    expect(await judge(row, 'GET')).toBe(row.refused);
    // Whoever may not read may not write either.
    if (row.refused !== null)
      expect(await judge({ ...row, headers: { ...json, ...row.headers } }, 'POST')).toBe(row.refused);
  });

  it.each(write)('changing: $name', async (row) => {
    expect(await judge(row, 'POST')).toBe(row.refused);
  });

  it('refuses in problem details, without CORS', async () => {
    const { send } = createWorld();
    const request = new Request(`${origin}/_mock/health`, {
      headers: { host: 'attacker.example', origin: 'http://x.example' },
    });
    const got = await send(request, loopback);
    expect(got.status).toBe(403);
    expect(got.headers.get('content-type')).toBe('application/problem+json');
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(got.headers.get('x-content-type-options')).toBe('nosniff');
    expect([...got.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(got.body).toMatchObject({
      type: 'urn:homologa:problem:not-loopback',
      code: 'ERR_NOT_LOOPBACK',
      status: 403,
    });
  });

  it('does not answer a preflight', async () => {
    const { send } = createWorld();
    const headers = {
      host: '127.0.0.1:4010',
      origin: 'https://attacker.example',
      'access-control-request-method': 'POST',
    };
    const got = await send(new Request(`${origin}/_mock/tenants`, { method: 'OPTIONS', headers }), loopback);
    expect(got.status).toBe(405);
    expect([...got.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });
});

describe('a dashboard link', () => {
  it('gives a cookie once', async () => {
    const { control, send } = createWorld({ controlToken: token });
    const link = control.mintDashboardLink();
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:4010\/_mock\/session\/[\w-]{32}$/);
    const opened = await send(new Request(link), loopback);
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toBe('/');
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^homologa_control=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(token);
    const headers = { cookie: cookie.split(';')[0] ?? '' };
    expect((await send(new Request(`${origin}/_mock/health`, { headers }), loopback)).status).toBe(200);

    const again = await send(new Request(link), loopback);
    expect(again.status).toBe(404);
    expect(again.body).toMatchObject({ code: 'ERR_LINK_SPENT' });
  });

  it('sets a Secure cookie on an https origin, and is that origin’s', async () => {
    const { control, send } = createWorld({ controlToken: token, publicOrigin: 'https://mock.example' });
    const link = control.mintDashboardLink();
    expect(link).toMatch(/^https:\/\/mock\.example\/_mock\/session\//);
    const opened = await send(new Request(link), { kind: 'socket', address: '10.0.0.1' });
    expect(opened.headers.get('set-cookie')).toMatch(/; Secure$/);
  });

  it('is the dashboard itself where no token guards it', async () => {
    const { control, send } = createWorld();
    expect(control.mintDashboardLink()).toBe('http://127.0.0.1:4010/');
    expect((await send(new Request(`${origin}/_mock/session/x`), loopback)).status).toBe(404);
  });

  it('keeps sixteen links, the newest', async () => {
    const { control, send } = createWorld({ controlToken: token });
    const first = control.mintDashboardLink();
    for (let count = 0; count < 16; count += 1) control.mintDashboardLink();
    expect((await send(new Request(first), loopback)).status).toBe(404);
    expect((await send(new Request(control.mintDashboardLink()), loopback)).status).toBe(303);
  });
});
