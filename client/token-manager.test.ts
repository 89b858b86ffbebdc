import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { bs2 } from './banks/bs2.js';
import { createBankClient } from './create-bank-client.js';
import { createFileTokenStore } from './file-token-store.js';
import { createMemoryTokenStore } from './memory-token-store.js';
import { createTokenManager, type TokenManager, type TokenManagerOptions } from './token-manager.js';
import { ConsentRequiredError } from './token-manager-error.js';
import type { TokenStore } from './token-store.js';

const dayMs = 86_400_000;
const start = 1_800_000_000_000;
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

type Fault = 'lost-before' | 'lost-after' | 'truncated' | 'unsent' | Response;

/**
 * A synthetic bank with BS2's rules: a refresh kills the old refresh token and the old access token; tokens of 300 s
 * and 30 days. `time` is the clock of all; waiting moves it.
 */
function world(options: { rateLimit?: boolean } = {}) {
  const state = { time: start, tokenRequests: [] as number[], apiCalls: [] as string[], serial: 0 };
  const refreshTokens = new Map<string, { customer: string; expiresAt: number }>();
  const accessTokens = new Map<string, { token: string; expiresAt: number }>();
  const faults: Fault[] = [];
  const gates: Promise<void>[] = [];

  function issue(customer: string) {
    state.serial += 1;
    const serial = String(state.serial);
    refreshTokens.set(`refresh-${serial}`, { customer, expiresAt: state.time + 30 * dayMs });
    accessTokens.set(customer, { token: `access-${serial}`, expiresAt: state.time + 300_000 });
    return {
      access_token: `access-${serial}`,
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: `refresh-${serial}`,
    };
  }

  async function token(request: Request): Promise<Response> {
    const refreshToken = new URLSearchParams(await request.text()).get('refresh_token') ?? '';
    const recent = state.tokenRequests.filter((at) => at > state.time - 60_000);
    state.tokenRequests.push(state.time);
    if (options.rateLimit === true && recent.length >= 10)
      return new Response('', { status: 429, headers: { 'retry-after': '60' } });
    const fault = faults.shift();
    if (fault === 'unsent') throw Object.assign(new Error(), { code: 'ECONNREFUSED' });
    if (fault === 'lost-before') throw Object.assign(new Error(), { code: 'ECONNRESET' });
    if (fault instanceof Response) return fault;
    const grant = refreshTokens.get(refreshToken);
    refreshTokens.delete(refreshToken);
    if (grant === undefined || state.time >= grant.expiresAt)
      return Response.json({ error: 'invalid_grant' }, { status: 400 });
    const body = issue(grant.customer);
    await gates.shift();
    if (fault === 'lost-after') throw Object.assign(new Error(), { code: 'ECONNRESET' });
    if (fault === 'truncated')
      return new Response(JSON.stringify(body).slice(0, 30), { headers: { 'content-type': 'application/json' } });
    return Response.json(body);
  }

  const fetch = async (request: Request): Promise<Response> => {
    await later();
    if (request.url.endsWith('/token')) return token(request);
    const bearer = (request.headers.get('authorization') ?? '').replace('Bearer ', '');
    state.apiCalls.push(bearer);
    const isGood = [...accessTokens.values()].some(
      (access) => access.token === bearer && state.time < access.expiresAt,
    );
    return isGood ? Response.json({ valor: 1 }) : new Response('Invalid token', { status: 401 });
  };

  const clock = () => state.time;
  const sleep = async (ms: number) => {
    await later();
    state.time += ms;
  };
  const client = () =>
    createBankClient({
      profile: bs2,
      baseUrl: 'http://bank.test',
      client: { id: 'synthetic-client', secret: 'synthetic-secret' },
      redirectUri: 'http://localhost:3000/callback',
      scope: 'saldo',
      clock,
      sleep,
      fetch,
    });
  const bank = client();
  const urls: string[] = [];
  const manager = (store: TokenStore, change: Partial<TokenManagerOptions> = {}) =>
    createTokenManager({
      client: bank,
      store,
      clock,
      sleep,
      authorizationUrl: (key) => {
        urls.push(key);
        return `http://app.test/connect?customer=${key}`;
      },
      ...change,
    });
  const consent = async (to: TokenManager, customer: string) => {
    const { access_token, refresh_token } = issue(customer);
    await to.adopt(customer, {
      accessToken: access_token,
      accessTokenExpiresAt: state.time + 300_000,
      expiresInSeconds: 300,
      refreshToken: refresh_token,
      scope: 'saldo',
      idToken: null,
      idTokenClaims: null,
      requestedAt: state.time,
    });
  };
  const revoke = (customer: string) => {
    for (const [key, grant] of refreshTokens) if (grant.customer === customer) refreshTokens.delete(key);
  };
  return { state, faults, gates, bank, client, manager, consent, revoke, issue, urls, accessTokens };
}

async function expired(options: { rateLimit?: boolean } = {}) {
  const it = world(options);
  const store = createMemoryTokenStore();
  const manager = it.manager(store);
  await it.consent(manager, 'a');
  it.state.time += 300_000;
  return { ...it, store, manager };
}

describe('accessToken', () => {
  it('gives the stored token while it is good, and a new one shortly before it is not', async () => {
    const { state, manager: open, consent } = world();
    const manager = open(createMemoryTokenStore());
    await consent(manager, 'a');
    state.time = start + 269_999;
    expect(await manager.accessToken('a')).toBe('access-1');
    state.time = start + 270_000;
    expect(await manager.accessToken('a')).toBe('access-2');
    expect(state.tokenRequests).toHaveLength(1);
  });

  it('a hundred callers make one refresh', async () => {
    const { state, manager } = await expired();
    const tokens = await Promise.all(Array.from({ length: 100 }, () => manager.accessToken('a')));
    expect(new Set(tokens)).toEqual(new Set(['access-2']));
    expect(state.tokenRequests).toHaveLength(1);
  });

  it('knows no grant that it was not given', async () => {
    const { manager } = world();
    await expect(manager(createMemoryTokenStore()).accessToken('x')).rejects.toMatchObject({
      code: 'ERR_GRANT_UNKNOWN',
    });
  });

  it('saves before anybody uses', async () => {
    const { store, manager, state, bank } = await expired();
    const save = store.save.bind(store);
    const order: string[] = [];
    store.save = async (key, next, ifVersion) => {
      const saved = await save(key, next, ifVersion);
      order.push(`${next.refreshing === null ? 'tokens' : 'claim'} saved, ${String(state.tokenRequests.length)} sent`);
      return saved;
    };
    await manager.call('a', bank.apiRequest('/saldo'));
    expect(order).toEqual(['claim saved, 0 sent', 'tokens saved, 1 sent']);
    expect(state.apiCalls).toEqual(['access-2']);
  });
});

describe('lost and failed refreshes', () => {
  it.each(['lost-before', 'unsent', new Response('', { status: 503 })] as const)(
    'the bank did nothing (%s): one more attempt helps',
    async (fault) => {
      const { faults, state, manager } = await expired();
      faults.push(fault);
      expect(await manager.accessToken('a')).toBe('access-2');
      expect(state.tokenRequests).toHaveLength(2);
    },
  );

  it.each(['lost-after', 'truncated'] as const)(
    'the bank rotated (%s): one more attempt, then consent, then silence',
    async (fault) => {
      const { faults, state, manager, urls } = await expired();
      faults.push(fault);
      const error: unknown = await manager.accessToken('a').catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(ConsentRequiredError);
      expect(error).toMatchObject({
        code: 'ERR_CONSENT_REQUIRED',
        reason: 'refresh-answer-lost',
        authorizationUrl: 'http://app.test/connect?customer=a',
      });
      expect(JSON.stringify(error) + String(error)).not.toMatch(/access-|refresh-\d/);
      await expect(manager.accessToken('a')).rejects.toMatchObject({ code: 'ERR_CONSENT_REQUIRED' });
      expect((await manager.keepAlive()).refreshed).toEqual([]);
      expect(state.tokenRequests).toHaveLength(2);
      expect(urls).toHaveLength(2);
    },
  );

  it('a refusal ends the consent without a second request, and a new consent begins anew', async () => {
    const { revoke, state, manager, consent } = await expired();
    revoke('a');
    await expect(manager.accessToken('a')).rejects.toMatchObject({ reason: 'refresh-refused' });
    expect(state.tokenRequests).toHaveLength(1);
    await consent(manager, 'a');
    expect(await manager.accessToken('a')).toBe('access-2');
  });

  it('a bank that stays down is not asked in a loop, and the grant survives', async () => {
    const { faults, state, manager } = await expired();
    faults.push(...Array.from({ length: 4 }, () => new Response('', { status: 503 })));
    await expect(manager.accessToken('a')).rejects.toMatchObject({
      code: 'ERR_REFRESH_UNAVAILABLE',
      retryAfterSeconds: 5,
    });
    for (let turn = 0; turn < 10; turn += 1) await expect(manager.accessToken('a')).rejects.toThrow();
    expect(state.tokenRequests).toHaveLength(2);
    state.time += 5_000;
    await expect(manager.accessToken('a')).rejects.toMatchObject({ retryAfterSeconds: 10 });
    state.time += 10_000;
    expect(await manager.accessToken('a')).toBe('access-2');
    expect(state.tokenRequests).toHaveLength(5);
  });

  it('a token within its margin is used when no better one can be had', async () => {
    const { faults, state, manager: open, consent } = world();
    const manager = open(createMemoryTokenStore());
    await consent(manager, 'a');
    state.time += 280_000;
    faults.push(...Array.from({ length: 3 }, (): Fault => 'unsent'));
    expect(await manager.accessToken('a')).toBe('access-1');
  });

  it('waits out a 429', async () => {
    const { faults, state, manager } = await expired();
    faults.push(new Response('', { status: 429, headers: { 'retry-after': '17' } }));
    expect(await manager.accessToken('a')).toBe('access-2');
    expect(state.tokenRequests).toEqual([start + 300_000, start + 317_000]);
  });

  it('does not wait for an hour', async () => {
    const { faults, manager } = await expired();
    faults.push(new Response('', { status: 429, headers: { 'retry-after': '3600' } }));
    await expect(manager.accessToken('a')).rejects.toMatchObject({
      code: 'ERR_REFRESH_UNAVAILABLE',
      retryAfterSeconds: 3600,
    });
  });

  it('a wrong client secret says nothing about the consent', async () => {
    const { faults, state, manager } = await expired();
    faults.push(Response.json({ error: 'invalid_client' }, { status: 401 }));
    await expect(manager.accessToken('a')).rejects.toMatchObject({
      code: 'ERR_TOKEN_REFUSED',
      error: 'invalid_client',
    });
    state.time += 5_000;
    expect(await manager.accessToken('a')).toBe('access-2');
  });

  it('tokens that could not be saved are neither used nor lost', async () => {
    const { store, state, manager } = await expired();
    const save = store.save.bind(store);
    let isFull = true;
    store.save = async (key, next, ifVersion) => {
      if (next.refreshing === null && isFull) throw new Error('synthetic: disk full');
      return save(key, next, ifVersion);
    };
    await expect(manager.accessToken('a')).rejects.toThrow('disk full');
    await expect(manager.accessToken('a')).rejects.toThrow('disk full');
    isFull = false;
    expect(await manager.accessToken('a')).toBe('access-2');
    expect(state.tokenRequests).toHaveLength(1);
  });

  it('who gives up waits no longer, and the refresh that is under way is stored all the same', async () => {
    for (const ask of ['token', 'call'] as const) {
      const { state, manager, store, bank, gates } = await expired();
      let open = () => {};
      gates.push(new Promise((resolve) => (open = resolve)));
      const giving = new AbortController();
      const { signal } = giving;
      const asked =
        ask === 'token'
          ? manager.accessToken('a', { signal })
          : manager.call('a', bank.apiRequest('/saldo', { signal }));
      while (state.serial < 2) await later();
      giving.abort(new Error('the customer left'));
      await expect(asked).rejects.toThrow('the customer left');
      open();
      expect(await manager.accessToken('a')).toBe('access-2');
      expect((await store.load('a'))?.value.tokens.refreshToken).toBe('refresh-2');
      expect([state.tokenRequests.length, state.apiCalls]).toEqual([1, []]);
      await expect(manager.call('a', bank.apiRequest('/saldo', { signal }))).rejects.toThrow('the customer left');
      expect([state.tokenRequests.length, state.apiCalls]).toEqual([1, []]);
    }
  });

  it('a refresh that was under way does not overwrite a new consent, nor bring back a forgotten one', async () => {
    for (const [meanwhile, outcome] of [
      ['consent', 'access-2'],
      ['forget', 'ERR_GRANT_UNKNOWN'],
    ]) {
      const it = await expired();
      let open = () => {};
      it.gates.push(new Promise((resolve) => (open = resolve)));
      const refreshing = it.manager.accessToken('a').catch((error: unknown) => (error as { code: string }).code);
      while (it.state.serial < 2) await later();
      if (meanwhile === 'consent') {
        // The refresh took serial 2; the consent's tokens are the third.
        await it.consent(it.manager, 'a');
      } else await it.manager.forget('a');
      open();
      const result = await refreshing;
      expect(result).toBe(meanwhile === 'consent' ? 'access-3' : outcome);
      const stored = await it.store.load('a');
      expect(stored?.value.tokens.accessToken ?? null).toBe(meanwhile === 'consent' ? 'access-3' : null);
    }
  });
});

describe('call', () => {
  it('refreshes after a 401 and tries once more, body and all', async () => {
    const { state, manager: open, consent, bank, accessTokens } = world();
    const manager = open(createMemoryTokenStore());
    await consent(manager, 'a');
    accessTokens.clear();
    const response = await manager.call('a', bank.apiRequest('/pix', { method: 'POST', body: '{"valor":1}' }));
    expect(response.status).toBe(200);
    expect(state.apiCalls).toEqual(['access-1', 'access-2']);
    expect(state.tokenRequests).toHaveLength(1);
  });

  it('a 401 for a token older than the stored one just uses the stored one', async () => {
    const { state, manager: open, consent, bank } = world();
    const store = createMemoryTokenStore();
    const two = open(store);
    const slow = async (token: string, request: Request) => {
      if (token === 'access-1') await two.refresh('a');
      return bank.call(token, request);
    };
    const one = open(store, { client: { ...bank, call: slow } });
    await consent(one, 'a');
    expect((await one.call('a', bank.apiRequest('/saldo'))).status).toBe(200);
    expect(state.apiCalls).toEqual(['access-1', 'access-2']);
    expect(state.tokenRequests).toHaveLength(1);
  });

  it('does not refresh again and again where fresh tokens are rejected', async () => {
    const { state, manager: open, consent, bank, accessTokens } = world();
    const refusing = async (token: string, request: Request) => {
      accessTokens.clear();
      return bank.call(token, request);
    };
    const manager = open(createMemoryTokenStore(), { client: { ...bank, call: refusing } });
    await consent(manager, 'a');
    for (let turn = 0; turn < 5; turn += 1)
      expect((await manager.call('a', bank.apiRequest('/saldo'))).status).toBe(401);
    expect(state.tokenRequests).toHaveLength(1);
  });
});

describe('several processes on one store', () => {
  let directory = '';
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('make one refresh together', async () => {
    directory = await mkdtemp(join(tmpdir(), 'homologa-manager-'));
    const { state, manager, consent, client } = world();
    // Real files take real time, so here waiting must not move the clock past everybody's claims.
    const open = (): TokenManager => manager(createFileTokenStore(directory), { client: client(), sleep: later });
    const processes = Array.from({ length: 3 }, open);
    const [first] = processes;
    if (first === undefined) throw new Error('no process');
    await consent(first, 'a');
    for (let round = 1; round <= 5; round += 1) {
      state.time += 300_000;
      const tokens = await Promise.all(processes.flatMap((one) => [one.accessToken('a'), one.accessToken('a')]));
      expect(new Set(tokens).size).toBe(1);
      expect(state.tokenRequests).toHaveLength(round);
    }
  });

  it('who loses the race finds the winner’s tokens instead of a lost consent', async () => {
    const { state, manager: open, consent, client, gates } = world();
    const store = createMemoryTokenStore();
    let answer = () => {};
    gates.push(new Promise((resolve) => (answer = resolve)));
    // No patience with each other's claims: both send the same refresh token.
    const [one, two] = [open(store, { claimMs: 0 }), open(store, { claimMs: 0, client: client() })];
    await consent(one, 'a');
    state.time += 300_000;
    const winner = one.accessToken('a');
    while (state.serial < 2) await later();
    const loser = two.accessToken('a');
    while (state.tokenRequests.length < 2) await later();
    answer();
    expect(await Promise.all([winner, loser])).toEqual(['access-2', 'access-2']);
    expect((await store.load('a'))?.value).toMatchObject({ status: 'active', tokens: { refreshToken: 'refresh-2' } });
  });

  it('a process that died while refreshing: others wait for it, then try once', async () => {
    const { state, manager: open, consent, gates } = world();
    const store = createMemoryTokenStore();
    gates.push(new Promise(() => undefined));
    const [dead, alive] = [open(store), open(store)];
    await consent(dead, 'a');
    state.time += 300_000;
    void dead.accessToken('a');
    while (state.serial < 2) await later();
    await expect(alive.accessToken('a')).rejects.toMatchObject({
      code: 'ERR_CONSENT_REQUIRED',
      reason: 'refresh-answer-lost',
    });
    expect(state.tokenRequests).toHaveLength(2);
    expect(state.tokenRequests[1]).toBeGreaterThanOrEqual(start + 360_000);
  });
});

describe('fifty customers of one API Key', () => {
  const customers = Array.from({ length: 50 }, (_, index) => `customer-${String(index)}`);

  it('are renewed on demand within ten requests a minute', async () => {
    const { state, manager: open, consent } = world({ rateLimit: true });
    const manager = open(createMemoryTokenStore());
    for (const customer of customers) await consent(manager, customer);
    state.time += 300_000;
    const tokens = await Promise.all(customers.map((customer) => manager.accessToken(customer)));
    expect(new Set(tokens).size).toBe(50);
    expect(state.tokenRequests).toHaveLength(50);
  });

  it('stay alive for months without a call, by the schedule alone', async () => {
    const { state, manager: open, consent } = world({ rateLimit: true });
    const manager = open(createMemoryTokenStore());
    for (const customer of customers) await consent(manager, customer);
    for (let tick = 0; tick < 200; tick += 1) {
      state.time += dayMs / 2;
      const report = await manager.keepAlive();
      expect([report.failed, report.consentRequired]).toEqual([[], []]);
    }
    // A hundred days, one refresh every 15 to 18.
    expect(state.tokenRequests.length).toBeGreaterThanOrEqual(250);
    expect(state.tokenRequests.length).toBeLessThanOrEqual(350);
    expect((await manager.status('customer-7'))?.status).toBe('active');
  });

  it('nobody asked for 30 days: the consents are over, and each is told once', async () => {
    const { state, manager: open, consent } = world({ rateLimit: true });
    const manager = open(createMemoryTokenStore());
    for (const customer of customers.slice(0, 5)) await consent(manager, customer);
    state.time += 30 * dayMs;
    const report = await manager.keepAlive();
    expect([...report.consentRequired].sort()).toEqual(customers.slice(0, 5));
    expect((await manager.keepAlive()).notDue).toBe(5);
    expect(state.tokenRequests).toHaveLength(5);
  });
});
