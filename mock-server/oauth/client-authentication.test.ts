import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  authenticateClient,
  parseBasic,
  readClientCredentials,
  secretsEqual,
  strictClientAuthentication,
} from './client-authentication.js';
import type { AuthenticatableClient, ClientAuthenticationOptions, ClientCredentials } from './client-authentication.js';
import { RequestParameters } from './request-parameters.js';

const formEncode = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('parseBasic', () => {
  it('reads any id and secret that were form-encoded', () => {
    const part = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(part, fc.string({ unit: 'grapheme' }), (id, secret) => {
        expect(parseBasic(basic(`${formEncode(id)}:${formEncode(secret)}`))).toEqual({ id, secret });
      }),
    );
  });

  it('reads ids and secrets of plain characters that nobody encoded', () => {
    expect(parseBasic(basic('l7c0ffee:se:cret'))).toEqual({ id: 'l7c0ffee', secret: 'se:cret' });
    expect(parseBasic('bAsIc   bDc6eA==  ')).toEqual({ id: 'l7', secret: 'x' });
  });

  it('never throws, and reads nothing of what is not Basic', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseBasic(text)));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const read = parseBasic(`Basic ${Buffer.from(bytes).toString('base64')}`);
        expect(read === null || read.id !== '').toBe(true);
      }),
    );
  });

  it.each([
    ['another scheme', 'Bearer abc'],
    ['no value', 'Basic '],
    ['no colon', basic('l7c0ffee')],
    ['no id', basic(':secret')],
    ['not base64', 'Basic l7:secret'],
    ['two values', 'Basic bDc6eA== bDc6eA=='],
    ['base64 with padding inside', 'Basic bD=c6eA'],
    ['a control character', basic('l7:se\ncret')],
    ['a NUL', basic('l7\0:secret')],
    ['bytes that are no UTF-8', `Basic ${Buffer.from([0x6c, 0x37, 0x3a, 0xff]).toString('base64')}`],
    ['broken percent-encoding', basic('l7:100%')],
  ])('refuses %s', (_name, header) => {
    expect(parseBasic(header)).toBe(null);
  });
});

describe('readClientCredentials', () => {
  const read = (authorization: string | undefined, body: string): ClientCredentials =>
    readClientCredentials(authorization, new RequestParameters(body));
  const header = basic('l7:secret');

  it.each([
    ['nothing', undefined, '', { kind: 'none' }],
    ['an id alone', undefined, 'client_id=l7', { kind: 'identified', id: 'l7' }],
    ['a secret alone', undefined, 'client_secret=secret', { kind: 'none' }],
    [
      'both in the body',
      undefined,
      'client_id=l7&client_secret=secret',
      { kind: 'secret', method: 'body', id: 'l7', secret: 'secret' },
    ],
    ['Basic', header, '', { kind: 'secret', method: 'basic', id: 'l7', secret: 'secret' }],
    ['Basic and the same id', header, 'client_id=l7', { kind: 'secret', method: 'basic', id: 'l7', secret: 'secret' }],
    ['Basic and another id', header, 'client_id=l8', { kind: 'several' }],
    ['Basic and a secret', header, 'client_id=l7&client_secret=secret', { kind: 'several' }],
    ['an unreadable header', 'Bearer x', 'client_id=l7&client_secret=secret', { kind: 'malformed' }],
    ['an empty header', '', 'client_id=l7', { kind: 'malformed' }],
  ] as const)('%s', (_name, authorization, body, expected) => {
    expect(read(authorization, body)).toEqual(expected);
  });
});

describe('authenticateClient', () => {
  const confidential: AuthenticatableClient = { id: 'l7', secret: 'secret' };
  const open: AuthenticatableClient = { id: 'l7', secret: null };
  const all: ClientAuthenticationOptions = { acceptsBasic: true, acceptsBody: true, acceptsPublicClients: true };
  const secret = (method: 'basic' | 'body', value = 'secret'): ClientCredentials => ({
    kind: 'secret',
    method,
    id: 'l7',
    secret: value,
  });

  it.each([
    ['no credentials', { kind: 'none' }, confidential, all, 'missing'],
    ['an unreadable header', { kind: 'malformed' }, confidential, all, 'malformed'],
    ['two methods', { kind: 'several' }, confidential, all, 'several'],
    ['an unknown id', { kind: 'identified', id: 'x' }, undefined, all, 'unknown-client'],
    ['an unknown id with a secret', secret('basic'), undefined, all, 'unknown-client'],
    ['a confidential client without its secret', { kind: 'identified', id: 'l7' }, confidential, all, 'secret-missing'],
    ['a public client', { kind: 'identified', id: 'l7' }, open, all, null],
    [
      'a public client where none is taken',
      { kind: 'identified', id: 'l7' },
      open,
      { ...all, acceptsPublicClients: false },
      'secret-missing',
    ],
    ['a public client with a secret', secret('basic'), open, all, 'wrong-secret'],
    ['a public client with an empty secret', secret('basic', ''), open, all, 'wrong-secret'],
    ['the right secret by Basic', secret('basic'), confidential, all, null],
    ['the right secret in the body', secret('body'), confidential, all, null],
    ['Basic where it is not taken', secret('basic'), confidential, { ...all, acceptsBasic: false }, 'method'],
    ['the body where it is not taken', secret('body'), confidential, { ...all, acceptsBody: false }, 'method'],
    ['a wrong secret of the same length', secret('basic', 'secreT'), confidential, all, 'wrong-secret'],
    ['a longer secret', secret('body', 'secret '), confidential, all, 'wrong-secret'],
    ['an empty secret', secret('basic', ''), confidential, all, 'wrong-secret'],
  ] as const)('%s', (_name, credentials, client, policy, why) => {
    expect(authenticateClient(credentials, client, strictClientAuthentication(policy))).toEqual(
      why === null ? { kind: 'authenticated' } : { kind: 'refused', why },
    );
  });

  it('compares secrets as strings do, whatever their length', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (first, second) => {
        expect(secretsEqual(first, second)).toBe(first === second);
        expect(secretsEqual(first, first)).toBe(true);
      }),
    );
  });
});
