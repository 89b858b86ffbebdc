import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryTokenStore } from '../client/memory-token-store.js';
import type { TokenStore } from '../client/token-store.js';
import { ClientDriver, heldTokens } from './client-driver.js';
import type { HeldTokens } from './client-driver.js';
import { createMockTarget } from './mock-target.js';
import { createSharedGrants } from './shared-grants.js';
import type { SharedGrants } from './shared-grants.js';
import { callResource } from './resource.js';
import type { BankUnderTest, Target } from './target.js';
import type { TokenAnswer } from './token-answer.js';

let target: Target;
beforeAll(async () => {
  target = await createMockTarget();
});
afterAll(async () => {
  await target.close();
});

let open: BankUnderTest;
let store: TokenStore;
beforeEach(async () => {
  open = await target.open('bs2', (transport) => transport);
  store = createMemoryTokenStore();
});
afterEach(() => open.close());

/** Another run against the same bank, with the same store. */
function newRun(): { readonly grants: SharedGrants; readonly bank: BankUnderTest; readonly sent: Request[] } {
  const sent: Request[] = [];
  const kept = { store, key: 'a grant', place: 'a memory' };
  const grants = createSharedGrants('bs2-sandbox', kept, open.endpoints);
  const observed = (request: Request): Promise<Response> => {
    sent.push(request);
    return open.fetch(request);
  };
  // As at a bank that nobody controls.
  return { grants, sent, bank: { ...open, control: null, fetch: grants.guard(observed) } };
}

/** A grant of the bank, with no page shown. */
async function obtain(): Promise<{ readonly tokens: HeldTokens; readonly answer: TokenAnswer }> {
  const driver = new ClientDriver(open, open.client);
  const start = await driver.start();
  const { redirectTo } = await control().consents.create({
    authorizationUrl: start.url,
    decision: 'approve',
    basic: { id: open.client.id, secret: open.client.secret },
  });
  const code = new URL(redirectTo).searchParams.get('code') ?? '';
  const answer = await driver.redeem({ code, redirectUri: open.client.redirectUri, codeVerifier: null });
  return { answer, tokens: heldTokens(answer, open.client.scope) };
}

function control(): NonNullable<BankUnderTest['control']> {
  if (open.control === null) throw new Error('The mock has a control.');
  return open.control;
}

/** The run that logs in. */
async function login(): Promise<void> {
  const { grants } = newRun();
  const { tokens, answer } = await obtain();
  await grants.hold();
  await grants.keep(tokens, answer);
  await grants.release();
}

const opens = async (held: HeldTokens | null) =>
  (await callResource(open, `Bearer ${held?.accessToken ?? ''}`)).status === 200;
const first = { share: 'kept', by: 'bs2-first' } as const;
const second = { share: 'kept', by: 'bs2-second' } as const;
const rough = { share: 'run', by: 'bs2-rough' } as const;

describe('the kept grant', () => {
  it('is given to scenarios that endanger nothing, and what they refresh is kept', async () => {
    await login();
    const { grants, bank } = newRun();
    expect(await grants.begin(bank)).toBe(true);
    const held = await grants.take(bank, first);
    expect(await opens(held)).toBe(true);
    await new ClientDriver(bank, bank.client).refreshTokens({
      refreshToken: held?.refreshToken ?? '',
      scope: bank.client.scope,
    });
    await grants.release();
    const next = newRun();
    const again = await next.grants.take(next.bank, second);
    expect(again?.refreshToken).not.toBe(held?.refreshToken);
    expect(await opens(again)).toBe(true);
  });

  it('is not given to scenarios that may cost it', async () => {
    await login();
    const { grants, bank } = newRun();
    expect(await grants.take(bank, rough)).toBeNull();
    expect(await grants.take(bank, { share: 'own', by: 'bs2-own' })).toBeNull();
  });

  it('is renewed before a scenario gets an access token that is about to end, or that the API refuses', async () => {
    await login();
    const { grants, bank } = newRun();
    const before = await grants.take(bank, first);
    // Eight minutes pass at the bank alone: the API tells.
    await control().clock.advance('PT8M');
    const renewed = await grants.take(bank, second);
    expect(renewed?.accessToken).not.toBe(before?.accessToken);
    expect(await opens(renewed)).toBe(true);
    const late = createSharedGrants(
      'bs2-sandbox',
      { store, key: 'a grant', place: '' },
      open.endpoints,
      () => Date.now() + 700_000,
    );
    const later = { ...open, control: null, fetch: late.guard(open.fetch) };
    expect((await late.take(later, first))?.accessToken).not.toBe(renewed?.accessToken);
  });

  it('is renewed where the API does not answer: the token endpoint tells whether it lives', async () => {
    await login();
    await control().faults.create({ at: 'bs2.api', effect: { drop: 'before' } });
    const { grants, bank, sent } = newRun();
    const held = await grants.take(bank, first);
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'POST']);
    expect(await opens(held)).toBe(true);
  });

  it('that the bank ended is said to be lost, with the scenario that had it, and once', async () => {
    await login();
    const { grants, bank } = newRun();
    await grants.take(bank, first);
    const [grant] = await control().grants.list();
    await control().grants.delete(grant?.id ?? '');
    await expect(grants.take(bank, second)).rejects.toMatchObject({
      code: 'ERR_PREREQUISITE',
      message: expect.stringMatching(
        /400 invalid_grant after bs2-first used them: .* homologa login --target bs2-sandbox/,
      ) as string,
    });
    expect(await grants.take(bank, second)).toBeNull();
    await grants.release();
    const next = newRun();
    await expect(next.grants.begin(next.bank)).rejects.toMatchObject({
      code: 'ERR_CONSENT_NEEDED',
      message: expect.stringMatching(/a new consent is needed: homologa login --target bs2-sandbox/) as string,
    });
    expect(next.sent).toEqual([]);
  });

  it('that the last scenario cost is missed at the end of the run', async () => {
    await login();
    const { grants, bank } = newRun();
    await grants.take(bank, first);
    expect(await grants.verify()).toBeNull();
    const [grant] = await control().grants.list();
    await control().grants.delete(grant?.id ?? '');
    expect(await grants.verify()).toMatch(/are lost: .* The last scenario that used them was bs2-first/);
  });

  it('is not used at a bank whose clock the scenarios move', async () => {
    await login();
    const { grants, bank } = newRun();
    expect(await grants.begin({ ...bank, control: control() })).toBe(false);
    expect(await grants.take({ ...bank, control: control() }, first)).toBeNull();
  });
});

describe('a refresh that was interrupted', () => {
  /** A run that is killed while it refreshes: before the bank acts, or after. */
  async function killedRun(when: 'before' | 'after'): Promise<void> {
    await login();
    const kept = { store, key: 'a grant', place: '' };
    const grants = createSharedGrants('bs2-sandbox', kept, open.endpoints);
    let reached = (): void => undefined;
    const isReached = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const fetch = grants.guard(async (request) => {
      if (new URL(request.url).pathname !== new URL(open.endpoints.token).pathname) return open.fetch(request);
      if (when === 'after') await open.fetch(request);
      reached();
      return new Promise(() => undefined);
    });
    const bank = { ...open, control: null, fetch };
    const held = await grants.take(bank, first);
    void new ClientDriver(bank, bank.client).refreshTokens({
      refreshToken: held?.refreshToken ?? '',
      scope: held?.scope ?? '',
    });
    await isReached;
    const current = await store.load('a grant');
    if (current === null) throw new Error('Nothing is kept.');
    // A dead process has no lease.
    await store.save('a grant', { ...current.value, lease: null }, current.version);
  }

  it('is made good by the next run where the bank had not acted yet', async () => {
    await killedRun('before');
    const { grants, bank, sent } = newRun();
    expect(await grants.begin(bank)).toBe(true);
    expect(sent).toHaveLength(1);
    expect(await opens(await grants.take(bank, first))).toBe(true);
  });

  it('needs a new consent where the bank had rotated the token, and the next run says so', async () => {
    await killedRun('after');
    const { grants, bank, sent } = newRun();
    const refusal = {
      code: 'ERR_CONSENT_NEEDED',
      message: expect.stringMatching(
        /the refresh was interrupted, .* a new consent is needed: homologa login --target bs2-sandbox/,
      ) as string,
    };
    await expect(grants.begin(bank)).rejects.toMatchObject(refusal);
    await grants.release();
    expect(sent).toHaveLength(1);
    const next = newRun();
    await expect(next.grants.begin(next.bank)).rejects.toMatchObject(refusal);
    expect(next.sent).toEqual([]);
    await next.grants.release();
    await login();
    const last = newRun();
    expect(await last.grants.begin(last.bank)).toBe(true);
  });

  it('stays open where the bank is down: nothing is lost by a third try', async () => {
    await killedRun('before');
    await control().faults.create({ at: 'bs2.token', effect: { status: 503 } });
    const { grants, bank } = newRun();
    await expect(grants.begin(bank)).rejects.toMatchObject({ code: 'ERR_GRANT_UNCERTAIN' });
    await grants.release();
    const next = newRun();
    expect(await next.grants.begin(next.bank)).toBe(true);
  });
});

describe('a grant of the run', () => {
  it('is that of the first scenario that had to ask, and serves those after it', async () => {
    const { grants, bank } = newRun();
    expect(await grants.take(bank, first)).toBeNull();
    const { tokens, answer } = await obtain();
    await grants.put(tokens, answer);
    expect((await grants.take(bank, second))?.accessToken).toBe(tokens.accessToken);
    const held = await grants.take(bank, rough);
    expect(await opens(held)).toBe(true);
    expect(await control().grants.list()).toHaveLength(1);
  });

  it('is left where a scenario ended it, and nobody is told of a loss', async () => {
    const { grants, bank } = newRun();
    const { tokens, answer } = await obtain();
    await grants.put(tokens, answer);
    const [grant] = await control().grants.list();
    await control().grants.delete(grant?.id ?? '');
    expect(await grants.take(bank, rough)).toBeNull();
    expect(await grants.verify()).toBeNull();
  });
});
