import { describe, expect, it } from 'vitest';
import { refreshFault } from './refresh-request.js';
import { madeCalls } from './testing/made-call.js';
import type { MadeCall } from './testing/made-call.js';

const basic = { authorization: `Basic ${Buffer.from('id:secret').toString('base64')}` };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const right: MadeCall = {
  headers: { ...basic, ...form },
  body: { grant_type: 'refresh_token', refresh_token: 'R1', scope: 'saldo' },
  answer: { access_token: 'a' },
};
const judge = (made: MadeCall, bank: 'bs2' | 'btg' = 'bs2') =>
  madeCalls([made]).map((call) => refreshFault(call, { bank, refreshToken: 'R1', clientSecret: 's+e' }))[0];

describe('a refresh', () => {
  it.each([
    ['with Basic and scope', right, 'bs2'],
    [
      'with a charset in the content type',
      { ...right, headers: { ...basic, 'content-type': `${form['content-type']}; charset=utf-8` } },
      'bs2',
    ],
    [
      'with the client in the body, at BS2',
      {
        ...right,
        headers: form,
        body: {
          grant_type: 'refresh_token',
          refresh_token: 'R1',
          scope: 'saldo',
          client_id: 'id',
          client_secret: 'secret',
        },
      },
      'bs2',
    ],
    ['without scope, at BTG', { ...right, body: { grant_type: 'refresh_token', refresh_token: 'R1' } }, 'btg'],
    ['with scope, at BTG', right, 'btg'],
  ] as const)('%s is right', (_how, made, bank) => {
    expect(judge(made, bank)).toBe(null);
  });

  it.each([
    ['by GET', { ...right, method: 'GET' }, 'a GET'],
    [
      'with the token in the address',
      { ...right, url: 'http://bank/token?refresh_token=R1' },
      'secrets in its address, which logs keep',
    ],
    [
      'with the secret in the address',
      { ...right, url: 'http://bank/token?client_secret=s%2Be' },
      'secrets in its address, which logs keep',
    ],
    [
      'as JSON',
      { ...right, headers: { ...basic, 'content-type': 'application/json' }, body: '{"refresh_token":"R1"}' },
      'the content type application/json',
    ],
    ['without content type', { ...right, headers: basic }, 'the content type none'],
    [
      'with another grant_type',
      { ...right, body: { grant_type: 'password', refresh_token: 'R1' } },
      'another grant_type',
    ],
    ['without grant_type', { ...right, body: { refresh_token: 'R1' } }, 'no grant_type'],
    [
      'with the token under another name',
      { ...right, body: { grant_type: 'refresh_token', token: 'R1' } },
      'it as token',
    ],
    ['without the token', { ...right, body: { grant_type: 'refresh_token' } }, 'a refresh without it'],
    [
      'with two authentications',
      { ...right, body: { grant_type: 'refresh_token', refresh_token: 'R1', scope: 'saldo', client_secret: 'secret' } },
      'two: Basic and client_secret in the body',
    ],
    ['without authentication', { ...right, headers: form }, 'a refresh without'],
    [
      'without scope',
      { ...right, body: { grant_type: 'refresh_token', refresh_token: 'R1' } },
      'a refresh without scope',
    ],
    ['that the bank refuses', { ...right, status: 400 }, '400, without a reason'],
  ] as const)('%s is wrong', (_how, made, actual) => {
    expect(judge(made)?.actual).toBe(actual);
  });

  it('with the client in the body is wrong at BTG', () => {
    const body = { grant_type: 'refresh_token', refresh_token: 'R1', client_id: 'id', client_secret: 'secret' };
    expect(judge({ ...right, headers: form, body }, 'btg')?.actual).toBe('client_secret in the body');
  });
});
