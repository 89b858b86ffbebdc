import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { MockAgent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpTransport, exchange } from './http-transport.js';
import { wireFactsOf } from './wire-facts.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A raw server, to break answers off where no HTTP library would. */
async function rawServer(answer: (socket: Socket) => void): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      answer(socket);
    });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${String(port)}/token?secret=synthetic-secret`, connections: () => connections };
}

/** Answers with these lines. */
const answering = (...lines: readonly string[]) =>
  rawServer((socket) => {
    socket.end(lines.join('\r\n'));
  });

const post = (url: string) => new Request(url, { method: 'POST', body: 'code=synthetic-secret' });

describe('createHttpTransport', () => {
  it('knows the names of headers as they were written, in their order, and repeated ones', async () => {
    const lines = [
      'HTTP/1.1 200 OK',
      'X-Ca-Err: 0',
      'set-cookie: a=1',
      'Content-Length: 2',
      'Set-Cookie: b=2',
      '',
      'ok',
    ];
    const response = await createHttpTransport()(new Request((await answering(...lines)).url));
    expect(wireFactsOf(response)).toEqual({
      headerNames: ['X-Ca-Err', 'set-cookie', 'Content-Length', 'Set-Cookie'],
      tls: null,
    });
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-ca-err')).toBe('0');
    expect(wireFactsOf(new Response())).toBeUndefined();
  });

  it('brings the answer, does not follow redirects, adds headers', async () => {
    const agent = new MockAgent();
    agent.disableNetConnect();
    const pool = agent.get('http://bank.test');
    pool
      .intercept({ path: '/token', method: 'POST', headers: { 'user-agent': 'synthetic-code' } })
      .reply(302, 'moved', { headers: { location: '/elsewhere', 'set-cookie': ['a=1', 'b=2'] } });
    const transport = createHttpTransport({ dispatcher: agent, headers: { 'User-Agent': 'synthetic-code' } });
    const response = await transport(new Request('http://bank.test/token', { method: 'POST', body: 'a=1' }));
    expect([response.status, response.headers.get('location'), await response.text()]).toEqual([
      302,
      '/elsewhere',
      'moved',
    ]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    agent.assertNoPendingInterceptors();
  });

  it('a refused connection was surely not sent', async () => {
    const { url } = await rawServer(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    await expect(exchange(createHttpTransport(), post(url))).rejects.toMatchObject({
      code: 'ERR_TRANSPORT_NOT_SENT',
      mayHaveBeenProcessed: false,
    });
  });

  it.each([
    ['closes without a word', ''],
    ['closes within the head', 'HTTP/1.1 200 O'],
    ['closes within the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"access_token"'],
    ['closes within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"a'],
    ['sends no HTTP', 'synthetic nonsense\r\n\r\n'],
  ])('a server that %s: the answer is lost, and asked for once', async (_what, bytes) => {
    const { url, connections } = await rawServer((socket) => socket.end(bytes));
    await expect(exchange(createHttpTransport(), post(url))).rejects.toMatchObject({
      code: 'ERR_TRANSPORT_ANSWER_LOST',
      mayHaveBeenProcessed: true,
    });
    expect(connections()).toBe(1);
  });

  it('a server that stays silent: lost after the time-out', async () => {
    const { url } = await rawServer(() => undefined);
    await expect(exchange(createHttpTransport({ timeoutMs: 50 }), post(url))).rejects.toMatchObject({
      code: 'ERR_TRANSPORT_ANSWER_LOST',
    });
  });

  it('an answer without end is cut', async () => {
    const { url } = await rawServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(5000)}`));
    await expect(exchange(createHttpTransport({ maxBodyBytes: 1000 }), post(url))).rejects.toThrow(/1000 bytes/);
  });

  it('says nothing secret', async () => {
    const { url } = await rawServer((socket) => socket.end());
    const error: unknown = await exchange(createHttpTransport(), post(url)).catch((reason: unknown) => reason);
    expect(JSON.stringify([String(error), error instanceof Error && error.cause])).not.toContain('synthetic-secret');
  });

  it.each([
    [
      Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) }),
      'ERR_TRANSPORT_NOT_SENT',
    ],
    [
      Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
      'ERR_TRANSPORT_ANSWER_LOST',
    ],
    [new Error('anything'), 'ERR_TRANSPORT_ANSWER_LOST'],
  ])('judges what an injected fetch throws (%s)', async (thrown, code) => {
    await expect(exchange(() => Promise.reject(thrown), post('http://bank.test/'))).rejects.toMatchObject({ code });
  });
});
