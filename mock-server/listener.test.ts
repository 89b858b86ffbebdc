import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bs2Paths } from './banks/bs2/profile.js';
import { listen, ListenError } from './listener.js';
import type { Listener } from './listener.js';
import { basicOf, Bs2World } from './testing/bs2-world.js';

let world = new Bs2World();
let listener: Listener;
beforeEach(async () => {
  world = new Bs2World();
  listener = await listen(world.application, { kind: 'main' }, { host: '127.0.0.1', port: 0 });
});
afterEach(() => listener.close());

const port = (): number => Number(new URL(listener.origin).port);
const tokenUrl = (): string => `${listener.origin}/bs2${bs2Paths.token}`;
const ask = (
  body: string | ReadableStream = 'grant_type=client_credentials&scope=saldo',
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(tokenUrl(), {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: basicOf(world.client), ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' as const } : {}),
  });

/** What came back until the connection ended. */
interface Received {
  readonly bytes: string;
}
/** Sends bytes as they are. */
function exchangeBytes(bytes: string): Promise<Received> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port(), '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve({ bytes: Buffer.concat(chunks).toString('latin1') }));
  });
}
const statusLine = ({ bytes }: Received): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(bytes)?.[1] ?? NaN);
const http = (method: string, target: string, headers: readonly string[] = ['Host: 127.0.0.1'], body = ''): string =>
  `${[`${method} ${target} HTTP/1.1`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`;

describe('a listener', () => {
  it('answers over a socket as in process, with the tenant’s time', async () => {
    world.tenant.clock.freeze();
    world.tenant.clock.advance(400 * 86_400_000);
    const response = await ask();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json;charset=UTF-8']);
    expect(response.headers.get('date')).toBe(new Date(world.tenant.clock.now()).toUTCString());
    expect(await response.text()).toMatch(/^\{\r\n {2}"access_token":"[0-9a-f-]{36}",\r\n/);
  });

  it('closes the connection after a 401, as recorded, and keeps it otherwise', async () => {
    const wrong = await ask(undefined, { authorization: basicOf({ ...world.client, secret: 'wrong' }) });
    expect([wrong.status, wrong.headers.get('connection')]).toEqual([401, 'close']);
    expect((await ask()).headers.get('connection')).toBe('keep-alive');
  });

  it('gives the caller’s address to the bank', async () => {
    world.tenant.patchSettings({ bs2: { allowedAddresses: ['192.0.2.0/24'] } });
    expect((await ask()).status).toBe(403);
    expect((await ask(undefined, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(403);
    world.tenant.patchSettings({ bs2: { allowedAddresses: ['127.0.0.1'] } });
    expect((await ask()).status).toBe(200);
  });

  it('says that a port is in use, and what to do', async () => {
    await expect(listen(world.application, { kind: 'main' }, { host: '127.0.0.1', port: port() })).rejects.toThrow(
      ListenError,
    );
    await expect(listen(world.application, { kind: 'main' }, { host: '127.0.0.1', port: port() })).rejects.toThrow(
      /in use; choose another port/,
    );
  });

  it('closes with requests under way', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { barrier: 2 } });
    const pending = ask().then(
      () => 'answered',
      () => 'cut off',
    );
    while (!world.tenant.faults.list().some(({ acted }) => acted === 1)) await new Promise(setImmediate);
    await listener.close();
    expect(await pending).toBe('cut off');
    world.tenant.barriers.clear();
    await expect(ask()).rejects.toThrow();
  });

  it('serves a bank at the root of a port of its own', async () => {
    const root = await listen(world.application, { kind: 'root', bank: 'bs2' }, { host: '127.0.0.1', port: 0 });
    const response = await fetch(`${root.origin}${bs2Paths.balance}`);
    expect(response.status).toBe(401);
    const login = await fetch(
      `${root.origin}${bs2Paths.authorization}?${new URL(world.authorizationUrl()).searchParams.toString()}`,
      { redirect: 'manual' },
    );
    expect(login.headers.get('location')).toMatch(new RegExp(`^${root.origin}/api-banking/`));
    expect((await fetch(`${root.origin}/_mock/health`)).status).toBe(404);
    await root.close();
  });
});

describe('faults over a socket', () => {
  it('drop before: nothing arrives but the reset, and nothing was done', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 2, effect: { drop: 'before' } });
    await expect(ask()).rejects.toThrow('fetch failed');
    const received = await exchangeBytes(
      http('POST', `/bs2${bs2Paths.token}`, ['Host: 127.0.0.1', 'Content-Length: 0']),
    );
    expect(received.bytes).toBe('');
    expect(await world.tenant.store.grants()).toEqual([]);
    expect((await ask()).status).toBe(200);
  });

  it('an answer that HTTP cannot have is a 500, and the mock goes on', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { status: 200, headers: { 'x-odd': 'a\nb' } } });
    expect((await ask()).status).toBe(500);
    expect((await ask()).status).toBe(200);
  });

  it('drop after: status, headers and half of the body arrive, then the reset; the work was done', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { drop: 'after' } });
    const body = 'grant_type=client_credentials&scope=saldo';
    const headers = [
      'Host: 127.0.0.1',
      `Authorization: ${basicOf(world.client)}`,
      'Content-Type: application/x-www-form-urlencoded',
      `Content-Length: ${String(body.length)}`,
    ];
    const received = await exchangeBytes(http('POST', `/bs2${bs2Paths.token}`, headers, body));
    expect(statusLine(received)).toBe(200);
    const [head = '', part = ''] = received.bytes.split('\r\n\r\n');
    expect(part).toMatch(/^\{\r\n {2}"access_token":"/);
    expect(Number(/content-length: (\d+)/i.exec(head)?.[1])).toBeGreaterThan(part.length);
    expect(await world.tenant.store.grants()).toHaveLength(1);
  });

  it('drop after, where the answer has no body: the client sees that the answer did not end', async () => {
    const url = `/bs2${bs2Paths.authorization}?${new URL(world.authorizationUrl({ scope: 'tudo' })).searchParams.toString()}`;
    world.tenant.faults.add({ at: 'bs2.redirect', times: 2, effect: { drop: 'after' } });
    expect(statusLine(await exchangeBytes(http('GET', url)))).toBe(302);
    const outcome = await new Promise<string>((resolve) => {
      const outgoing = httpRequest(`${listener.origin}${url}`, (incoming) => {
        incoming.on('error', () => resolve('cut off'));
        incoming.on('end', () => resolve('whole'));
        incoming.resume();
      });
      outgoing.on('error', () => resolve('cut off'));
      outgoing.end();
    });
    expect(outcome).toBe('cut off');
  });

  it('truncate: the length is that of what is sent', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { truncate: true } });
    const response = await ask();
    const text = await response.text();
    expect(response.headers.get('content-length')).toBe(String(text.length));
    expect(text).not.toContain('}');
  });

  it('delay: in real time', async () => {
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { delay: 'PT0.05S' } });
    const start = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(45);
  });

  it('barrier: requests of several connections race', async () => {
    const { refreshToken } = await world.grant();
    world.tenant.faults.add({ at: 'bs2.token', times: 1, effect: { barrier: 5 } });
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      scope: 'saldo',
      refresh_token: refreshToken,
    }).toString();
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await ask(body)).status));
    expect(statuses.sort()).toEqual([200, 400, 400, 400, 400]);
  });
});

describe('hostile bytes', () => {
  const megabyte = 'x'.repeat(1024 * 1024);

  it('a megabyte with its length is 413, and the next request works', async () => {
    const response = await ask(`grant_type=${megabyte}`);
    expect([response.status, response.headers.get('x-ca-err')]).toEqual([413, '3003103']);
    expect(await response.text()).toMatch(/^\{\r\n {2}"error":"invalid_request",\r\n/);
    for (let again = 0; again < 3; again += 1) expect((await ask(`grant_type=${megabyte}`)).status).toBe(413);
    expect((await ask()).status).toBe(200);
  });

  it('a megabyte without its length is 413, and the next request works', async () => {
    const chunks = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let chunk = 0; chunk < 16; chunk += 1) controller.enqueue(Buffer.from(megabyte.slice(0, 65_536)));
        controller.close();
      },
    });
    const response = await ask(chunks);
    expect([response.status, response.headers.get('x-ca-err')]).toEqual([413, '3003103']);
    expect((await ask()).status).toBe(200);
  });

  it('a form in small pieces without its length is read as one', async () => {
    const pieces = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of 'grant_type=client_credentials&scope=saldo') controller.enqueue(Buffer.from(piece));
        controller.close();
      },
    });
    expect((await ask(pieces)).status).toBe(200);
  });

  it('a megabyte to where no bank is, or by a method that reads none, is refused too', async () => {
    for (const path of ['/bs2/nothing', '/nothing', '/t/unknown/bs2/x']) {
      expect((await fetch(`${listener.origin}${path}`, { method: 'POST', body: megabyte })).status).toBe(404);
    }
    expect((await fetch(tokenUrl(), { method: 'PUT', body: megabyte })).status).toBe(405);
    expect((await ask()).status).toBe(200);
  });

  it.each(['TRACE', 'OPTIONS', 'HEAD', 'PROPFIND', 'M-SEARCH', 'QUERY', 'PURGE'])(
    'the method %s is a 4xx',
    async (method) => {
      for (const target of [`/bs2${bs2Paths.token}`, `/bs2${bs2Paths.authorization}`, '/bs2/nothing', '/t/x/bs2/']) {
        const status = statusLine(await exchangeBytes(http(method, target)));
        expect(status).toBeGreaterThanOrEqual(400);
        expect(status).toBeLessThan(500);
      }
    },
  );

  it.each([
    ['a backslash in the path', '/bs2\\auth', ['Host: 127.0.0.1']],
    ['a Host that is none', `/bs2${bs2Paths.token}`, ['Host: a b']],
    ['a Host with a path', `/bs2${bs2Paths.token}`, ['Host: a/b']],
    ['a Host with a user', `/bs2${bs2Paths.token}`, ['Host: a@b']],
    ['a Host in brackets', `/bs2${bs2Paths.token}`, ['Host: [::1']],
    ['an empty Host', `/bs2${bs2Paths.token}`, ['Host:']],
    ['no Host', `/bs2${bs2Paths.token}`, []],
    ['two Hosts', `/bs2${bs2Paths.token}`, ['Host: a', 'Host: b']],
    ['an absolute address', 'http://attacker.example/bs2/x', ['Host: 127.0.0.1']],
    ['an absolute address that is none', 'http://[::1/bs2', ['Host: 127.0.0.1']],
    ['an asterisk', '*', ['Host: 127.0.0.1']],
    ['no path', 'bs2', ['Host: 127.0.0.1']],
    ['two slashes', '//attacker.example/bs2/x', ['Host: 127.0.0.1']],
    ['dots', '/t/x/../../bs2/../bs2/x', ['Host: 127.0.0.1']],
    ['broken percent-encoding', '/bs2/%zz', ['Host: 127.0.0.1']],
    ['bytes that are no UTF-8', '/bs2/\xff\xfe', ['Host: 127.0.0.1']],
    ['a NUL', '/bs2/%00', ['Host: 127.0.0.1']],
    ['a very long path', `/bs2/${'x'.repeat(10_000)}`, ['Host: 127.0.0.1']],
    ['more headers than Node takes', '/bs2/x', ['Host: 127.0.0.1', `X: ${'x'.repeat(20_000)}`]],
  ])('%s is a 4xx without a word of the inside', async (_name, target, headers) => {
    for (const method of ['GET', 'POST']) {
      const received = await exchangeBytes(http(method, target, headers));
      expect(statusLine(received)).toBeGreaterThanOrEqual(400);
      expect(statusLine(received)).toBeLessThan(500);
      expect(received.bytes).not.toMatch(/node:|node_modules|at async|\.ts:|\.js:|Error:/);
    }
    expect((await ask()).status).toBe(200);
  });

  it.each([
    'GARBAGE\r\n\r\n',
    '\x00\x01\x02\r\n\r\n',
    'GET / HTTP/9.9\r\n\r\n',
    'POST /bs2 HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
    'POST /bs2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  ])('what is not HTTP is refused before any bank: %j', async (bytes) => {
    expect(statusLine(await exchangeBytes(bytes))).toBe(400);
    expect((await ask()).status).toBe(200);
  });

  it('a client that goes away in the midst of its form harms nobody', async () => {
    const socket = connect(port(), '127.0.0.1');
    await new Promise<void>((resolve) => {
      socket.write(
        `POST /bs2${bs2Paths.token} HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\ngrant_type=`,
        () => resolve(),
      );
    });
    socket.resetAndDestroy();
    expect((await ask()).status).toBe(200);
  });
});
