import { Buffer } from 'node:buffer';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { validateIdToken, type IdTokenExpectations } from './id-token.js';

const secret = 'synthetic-secret-synthetic-secret-synthetic-secret';
const now = 1_800_000_000_000;
const nowSeconds = now / 1000;
const good = {
  iss: 'https://id.bank.test',
  sub: '00000000191',
  aud: 'synthetic-client',
  exp: nowSeconds + 300,
  iat: nowSeconds,
  nonce: 'synthetic-nonce',
};
const expected: IdTokenExpectations = {
  algorithm: 'HS256',
  key: { kind: 'client-secret', secret },
  issuer: 'https://id.bank.test',
  clientId: 'synthetic-client',
  nonce: 'synthetic-nonce',
  original: null,
  now,
};

const sign = (claims: Record<string, unknown>, key = secret, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('validateIdToken', () => {
  it.each([
    good,
    { ...good, aud: ['synthetic-client'] },
    { ...good, azp: 'synthetic-client', email: 'a@b.test' },
    { ...good, exp: nowSeconds - 29 },
    { ...good, iat: nowSeconds + 29 },
  ])('accepts %j', async (claims) => {
    expect(await validateIdToken(await sign(claims), expected)).toMatchObject({ sub: '00000000191' });
  });

  it.each([
    ['iss with a slash', { ...good, iss: 'https://id.bank.test/' }, 'ERR_ID_TOKEN_ISSUER'],
    ['other iss', { ...good, iss: 'https://evil.test' }, 'ERR_ID_TOKEN_ISSUER'],
    ['other aud', { ...good, aud: 'other' }, 'ERR_ID_TOKEN_AUDIENCE'],
    ['no aud at all', { ...good, aud: [] }, 'ERR_ID_TOKEN_AUDIENCE'],
    ['extra aud', { ...good, aud: ['synthetic-client', 'other'] }, 'ERR_ID_TOKEN_AUDIENCE'],
    ['other azp', { ...good, azp: 'other' }, 'ERR_ID_TOKEN_AUDIENCE'],
    ['expired', { ...good, exp: nowSeconds - 30 }, 'ERR_ID_TOKEN_EXPIRED'],
    ['future iat', { ...good, iat: nowSeconds + 31 }, 'ERR_ID_TOKEN_NOT_YET_VALID'],
    ['future nbf', { ...good, nbf: nowSeconds + 31 }, 'ERR_ID_TOKEN_NOT_YET_VALID'],
    ['old iat', { ...good, iat: nowSeconds - 631 }, 'ERR_ID_TOKEN_ISSUED_TOO_LONG_AGO'],
    ['other nonce', { ...good, nonce: 'other' }, 'ERR_ID_TOKEN_NONCE'],
    ['no nonce', { ...good, nonce: undefined }, 'ERR_ID_TOKEN_NONCE'],
    ['no sub', { ...good, sub: undefined }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
    ['no exp', { ...good, exp: undefined }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
    ['no iat', { ...good, iat: undefined }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
    ['no aud', { ...good, aud: undefined }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
    ['no iss', { ...good, iss: undefined }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
    ['exp as text', { ...good, exp: '9999999999' }, 'ERR_ID_TOKEN_CLAIM_MISSING'],
  ])('refuses %s', async (_what, claims, code) => {
    await expect(validateIdToken(await sign(claims), expected)).rejects.toMatchObject({ code });
  });

  it.each([
    ['another key', () => sign(good, `${secret}x`), 'ERR_ID_TOKEN_SIGNATURE'],
    ['another algorithm', () => sign(good, secret.repeat(2), 'HS512'), 'ERR_ID_TOKEN_ALGORITHM'],
    ['alg none', async () => `${encode({ alg: 'none' })}.${encode(good)}.`, 'ERR_ID_TOKEN_ALGORITHM'],
    ['no signature', async () => `${encode({ alg: 'HS256' })}.${encode(good)}.`, 'ERR_ID_TOKEN_SIGNATURE'],
    [
      'a payload changed',
      async () => (await sign(good)).replace(/\..*\./, `.${encode({ ...good, sub: 'x' })}.`),
      'ERR_ID_TOKEN_SIGNATURE',
    ],
    [
      'an unknown crit',
      async () => `${encode({ alg: 'HS256', crit: ['b64'], b64: false })}.${encode(good)}.AA`,
      'ERR_ID_TOKEN_MALFORMED',
    ],
    [
      'an access token',
      async () => `${encode({ alg: 'HS256', typ: 'at+jwt' })}.${encode(good)}.AA`,
      'ERR_ID_TOKEN_MALFORMED',
    ],
    ['no JWT', async () => 'synthetic', 'ERR_ID_TOKEN_MALFORMED'],
    ['nothing', async () => '', 'ERR_ID_TOKEN_MALFORMED'],
    ['an encrypted token', async () => `${encode({ alg: 'dir' })}.a.b.c.d`, 'ERR_ID_TOKEN_MALFORMED'],
  ])('refuses %s', async (_what, make, code) => {
    await expect(validateIdToken(await make(), expected)).rejects.toMatchObject({ code });
  });

  it('a public client checks everything but the signature', async () => {
    const publicClient = { ...expected, key: { kind: 'tls' } } as const;
    expect(await validateIdToken(await sign(good, 'x'.repeat(40)), publicClient)).toMatchObject({ iss: good.iss });
    await expect(validateIdToken(await sign({ ...good, aud: 'other' }), publicClient)).rejects.toMatchObject({
      code: 'ERR_ID_TOKEN_AUDIENCE',
    });
    await expect(validateIdToken(`${encode({ alg: 'none' })}.${encode(good)}.`, publicClient)).rejects.toMatchObject({
      code: 'ERR_ID_TOKEN_ALGORITHM',
    });
  });

  it.each([
    ['sub', { ...good, sub: '00000000272' }, 'ERR_ID_TOKEN_CHANGED'],
    ['nonce', { ...good, nonce: 'another' }, 'ERR_ID_TOKEN_CHANGED'],
    ['nothing, with the same nonce', good, null],
    ['nothing, without nonce', { ...good, nonce: undefined }, null],
    ['nothing, aud as list', { ...good, aud: ['synthetic-client'] }, null],
  ])('after a refresh that changed %s', async (_what, claims, code) => {
    const judged = validateIdToken(await sign(claims), { ...expected, nonce: null, original: good });
    if (code === null) await expect(judged).resolves.toBeDefined();
    else await expect(judged).rejects.toMatchObject({ code });
  });

  it('says nothing of the person in its errors', async () => {
    const judged = validateIdToken(await sign({ ...good, aud: 'other' }), expected);
    await expect(judged).rejects.not.toThrow(/00000000191/);
  });
});
