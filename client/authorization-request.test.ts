import { describe, expect, it } from 'vitest';
import { pkceChallenge, randomValue, startAuthorization } from './authorization-request.js';

const input = {
  bank: 'btg',
  authorizationEndpoint: 'https://bank.test/oauth2/authorize',
  issuer: 'https://bank.test',
  clientId: 'synthetic-client',
  sendsClientId: true,
  redirectUri: 'http://localhost:3000/callback',
  scope: 'openid accounts',
  usesPkce: true,
  usesNonce: true,
  now: 1_000,
};

describe('startAuthorization', () => {
  it('sends what the transaction remembers, and the challenge instead of the verifier', () => {
    const { url, transaction } = startAuthorization({ ...input, parameters: { prompt: 'login' } });
    expect(Object.fromEntries(new URL(url).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'synthetic-client',
      redirect_uri: 'http://localhost:3000/callback',
      scope: 'openid accounts',
      prompt: 'login',
      state: transaction.state,
      nonce: transaction.nonce,
      code_challenge: pkceChallenge(transaction.codeVerifier ?? ''),
      code_challenge_method: 'S256',
    });
    expect(url).not.toContain(transaction.codeVerifier);
    expect(transaction).toMatchObject({ bank: 'btg', issuer: 'https://bank.test', createdAt: 1_000 });
  });

  it('leaves out PKCE, nonce and client_id where the bank does not have them', () => {
    const { url, transaction } = startAuthorization({
      ...input,
      usesPkce: false,
      usesNonce: false,
      sendsClientId: false,
    });
    expect([...new URL(url).searchParams.keys()].sort()).toEqual(['redirect_uri', 'response_type', 'scope', 'state']);
    expect(transaction).toMatchObject({ nonce: null, codeVerifier: null });
  });

  it('never repeats a parameter, not even one of the endpoint or of the caller', () => {
    const endpoint = 'https://bank.test/authorize?state=fixed&tenant=a';
    const { url, transaction } = startAuthorization({
      ...input,
      authorizationEndpoint: endpoint,
      parameters: { state: 'mine', response_type: 'token' },
    });
    const query = new URL(url).searchParams;
    expect(query.getAll('state')).toEqual([transaction.state]);
    expect(query.getAll('response_type')).toEqual(['code']);
    expect(query.get('tenant')).toBe('a');
  });

  it('is fresh each time', () => {
    const starts = Array.from({ length: 50 }, () => startAuthorization(input).transaction);
    expect(new Set(starts.flatMap((start) => [start.state, start.nonce, start.codeVerifier])).size).toBe(150);
  });

  it('writes spaces as %20', () => {
    expect(startAuthorization(input).url).toContain('scope=openid%20accounts');
  });

  it.each(['/callback', 'localhost', 'https://app.test/callback#part', ''])(
    'refuses the redirect URI %j',
    (redirectUri) => {
      expect(() => startAuthorization({ ...input, redirectUri })).toThrowError(
        expect.objectContaining({ code: 'ERR_REDIRECT_URI_INVALID' }),
      );
    },
  );
});

describe('pkceChallenge', () => {
  it('gives the value of RFC 7636 appendix B', () => {
    expect(pkceChallenge('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('verifiers are 43 unreserved characters', () => {
    expect(randomValue()).toMatch(/^[A-Za-z0-9._~-]{43}$/);
  });
});
