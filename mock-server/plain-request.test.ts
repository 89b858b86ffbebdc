import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainRequest } from './plain-request.js';
import { bodyLimitBytes } from './request-body.js';
import { SocketHeaders } from './socket-headers.js';

function requestOf(method: string, target: string, rawHeaders: readonly string[]): IncomingMessage {
  const incoming = new IncomingMessage(new Socket());
  incoming.method = method;
  incoming.url = target;
  incoming.rawHeaders = [...rawHeaders];
  return incoming;
}
const read = (method: string, target: string, ...rawHeaders: string[]) =>
  readPlainRequest(requestOf(method, target, rawHeaders), 'http');

describe('readPlainRequest', () => {
  it('takes only addresses that a URL would write as they are', () => {
    const host = fc.oneof(
      fc.constantFrom(
        '127.0.0.1:4010',
        'localhost',
        'id.btgpactual.com',
        'Bank:80',
        '[::1]:4010',
        'a b',
        'x:99999',
        '',
      ),
      fc.string({
        unit: fc.constantFrom('a', 'x', 'n', '--', 'Z', '0', '.', '-', '_', ':4010', ':', '@', '/', '\\', '[', '%'),
        maxLength: 12,
      }),
    );
    const target = fc
      .string({ unit: fc.constantFrom(...'aZ09/?#.%2eE&=+~\'"<>\\^`{|}[]@:;$! é\t'), maxLength: 20 })
      .map((rest) => `/${rest}`);
    fc.assert(
      fc.property(host, target, (name, path) => {
        const plain = read('GET', path, 'Host', name);
        if (plain !== null) expect(plain.url).toBe(new URL(plain.url).href);
      }),
      { numRuns: 2000 },
    );
    expect(read('GET', '/bs2/a?b=%20c', 'Host', '127.0.0.1:4010')?.url).toBe('http://127.0.0.1:4010/bs2/a?b=%20c');
  });

  it.each([
    ['a body without its length', 'POST', ['Host', 'a']],
    ['a body in pieces', 'POST', ['Host', 'a', 'Transfer-Encoding', 'chunked']],
    ['a body that is too large', 'POST', ['Host', 'a', 'Content-Length', String(bodyLimitBytes + 1)]],
    ['a GET with a body', 'GET', ['Host', 'a', 'Content-Length', '3']],
    ['no host', 'GET', []],
  ])('leaves %s to others', (_name, method, headers) => {
    expect(read(method, '/bs2/', ...headers)).toBeNull();
  });

  it('says that a body did not come to its end', async () => {
    const incoming = requestOf('POST', '/bs2/', ['Host', 'a', 'Content-Length', '10']);
    const body = readPlainRequest(incoming, 'http')?.readBody();
    incoming.push('grant');
    incoming.destroy(new Error('aborted'));
    await expect(body).rejects.toThrow('aborted');
  });
});

describe('SocketHeaders', () => {
  it('says what fetch’s Headers say', () => {
    const name = fc.constantFrom('Host', 'authorization', 'Accept', 'ACCEPT', 'Cookie', 'cookie', 'X-Other');
    const value = fc.string({
      unit: fc.constantFrom('a', 'B', '1', ';', ',', '=', '\u00e9'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (fields) => {
        const headers = new Headers();
        for (const [field, said] of fields) headers.append(field, said);
        const socketHeaders = new SocketHeaders(fields.flat());
        expect([...socketHeaders]).toEqual([...headers]);
        for (const field of ['host', 'Authorization', 'accept', 'COOKIE', 'x-other', 'absent']) {
          expect(socketHeaders.get(field)).toBe(headers.get(field));
          expect(socketHeaders.has(field)).toBe(headers.has(field));
        }
      }),
    );
  });
});
