import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { bs2 } from './banks/bs2.js';
import { btg } from './banks/btg.js';
import type { BankClientOptions } from './bank-client.js';
import { createBankClient } from './create-bank-client.js';

const now = 1_800_000_000_000;
const redirectUri = 'http://localhost:3000/callback';
const client = { id: 'synthetic-client', secret: 'synthetic-secret-synthetic-secret-synthetic' };

interface Seen {
  method: string;
  url: string;
  authorization: string | null;
  body: URLSearchParams;
}

/** A synthetic bank: each answer is computed from the request. */
function bankOf(answer: (seen: Seen) => Response | Promise<Response>) {
  const seen: Seen[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const body = new URLSearchParams(await request.text());
    const one = { method: request.method, url: request.url, authorization: request.headers.get('authorization'), body };
    seen.push(one);
    return answer(one);
  };
  return { fetch, seen };
}

const tokens = (members: Record<string, unknown> = {}) =>
  Response.json({
    access_token: 'synthetic-access',
    token_type: 'Bearer',
    expires_in: 420,
    refresh_token: 'synthetic-refresh',
    ...members,
  });

const idToken = (claims: Record<string, unknown>) =>
  new SignJWT({
    iss: 'https://id.bank.test',
    sub: '00000000191',
    aud: client.id,
    exp: now / 1000 + 300,
    iat: now / 1000,
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(client.secret));

function btgClient(fetch: BankClientOptions['fetch'], change: Partial<BankClientOptions> = {}) {
  const location = { baseUrl: 'https://id.bank.test/', apiBaseUrl: 'https://api.bank.test/v1' };
  return createBankClient({
    profile: btg,
    ...location,
    client,
    redirectUri,
    scope: 'openid accounts',
    clock: () => now,
    fetch,
    ...change,
  });
}

function bs2Client(fetch: BankClientOptions['fetch'], change: Partial<BankClientOptions> = {}) {
  return createBankClient({
    profile: bs2,
    baseUrl: 'http://127.0.0.1:4010/bs2',
    client,
    redirectUri,
    scope: 'saldo',
    clock: () => now,
    fetch,
    ...change,
  });
}

describe('BTG', () => {
  it('goes from the authorization URL to validated tokens', async () => {
    const nonces: (string | null)[] = [];
    const { fetch, seen } = bankOf(async () =>
      tokens({ expires_in: 86400, id_token: await idToken({ nonce: nonces[0] }) }),
    );
    const bank = btgClient(fetch);
    const { url, transaction } = bank.startAuthorization();
    nonces.push(transaction.nonce);
    expect(url).toMatch(/^https:\/\/id\.bank\.test\/oauth2\/authorize\?prompt=login&/);
    expect(await bank.browserAddress({ url })).toBe(url);
    const callback = `/callback?code=synthetic-code&state=${transaction.state}&iss=https%3A%2F%2Fid.bank.test`;
    expect(await bank.finishAuthorization(callback, transaction)).toMatchObject({
      accessToken: 'synthetic-access',
      accessTokenExpiresAt: now + 86_400_000,
      idTokenClaims: { sub: '00000000191' },
    });
    expect(seen).toHaveLength(1);
    expect(Object.fromEntries(seen[0]?.body ?? [])).toEqual({
      grant_type: 'authorization_code',
      code: 'synthetic-code',
      redirect_uri: redirectUri,
      code_verifier: transaction.codeVerifier,
    });
  });

  it.each([
    ['a wrong nonce', async () => tokens({ id_token: await idToken({ nonce: 'other' }) }), 'ERR_ID_TOKEN_NONCE'],
    ['no id_token', async () => tokens(), 'ERR_ID_TOKEN_MISSING'],
    ['a refusal', async () => Response.json({ error: 'invalid_grant' }, { status: 400 }), 'ERR_TOKEN_REFUSED'],
    ['a lost answer', async () => Promise.reject(new Error('reset')), 'ERR_TRANSPORT_ANSWER_LOST'],
    ['a server error', async () => new Response('', { status: 503 }), 'ERR_TOKEN_SERVER_ERROR'],
  ])('after %s the code is not sent again', async (_what, answer, code) => {
    const { fetch, seen } = bankOf(answer);
    const bank = btgClient(fetch);
    const { transaction } = bank.startAuthorization();
    const callback = `/callback?code=synthetic-code&state=${transaction.state}&iss=https://id.bank.test`;
    await expect(bank.finishAuthorization(callback, transaction)).rejects.toMatchObject({ code });
    expect(seen).toHaveLength(1);
  });

  it('sends nothing after a callback that it refuses', async () => {
    const { fetch, seen } = bankOf(() => tokens());
    const bank = btgClient(fetch);
    const { transaction } = bank.startAuthorization();
    await expect(bank.finishAuthorization('/callback?code=c&state=x', transaction)).rejects.toThrow();
    const other = { ...transaction, bank: 'bs2' };
    await expect(bank.finishAuthorization('/callback', other)).rejects.toMatchObject({
      code: 'ERR_TRANSACTION_OF_OTHER_BANK',
    });
    expect(seen).toHaveLength(0);
  });

  it('refreshes without scope, keeps an unrotated refresh token and the first id_token', async () => {
    const answer = async () => tokens({ refresh_token: undefined, id_token: await idToken({}) });
    const { fetch, seen } = bankOf(answer);
    const claims = { iss: 'https://id.bank.test', sub: '00000000191', aud: client.id, exp: 1, iat: 1, nonce: 'n' };
    const previous = { refreshToken: 'synthetic-old', scope: 'openid accounts', idTokenClaims: claims };
    expect(await btgClient(fetch).refresh(previous)).toMatchObject({
      refreshToken: 'synthetic-old',
      scope: 'openid accounts',
      idTokenClaims: claims,
    });
    expect(seen[0]?.body.toString()).toBe('grant_type=refresh_token&refresh_token=synthetic-old');
    await expect(
      btgClient(fetch).refresh({ ...previous, idTokenClaims: { ...claims, sub: 'other' } }),
    ).rejects.toMatchObject({ code: 'ERR_ID_TOKEN_CHANGED' });
  });

  it('revokes', async () => {
    const { fetch, seen } = bankOf(() => new Response(null, { status: 200 }));
    await btgClient(fetch).revoke('synthetic-refresh');
    expect(seen[0]).toMatchObject({ method: 'POST', url: 'https://id.bank.test/oauth2/revoke' });
    expect(seen[0]?.body.toString()).toBe('token=synthetic-refresh&token_type_hint=refresh_token');
    const refusing = btgClient(async () => new Response('', { status: 503, headers: { 'retry-after': '5' } }));
    await expect(refusing.revoke('x')).rejects.toMatchObject({
      code: 'ERR_REVOCATION_UNAVAILABLE',
      retryAfterSeconds: 5,
    });
  });

  it('demands openid', () => {
    expect(() => btgClient(undefined).startAuthorization({ scope: 'accounts' })).toThrowError(
      expect.objectContaining({ code: 'ERR_SCOPE_MISSING' }),
    );
  });

  it('a public client takes TLS for the signature, and refuses to do so without TLS', async () => {
    const run = async (baseUrl: string) => {
      const bank = btgClient(async () => tokens({ id_token: await idToken({ iss: baseUrl }) }), {
        client: { id: client.id },
        baseUrl,
        profile: { ...btg, usesNonce: false },
      });
      const { transaction } = bank.startAuthorization();
      return bank.finishAuthorization(`/callback?code=c&state=${transaction.state}&iss=${baseUrl}`, transaction);
    };
    expect((await run('https://id.bank.test')).accessToken).toBe('synthetic-access');
    await expect(run('http://id.bank.test')).rejects.toMatchObject({ code: 'ERR_ID_TOKEN_KEY' });
  });
});

describe('BS2', () => {
  it('asks for the login address as a backend', async () => {
    const login = 'https://bank.test/authorize/login?sessionID=1';
    const { fetch, seen } = bankOf(() => new Response(null, { status: 302, headers: { location: login } }));
    const bank = bs2Client(fetch);
    const start = bank.startAuthorization();
    expect(new URL(start.url).searchParams.has('client_id')).toBe(false);
    expect(await bank.browserAddress(start)).toBe(login);
    expect(seen[0]).toMatchObject({ method: 'GET', url: start.url });
    expect(seen[0]?.authorization).toMatch(/^Basic /);
  });

  it('says when the bank does not lead to a login', async () => {
    const bank = bs2Client(async () => new Response('synthetic refusal', { status: 401 }));
    await expect(bank.browserAddress(bank.startAuthorization())).rejects.toMatchObject({
      code: 'ERR_AUTHORIZATION_LOCATION',
    });
  });

  it('repeats the scope when refreshing', async () => {
    const { fetch, seen } = bankOf(() => tokens());
    await bs2Client(fetch).refresh({ refreshToken: 'synthetic-old', scope: 'saldo extrato', idTokenClaims: null });
    expect(seen[0]?.url).toBe('http://127.0.0.1:4010/bs2/auth/oauth/v2/token');
    expect(seen[0]?.body.get('scope')).toBe('saldo extrato');
  });

  it('waits for the budget of its API Key', async () => {
    let time = now;
    const times: number[] = [];
    const { fetch } = bankOf(() => {
      times.push(time);
      return tokens();
    });
    const sleep = async (ms: number) => {
      time += ms;
    };
    const bank = bs2Client(fetch, { clock: () => time, sleep });
    await Promise.all(Array.from({ length: 12 }, () => bank.clientCredentials()));
    expect(times.filter((at) => at === now)).toHaveLength(10);
    expect(times.filter((at) => at >= now + 60_000)).toHaveLength(2);
  });

  it.each([
    ['an id that is not set', { client: { id: '', secret: 's' } }, 'ERR_CLIENT_ID_MISSING'],
    ['a base URL that is none', { baseUrl: 'id.bank.test' }, 'ERR_ADDRESS_INVALID'],
    ['an address of another kind', { endpoints: { token: 'ftp://id.bank.test/token' } }, 'ERR_ADDRESS_INVALID'],
  ] as const)('refuses %s before anything is sent', (_what, change, code) => {
    expect(() => btgClient(undefined, change)).toThrowError(expect.objectContaining({ code }));
  });

  it('needs a secret, and has no revocation', async () => {
    expect(() => bs2Client(undefined, { client: { id: 'x' } })).toThrowError(
      expect.objectContaining({ code: 'ERR_PUBLIC_CLIENT_WITHOUT_PKCE' }),
    );
    await expect(bs2Client(async () => tokens()).revoke('x')).rejects.toMatchObject({
      code: 'ERR_REVOCATION_UNSUPPORTED',
    });
  });

  it('calls the API with the token in the header, at the bank only', async () => {
    const { fetch, seen } = bankOf(() => new Response('Invalid token', { status: 400 }));
    const bank = bs2Client(fetch);
    const response = await bank.call('synthetic-access', bank.apiRequest('/pj/saldo?x=1'));
    expect(seen[0]).toMatchObject({
      url: 'http://127.0.0.1:4010/bs2/pj/saldo?x=1',
      authorization: 'Bearer synthetic-access',
    });
    expect(await bank.isAccessTokenRejected(response)).toBe(true);
    expect(await response.text()).toBe('Invalid token');
    const elsewhere = bank.call('synthetic-access', new Request('http://evil.test/'));
    await expect(elsewhere).rejects.toMatchObject({ code: 'ERR_BEARER_ADDRESS' });
    const twice = bank.call('synthetic-access', bank.apiRequest('/x?access_token=y'));
    await expect(twice).rejects.toMatchObject({ code: 'ERR_BEARER_TWICE' });
  });

  it('tells a call that was given up from one whose answer was lost', async () => {
    const giving = new AbortController();
    const broken = async (): Promise<Response> => Promise.reject(Object.assign(new Error(), { code: 'ECONNRESET' }));
    const bank = bs2Client(async () => {
      giving.abort(new Error('the customer left'));
      return broken();
    });
    const called = bank.call('synthetic-access', bank.apiRequest('/pj/saldo', { signal: giving.signal }));
    await expect(called).rejects.toThrow('the customer left');
    const { signal } = new AbortController();
    const lost = bs2Client(broken).call('synthetic-access', bank.apiRequest('/pj/saldo', { signal }));
    await expect(lost).rejects.toMatchObject({ code: 'ERR_TRANSPORT_ANSWER_LOST' });
  });

  it.each([
    [401, '', true],
    [403, '', false],
    [403, 'Invalid token', true],
    [200, 'Invalid token', false],
    [500, 'Invalid token', false],
  ])('status %i with %j rejects the token: %s', async (status, body, rejected) => {
    expect(await bs2Client(undefined).isAccessTokenRejected(new Response(body, { status }))).toBe(rejected);
  });
});

describe('endpoints', () => {
  it('can be overridden one by one', () => {
    const bank = bs2Client(undefined, {
      endpoints: { token: 'http://internal.test/token', revocation: 'http://internal.test/revoke' },
    });
    expect(bank.endpoints).toEqual({
      authorization: 'http://127.0.0.1:4010/bs2/api-banking/auth/oauth/v2/authorize',
      token: 'http://internal.test/token',
      revocation: 'http://internal.test/revoke',
      api: 'http://127.0.0.1:4010/bs2',
    });
  });
});
