import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticateClient, basicCredentials } from './client-authentication.js';

function decode(header: string): [string, string] {
  const [id = '', secret = ''] = Buffer.from(header.replace(/^Basic /, ''), 'base64')
    .toString('utf8')
    .split(':');
  const read = (text: string) => new URLSearchParams(`v=${text}`).get('v') ?? '';
  return [read(id), read(secret)];
}

describe('basicCredentials', () => {
  it.each([
    ['synthetic-id', 'synthetic-secret', 'synthetic-id:synthetic-secret'],
    ['l7 key', 's+cret', 'l7+key:s%2Bcret'],
    ['a:b', 'c%d', 'a%3Ab:c%25d'],
    ['ação', '&=', 'a%C3%A7%C3%A3o:%26%3D'],
  ])('%j and %j', (id, secret, plain) => {
    expect(basicCredentials(id, secret)).toBe(`Basic ${Buffer.from(plain).toString('base64')}`);
  });

  it('is read back by a server that follows RFC 6749 2.3.1, for any id and secret', () => {
    const text = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(text, text, (id, secret) => {
        expect(decode(basicCredentials(id, secret))).toEqual([id, secret]);
      }),
    );
  });

  it('is always one line of visible ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (id, secret) => {
        expect(basicCredentials(id, secret)).toMatch(/^Basic [A-Za-z0-9+/=]+$/);
      }),
    );
  });
});

describe('authenticateClient', () => {
  it.each([
    ['basic', 'synthetic-secret', { header: true, body: '' }],
    ['body', 'synthetic-secret', { header: false, body: 'client_id=synthetic-id&client_secret=synthetic-secret' }],
    ['none', 'synthetic-secret', { header: false, body: 'client_id=synthetic-id' }],
    ['basic', undefined, { header: false, body: 'client_id=synthetic-id' }],
  ] as const)('%s with secret %s uses exactly one method', (method, secret, expected) => {
    const headers = new Headers();
    const body = new URLSearchParams();
    authenticateClient({ id: 'synthetic-id', secret }, method, headers, body);
    expect(headers.has('authorization')).toBe(expected.header);
    expect(body.toString()).toBe(expected.body);
  });
});
