import { describe, expect, it } from 'vitest';
import { RunSecrets } from './run-secrets.js';
import { madeCalls } from './testing/made-call.js';

const secret = 'segredo+de/teste=0123456789';
const known = (): RunSecrets => {
  const secrets = new RunSecrets();
  secrets.add('the client secret', secret);
  secrets.addTraffic(
    madeCalls([
      {
        body: { grant_type: 'authorization_code', code: 'codigo-de-teste-1', code_verifier: 'v'.repeat(43) },
        answer: { access_token: 'acesso-de-teste-1', refresh_token: 'renova-de-teste-1', id_token: 'quem-de-teste-1' },
      },
    ]),
  );
  return secrets;
};

describe('a secret is found', () => {
  const basic = Buffer.from(`l7id:${secret}`).toString('base64');
  it.each([
    ['as it is', `<p>${secret}</p>`],
    ['in an address', `https://x.example/?s=${encodeURIComponent(secret)}`],
    ['in JSON', JSON.stringify({ text: JSON.stringify({ secret }) })],
    ['in a Basic header', `Authorization: Basic ${basic}`],
    ['in base64 that begins elsewhere', Buffer.from(`ab ${secret} cd`).toString('base64url')],
  ])('%s', (_how, text) => {
    expect(known().kindsIn(text)).toEqual(['the client secret']);
  });
});

it('each kind of what went through the bank is known', () => {
  expect(known().kindsIn('acesso-de-teste-1 renova-de-teste-1')).toEqual(['an access token', 'a refresh token']);
  expect(known().kindsIn(`quem-de-teste-1 ${'v'.repeat(43)}`)).toEqual(['an id_token', 'a code_verifier']);
  expect(known().kindsIn('?code=codigo-de-teste-1')).toEqual(['an authorization code']);
});

it('a code that the bank gave is known though it was never redeemed', () => {
  const secrets = new RunSecrets();
  const [redirect] = madeCalls([{ endpoint: 'consent', status: 302 }]);
  if (redirect === undefined) throw new Error('no call');
  const headers = new Headers({ location: 'http://127.0.0.1:3000/callback?code=nunca-trocado-1&state=s' });
  secrets.addTraffic([{ ...redirect, answer: { ...redirect.answer, headers } }]);
  expect(secrets.kindsIn('nunca-trocado-1')).toEqual(['an authorization code']);
});

it('what is masked, or too short to be told from a word, is not', () => {
  const secrets = known();
  secrets.add('the client secret', 'senha');
  expect(secrets.kindsIn('acesso-de…, senha, {"token":"***"}')).toEqual([]);
});
