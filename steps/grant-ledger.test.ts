import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { GrantRecord } from '../client/grant-record.js';
import { createMemoryTokenStore } from '../client/memory-token-store.js';
import type { TokenStore } from '../client/token-store.js';
import { TransportError } from '../client/transport-error.js';
import { createGrantLedger } from './grant-ledger.js';
import type { GrantLedger, GrantLedgerOptions } from './grant-ledger.js';
import { leaseMs } from './grant-lease.js';
import { tokenSetOf } from './grant-settlement.js';

const tokenEndpoint = 'https://bank.example/token';
const revocationEndpoint = 'https://bank.example/revoke';
const key = 'a grant';

const tokens = (generation: number) =>
  tokenSetOf(
    {
      accessToken: `acesso-${String(generation)}`,
      refreshToken: `renovacao-${String(generation)}`,
      expiresIn: 420,
      scope: 's',
    },
    0,
  );

function ledgerOf(store: TokenStore, options: Partial<GrantLedgerOptions> = {}): GrantLedger {
  return createGrantLedger({
    store,
    key,
    target: 'bs2-sandbox',
    tokenEndpoint,
    revocationEndpoint,
    isProtected: true,
    clock: () => 1_000,
    ...options,
  });
}

async function keptLedger(store: TokenStore = createMemoryTokenStore()): Promise<GrantLedger> {
  const ledger = ledgerOf(store);
  await ledger.hold();
  await ledger.adopt(tokens(1));
  return ledger;
}

const refresh = (token: string, url = tokenEndpoint) =>
  new Request(url, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
  });

const answer = (generation: number) =>
  Response.json({ access_token: `acesso-${String(generation)}`, refresh_token: `renovacao-${String(generation)}` });

const stored = async (store: TokenStore): Promise<GrantRecord | undefined> => (await store.load(key))?.value;

describe('a first login', () => {
  it('that another overtook is told so, and leaves what the other kept', async () => {
    const store = createMemoryTokenStore();
    const [one, two] = [ledgerOf(store), ledgerOf(store)];
    await one.hold();
    await two.hold();
    await one.adopt(tokens(1));
    await expect(two.adopt(tokens(2))).rejects.toThrow(/^Another login kept tokens of bs2-sandbox in the meantime/);
    expect((await stored(store))?.tokens.accessToken).toBe('acesso-1');
  });

  it('of which the store cannot be read is no fault of homologa', async () => {
    const load = () => Promise.reject(new Error('EACCES: permission denied'));
    const held = ledgerOf({ ...createMemoryTokenStore(), load }).hold();
    await expect(held).rejects.toMatchObject({ code: 'ERR_GRANT_NOT_KEPT' });
    await expect(held).rejects.toThrow(/EACCES: permission denied\. Make it usable/);
  });
});

describe('a refresh with the refresh token of the grant', () => {
  it('is written down before it is sent, and its tokens before the answer is handed on', async () => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    const seen: unknown[] = [];
    const transport = ledger.guard(async () => {
      seen.push((await stored(store))?.refreshing);
      return answer(2);
    });
    const response = await transport(refresh('renovacao-1'));
    expect(seen).toEqual([{ by: expect.any(String) as string, startedAt: 1_000 }]);
    expect(await stored(store)).toMatchObject({
      tokens: { refreshToken: 'renovacao-2', scope: 's' },
      refreshing: null,
    });
    expect(await response.json()).toMatchObject({ access_token: 'acesso-2' });
    expect(ledger.grant?.tokens.accessToken).toBe('acesso-2');
  });

  it('hands no answer on before the store has the tokens', async () => {
    const inner = createMemoryTokenStore();
    let open = (): void => undefined;
    const isOpen = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begin = (): void => undefined;
    const isSaving = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const slow: TokenStore = {
      ...inner,
      save: async (...given) => {
        if (given[1].tokens.refreshToken === 'renovacao-2') {
          begin();
          await isOpen;
        }
        return inner.save(...given);
      },
    };
    const ledger = await keptLedger(slow);
    let isHandedOn = false;
    const handed = ledger
      .guard(async () => answer(2))(refresh('renovacao-1'))
      .then(() => (isHandedOn = true));
    await isSaving;
    // Whatever could go on without the store has done so by the next turn of the loop.
    await new Promise((resolve) => setImmediate(resolve));
    expect(isHandedOn).toBe(false);
    open();
    await handed;
    expect((await stored(inner))?.tokens.refreshToken).toBe('renovacao-2');
  });

  it.each([
    ['a broken connection', async () => Promise.reject(lostError())],
    ['an error of the bank', async () => new Response('', { status: 502 })],
    ['a success that cannot be read', async () => new Response('<html>')],
  ])('leaves it open what the bank did after %s', async (_what, transport) => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    await ledger
      .guard(transport)(refresh('renovacao-1'))
      .catch(() => undefined);
    const grant = await stored(store);
    expect(grant).toMatchObject({
      refreshing: null,
      failure: { answerLost: true },
      tokens: { refreshToken: 'renovacao-1' },
    });
  });

  it.each([
    ['it was not sent', async () => Promise.reject(notSentError())],
    ['the bank had no time', async () => new Response('', { status: 429 })],
    ['the bank refused it', async () => Response.json({ error: 'invalid_client' }, { status: 401 })],
    ['an error came with 200', async () => Response.json({ error: 'invalid_request' })],
  ])('is over where %s', async (_what, transport) => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    await ledger
      .guard(transport)(refresh('renovacao-1'))
      .catch(() => undefined);
    expect(await stored(store)).toMatchObject({ status: 'active', refreshing: null, failure: null });
  });

  it('keeps the old refresh token where the bank gives no new one', async () => {
    const ledger = await keptLedger();
    await ledger.guard(async () => Response.json({ access_token: 'acesso-2' }))(refresh('renovacao-1'));
    expect(ledger.grant?.tokens).toMatchObject({ accessToken: 'acesso-2', refreshToken: 'renovacao-1' });
  });

  it('leaves the scope as the user consented to it, whatever the answer says', async () => {
    const ledger = await keptLedger();
    const wider = { access_token: 'acesso-2', refresh_token: 'renovacao-2', scope: 's everything' };
    await ledger.guard(async () => Response.json(wider))(refresh('renovacao-1'));
    expect(ledger.grant?.tokens).toMatchObject({ refreshToken: 'renovacao-2', scope: 's' });
  });

  it('is found wherever the token stands, and twice', async () => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    const twice = 'refresh_token=renovacao-1&refresh_token=renovacao-1';
    await ledger.guard(async () => answer(2))(new Request(tokenEndpoint, { method: 'POST', body: twice }));
    await ledger.guard(async () => answer(3))(refresh('', `${tokenEndpoint}?refresh_token=renovacao-2`));
    expect((await stored(store))?.tokens.refreshToken).toBe('renovacao-3');
  });

  it('survives a store that fails for a moment, and says so of one that goes on failing', async () => {
    const inner = createMemoryTokenStore();
    let failures = 0;
    const broken: TokenStore = {
      ...inner,
      save: async (...given) => {
        // The claim before each request is taken.
        if (given[1].refreshing === null && failures > 0) {
          failures -= 1;
          throw new Error('the disk is full');
        }
        return inner.save(...given);
      },
    };
    const ledger = await keptLedger(broken);
    failures = 2;
    await ledger.guard(async () => answer(2))(refresh('renovacao-1'));
    expect((await stored(inner))?.tokens.refreshToken).toBe('renovacao-2');
    failures = 3;
    const handed = ledger.guard(async () => answer(3))(refresh('renovacao-2'));
    await expect(handed).rejects.toMatchObject({ code: 'ERR_GRANT_NOT_KEPT' });
    // The disk has room again: what came is not lost.
    await ledger.release();
    expect((await stored(inner))?.tokens.refreshToken).toBe('renovacao-3');
  });
});

describe('a request that would end a protected grant', () => {
  it.each([
    ['a refresh token that was used up', () => refresh('renovacao-1')],
    ['a revocation of the refresh token', () => refresh('renovacao-2', revocationEndpoint)],
    ['a revocation of the access token', () => refresh('acesso-2', revocationEndpoint)],
  ])('is not sent: %s', async (_what, request) => {
    const ledger = await keptLedger();
    await ledger.guard(async () => answer(2))(refresh('renovacao-1'));
    const sent: Request[] = [];
    const transport = ledger.guard(async (given) => {
      sent.push(given);
      return new Response();
    });
    await expect(transport(request())).rejects.toMatchObject({ code: 'ERR_HARNESS' });
    expect(sent).toEqual([]);
  });

  it('is sent where the grant is the scenarios’ own', async () => {
    const ledger = ledgerOf(createMemoryTokenStore(), { isProtected: false });
    await ledger.adopt(tokens(1));
    const transport = ledger.guard(async () => new Response(null, { status: 204 }));
    expect((await transport(refresh('renovacao-1', revocationEndpoint))).status).toBe(204);
  });

  it('is none where it has nothing to do with the grant', async () => {
    const ledger = await keptLedger();
    const transport = ledger.guard(async () => new Response(null, { status: 204 }));
    expect((await transport(refresh('outro', revocationEndpoint))).status).toBe(204);
    expect((await transport(refresh('renovacao-1', 'https://bank.example/api'))).status).toBe(204);
  });
});

describe('the holder of a grant', () => {
  async function withLease(lease: GrantRecord['lease']): Promise<TokenStore> {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    await ledger.release();
    const current = await store.load(key);
    if (current === null) throw new Error('Nothing was kept.');
    await store.save(key, { ...current.value, lease }, current.version);
    return store;
  }
  const endedPid = () => spawnSync(process.execPath, ['--version']).pid;

  it('keeps others out while it lives, and lets them in when it is done', async () => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    await expect(ledgerOf(store).hold()).rejects.toMatchObject({ code: 'ERR_GRANT_IN_USE' });
    await ledger.release();
    expect(await ledgerOf(store).hold()).toMatchObject({ tokens: { refreshToken: 'renovacao-1' } });
  });

  it.each([
    ['a process of this host that has ended', () => ({ host: hostname(), pid: endedPid(), until: 1_000 + leaseMs })],
    ['this very process number, from before a restart', () => ({ host: hostname(), pid: process.pid, until: 2_000 })],
    ['another host whose lease is over', () => ({ host: 'outra', pid: 1, until: 1_000 })],
  ])('gives way: %s', async (_what, lease) => {
    const store = await withLease({ by: 'outro', ...lease() });
    expect(await ledgerOf(store).hold()).not.toBeNull();
  });

  it.each([
    ['a process of this host that runs', () => ({ host: hostname(), pid: process.ppid, until: 2_000 })],
    ['another host whose lease goes on', () => ({ host: 'outra', pid: endedPid(), until: 1_001 })],
  ])('does not give way: %s', async (_what, lease) => {
    const store = await withLease({ by: 'outro', ...lease() });
    const refusal = expect(ledgerOf(store).hold()).rejects;
    await refusal.toMatchObject({
      code: 'ERR_GRANT_IN_USE',
      message: expect.stringMatching(/in use by process \d+/) as string,
    });
  });

  it('that was taken over while it rested learns it at its next refresh, and sends nothing', async () => {
    const store = createMemoryTokenStore();
    let now = 1_000;
    const slept = ledgerOf(store, { clock: () => now });
    await slept.hold();
    await slept.adopt(tokens(1));
    now += leaseMs;
    const next = ledgerOf(store, { clock: () => now });
    await next.hold();
    let isSent = false;
    const transport = slept.guard(async () => {
      isSent = true;
      return answer(2);
    });
    await expect(transport(refresh('renovacao-1'))).rejects.toMatchObject({ code: 'ERR_GRANT_TAKEN_OVER' });
    expect(isSent).toBe(false);
  });

  it('saves what a refresh gave though it was taken over meanwhile: nobody else has these tokens', async () => {
    const store = createMemoryTokenStore();
    let now = 1_000;
    const slept = ledgerOf(store, { clock: () => now });
    await slept.hold();
    await slept.adopt(tokens(1));
    await slept.guard(async () => {
      now += leaseMs;
      await ledgerOf(store, { clock: () => now }).hold();
      return answer(2);
    })(refresh('renovacao-1'));
    expect((await stored(store))?.tokens.refreshToken).toBe('renovacao-2');
  });

  it('finds a refresh that nobody finished', async () => {
    const store = createMemoryTokenStore();
    const ledger = await keptLedger(store);
    // A process that is killed hears no answer.
    void ledger.guard(() => new Promise(() => undefined))(refresh('renovacao-1'));
    await expect.poll(async () => (await stored(store))?.refreshing).not.toBeNull();
    const next = ledgerOf(store, { clock: () => 1_000 + leaseMs });
    expect(await next.hold()).toMatchObject({ refreshing: null, failure: { answerLost: true } });
  });
});

const lostError = () => new TransportError('ERR_TRANSPORT_ANSWER_LOST', 'The connection broke.', { cause: null });
const notSentError = () => new TransportError('ERR_TRANSPORT_NOT_SENT', 'There is no connection.', { cause: null });
