import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  challengeBreach,
  framesBank,
  holdsClientSecret,
  identificationBreach,
  identificationOf,
  parameterBreach,
} from './authorization-request.js';
import { recordedCall } from './testing/recorded-request.js';
import type { RecordedRequest } from './testing/recorded-request.js';

const parameters = {
  response_type: 'code',
  client_id: 'cliente',
  redirect_uri: 'http://127.0.0.1:3000/callback',
  scope: 'openid contas',
};
const asked = (changes: Record<string, string | null>, rest: RecordedRequest = {}) => {
  const query = new URLSearchParams(parameters);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return recordedCall({ query: query.toString(), facts: { outcome: 'login' }, ...rest });
};
const basic = { authorization: `Basic ${Buffer.from('cliente:segredo').toString('base64')}` };
const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url');

describe('the parameters of an authorization request', () => {
  it('are complete', () => {
    expect(parameterBreach(asked({}))).toBeNull();
    expect(parameterBreach(asked({ client_id: null, scope: 'contas' }, { bank: 'bs2', headers: basic }))).toBeNull();
    const form = new URLSearchParams(parameters).toString();
    expect(parameterBreach(recordedCall({ method: 'POST', body: form, facts: { outcome: 'login' } }))).toBeNull();
  });

  it.each<[string, Record<string, string | null>]>([
    ['no response_type', { response_type: null }],
    ['another one', { response_type: 'token' }],
    ['no redirect_uri', { redirect_uri: null }],
    ['no scope', { scope: null }],
    ['no scope', { scope: '' }],
    ['a scope without it', { scope: 'contas openid2' }],
    ['none', { client_id: null }],
  ])('lack something: %s', (actual, changes) => {
    expect(parameterBreach(asked(changes))).toMatchObject({ actual });
  });

  it('come once', () => {
    const query = `${new URLSearchParams(parameters).toString()}&scope=openid`;
    expect(parameterBreach(recordedCall({ query }))).toMatchObject({ actual: 'scope more than once' });
  });

  it('are what the bank takes, unless another check says what is wrong', () => {
    const facts = { outcome: 'invalid_scope' };
    expect(parameterBreach(asked({}, { facts }))).toMatchObject({ actual: 'the bank refused it (invalid_scope)' });
    expect(parameterBreach(asked({ code_challenge: 'v'.repeat(43) }, { facts }))).toBeNull();
    expect(parameterBreach(asked({ client_id: null }, { bank: 'bs2', facts }))).toBeNull();
  });
});

describe('the client of a request to BS2', () => {
  it('is named by Basic or by client_id', () => {
    expect(identificationBreach(asked({}, { bank: 'bs2' }))).toBeNull();
    expect(identificationBreach(asked({ client_id: null }, { bank: 'bs2', headers: basic }))).toBeNull();
    expect(identificationBreach(asked({ client_id: null }, { bank: 'bs2' }))).not.toBeNull();
    expect(identificationBreach(asked({ client_id: null }))).toBeNull();
  });

  it('is told apart by who sent it, browser or backend', () => {
    expect(identificationOf(asked({}, { bank: 'bs2' }))).toBe('client_id in the query');
    const backend = asked({}, { bank: 'bs2', headers: { ...basic, 'sec-fetch-mode': 'cors', 'user-agent': 'node' } });
    expect(identificationOf(backend)).toContain('backend');
    const browser = asked({}, { bank: 'bs2', headers: { ...basic, 'sec-fetch-mode': 'navigate' } });
    expect(identificationOf(browser)).toContain('browser');
  });
});

describe('a PKCE challenge', () => {
  it('is by S256', () => {
    expect(challengeBreach(asked({}))).toBeNull();
    expect(challengeBreach(asked({ code_challenge: challenge, code_challenge_method: 'S256' }))).toBeNull();
  });

  it.each<[string, Record<string, string>]>([
    ['no method, which means plain', { code_challenge: challenge }],
    ['another method', { code_challenge: challenge, code_challenge_method: 'plain' }],
    ['the method alone', { code_challenge_method: 'S256' }],
    ['64 characters', { code_challenge: 'a'.repeat(64), code_challenge_method: 'S256' }],
  ])('is not: %s', (actual, changes) => {
    expect(challengeBreach(asked(changes))).toMatchObject({ actual });
  });

  it('means nothing to BS2', () => {
    expect(challengeBreach(asked({ code_challenge: 'x' }, { bank: 'bs2' }))).toBeNull();
  });
});

it('finds a client secret however an address writes it', () => {
  const client = { id: 'cliente', secret: 'se+gr/edo=1234', scope: '' };
  const pair = Buffer.from('cliente:se+gr/edo=1234');
  for (const text of [
    'https://banco.example/?client_secret=se%2Bgr%2Fedo%3D1234',
    'https://cliente:se+gr/edo=1234@banco.example/',
    `https://banco.example/?auth=${pair.toString('base64')}`,
    `https://banco.example/?auth=${encodeURIComponent(pair.toString('base64'))}`,
    `https://banco.example/?next=${encodeURIComponent('/x?client_secret=se%2Bgr%2Fedo%3D1234')}`,
  ])
    expect(holdsClientSecret(text, client), text).toBe(true);
  expect(holdsClientSecret('https://banco.example/?client_id=cliente', client)).toBe(false);
});

it('takes a short secret for one only where it stands for one', () => {
  const client = { id: 'cliente', secret: 'banco', scope: '' };
  expect(holdsClientSecret('https://banco.example/login?client_id=cliente', client)).toBe(false);
  expect(holdsClientSecret('https://banco.example/login?client_secret=banco', client)).toBe(true);
  expect(holdsClientSecret('https://cliente:banco@banco.example/login', client)).toBe(true);
});

it('finds the bank in a frame, and not in a link', () => {
  const isAtBank = (url: string): boolean => url.startsWith('https://banco.example/');
  expect(framesBank('<iframe title="x" src="https://banco.example/login"></iframe>', isAtBank)).toBe(true);
  expect(framesBank('<a href="https://banco.example/login">entrar</a><iframe src="/ajuda">', isAtBank)).toBe(false);
});
