import * as openid from 'openid-client';
import { AuthorizationCode } from 'simple-oauth2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bs2, btg, createBankClient, createMemoryTokenStore, createTokenManager } from '../client/index.js';
import type { BankClient, TokenManager } from '../client/index.js';
import { createHttpUserAgent } from '../client/user-agent/http-user-agent.js';
import { walkConsent } from '../client/user-agent/consent-walk.js';
import { startMockServer } from '../mock-server/index.js';
import type { ListedFinding, MockServer, NewFault, TenantHandle } from '../mock-server/index.js';
import { approve, callApi, openScene } from './bank-scene.js';

/** What no traffic of a correct client may have. */
function accusations(findings: readonly ListedFinding[]): string[] {
  return findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, id, entry, message }) => `${severity} ${id} (request ${String(entry)}): ${message}`);
}

/** An application of several customers at both banks, on the tenant's clock, with no socket. */
class Application {
  readonly mock: MockServer;
  readonly tenant: TenantHandle;
  readonly clients: Readonly<Record<'bs2' | 'btg', BankClient>>;
  readonly managers: Readonly<Record<'bs2' | 'btg', TokenManager>>;
  now: number;
  readonly accused: string[] = [];

  constructor(mock: MockServer, tenant: TenantHandle, now: number) {
    this.mock = mock;
    this.tenant = tenant;
    this.now = now;
    const clock = (): number => this.now;
    const sleep = async (ms: number): Promise<void> => this.pass(ms);
    const fetch = (request: Request): Promise<Response> => mock.fetch(request);
    const build = (bank: 'bs2' | 'btg'): BankClient => {
      const registered = tenant[bank].client;
      if (registered?.secret == null) throw new TypeError('The seeded client lacks a secret.');
      return createBankClient({
        profile: bank === 'bs2' ? bs2 : btg,
        baseUrl: tenant[bank].baseUrl,
        client: { id: registered.id, secret: registered.secret },
        redirectUri: registered.redirectUris[0] ?? '',
        scope: registered.scope,
        clock,
        sleep,
        fetch,
      });
    };
    this.clients = { bs2: build('bs2'), btg: build('btg') };
    const manage = (client: BankClient): TokenManager =>
      createTokenManager({
        client,
        store: createMemoryTokenStore(),
        authorizationUrl: () => 'http://localhost:3000/connect',
        clock,
        sleep,
      });
    this.managers = { bs2: manage(this.clients.bs2), btg: manage(this.clients.btg) };
  }

  async pass(ms: number): Promise<void> {
    this.now += ms;
    await this.tenant.clock.set(new Date(this.now));
  }

  /** Looks at the findings before the journal forgets what they are about. */
  async look(): Promise<readonly ListedFinding[]> {
    const findings = await this.tenant.findings.list();
    this.accused.push(...accusations(findings));
    return findings;
  }

  async connect(bank: 'bs2' | 'btg', customer: string, how: 'pages' | 'control'): Promise<void> {
    const client = this.clients[bank];
    const start = client.startAuthorization();
    const address = await client.browserAddress(start);
    const username = customer.startsWith('outra') ? 'outra' : 'correntista';
    const user = { username, password: this.tenant.user?.password ?? '' };
    const { redirectTo } =
      how === 'control'
        ? await this.tenant.consents.create({ authorizationUrl: address, decision: 'approve', username })
        : await walkConsent(createHttpUserAgent({ fetch: (request) => this.mock.fetch(request) }), address, {
            ...user,
            redirectUri: this.tenant[bank].client?.redirectUris[0] ?? '',
            decision: 'approve',
            secondFactor: {
              kind: 'sms',
              code: async () => (await this.tenant.secondFactor.get(username)).sms ?? '',
            },
          });
    await this.managers[bank].adopt(customer, await client.finishAuthorization(redirectTo, start.transaction));
  }

  request(bank: 'bs2' | 'btg'): Request {
    return new Request(bank === 'bs2' ? this.tenant.bs2.balanceEndpoint : this.tenant.btg.accountsEndpoint);
  }

  async call(bank: 'bs2' | 'btg', customer: string): Promise<number> {
    return (await this.managers[bank].call(customer, this.request(bank))).status;
  }
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

async function openApplication(settings: { rateLimit?: 'on' | 'off' } = {}): Promise<Application> {
  const mock = await startMockServer({ listen: false, ...settings });
  const tenant = await mock.createTenant({ settings: { btg: { companies: 'linked' } } });
  return new Application(mock, tenant, Date.parse((await tenant.clock.freeze()).now));
}

describe('the reference client is accused of nothing', () => {
  it('with several customers at both banks, over two months of calls', async () => {
    const application = await openApplication({ rateLimit: 'on' });
    const customers = ['correntista-1', 'outra-1'];
    for (const bank of ['bs2', 'btg'] as const) {
      for (const [index, customer] of customers.entries()) {
        await application.connect(bank, customer, index === 0 ? 'pages' : 'control');
        await application.pass(minuteMs);
      }
    }
    await application.look();
    const steps = [1, 3, 7, 11, 60, 6 * 60, 24 * 60, 3 * 24 * 60].map((minutes) => minutes * minuteMs);
    let step = 0;
    for (const end = application.now + 60 * dayMs; application.now < end; step += 1) {
      for (const bank of ['bs2', 'btg'] as const) {
        for (const customer of customers) {
          if (bank === 'btg' && customer.startsWith('outra')) continue;
          const parallel = step % 5 === 0 ? 20 : 1;
          const statuses = await Promise.all(Array.from({ length: parallel }, () => application.call(bank, customer)));
          expect(new Set(statuses)).toEqual(new Set([200]));
        }
      }
      await application.pass(steps[step % steps.length] ?? minuteMs);
      if (step % 10 === 0) await application.look();
    }
    await application.look();
    expect(step).toBeGreaterThan(50);
    expect(application.accused).toEqual([]);
    await application.mock.close();
  });

  it('when consents expire, are revoked and given anew', async () => {
    const application = await openApplication();
    for (const bank of ['bs2', 'btg'] as const) {
      await application.connect(bank, 'correntista-1', 'control');
      expect(await application.call(bank, 'correntista-1')).toBe(200);
    }
    await application.pass(31 * dayMs);
    for (const bank of ['bs2', 'btg'] as const) {
      for (let again = 0; again < 3; again += 1) {
        await expect(application.call(bank, 'correntista-1')).rejects.toThrow();
        await application.pass(minuteMs);
      }
      await application.connect(bank, 'correntista-1', 'pages');
      expect(await application.call(bank, 'correntista-1')).toBe(200);
      const grants = (await application.tenant.grants.list()).filter((grant) => grant.bank === bank);
      await application.tenant.grants.delete(grants.at(-1)?.id ?? '');
      await application.pass(2 * minuteMs);
      await expect(application.call(bank, 'correntista-1')).rejects.toThrow();
      await application.pass(5 * minuteMs);
      await expect(application.call(bank, 'correntista-1')).rejects.toThrow();
      await application.connect(bank, 'correntista-1', 'pages');
      await application.managers[bank].forget('correntista-1', { revoke: bank === 'btg' });
    }
    const findings = await application.look();
    expect(application.accused).toEqual([]);
    expect(findings.map(({ id }) => id)).toContain('revoked-access-token');
    await application.mock.close();
  });

  const faults: NewFault['effect'][] = [
    { drop: 'before' },
    { drop: 'after' },
    { truncate: true },
    { status: 500 },
    { status: 503, headers: { 'retry-after': '1' } },
    { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } },
  ];
  it.each(faults)('when a token answer and a call meet the fault %j', async (effect) => {
    const application = await openApplication();
    for (const bank of ['bs2', 'btg'] as const) {
      await application.connect(bank, 'correntista-1', 'control');
      await application.pass(25 * 60 * minuteMs);
      await application.tenant.faults.create({ at: `${bank}.token`, effect });
      await application.call(bank, 'correntista-1').catch(() => null);
      await application.pass(minuteMs);
      await application.call(bank, 'correntista-1').catch(() => null);
      await application.connect(bank, 'correntista-1', 'control');
      await application.tenant.faults.create({ at: `${bank}.api`, effect });
      await application.call(bank, 'correntista-1').catch(() => null);
      await application.pass(minuteMs);
      expect(await application.call(bank, 'correntista-1')).toBe(200);
    }
    const findings = await application.look();
    expect(application.accused).toEqual([]);
    // A rotation whose answer was lost is seen, and is not held against the client.
    const isAnswerLost = 'truncate' in effect || ('drop' in effect && effect.drop === 'after');
    expect(findings.some(({ id }) => id === 'rotated-refresh-token')).toBe(isAnswerLost);
    await application.mock.close();
  });

  it('when tokens stop working early, and when the bank limits the rate', async () => {
    const application = await openApplication({ rateLimit: 'on' });
    await application.connect('bs2', 'correntista-1', 'control');
    await application.connect('bs2', 'outra-1', 'control');
    for (let round = 0; round < 6; round += 1) {
      for (const grant of await application.tenant.grants.list()) {
        await application.tenant.grants.age(grant.id, 'PT7M');
      }
      const calls = ['correntista-1', 'outra-1'].flatMap((customer) => Array<string>(10).fill(customer));
      const statuses = await Promise.all(calls.map((customer) => application.call('bs2', customer)));
      expect(new Set(statuses)).toEqual(new Set([200]));
      await application.pass(10_000);
    }
    await application.look();
    expect(application.accused).toEqual([]);
    await application.mock.close();
  });
});

describe('clients that others wrote are accused of nothing', () => {
  let scene: Awaited<ReturnType<typeof openScene>>;
  beforeAll(async () => {
    scene = await openScene();
  });
  afterAll(() => scene.mock.close());

  it('openid-client at BTG', async () => {
    const { tenant, btg: registered } = scene;
    const configuration = new openid.Configuration(
      {
        issuer: tenant.btg.issuer,
        authorization_endpoint: tenant.btg.authorizationEndpoint,
        token_endpoint: tenant.btg.tokenEndpoint,
        revocation_endpoint: tenant.btg.revocationEndpoint,
      },
      registered.id,
      { client_secret: registered.secret, id_token_signed_response_alg: 'HS256' },
      openid.ClientSecretBasic(registered.secret),
    );
    openid.allowInsecureRequests(configuration);
    for (let customer = 0; customer < 3; customer += 1) {
      const pkceCodeVerifier = openid.randomPKCECodeVerifier();
      const [expectedState, expectedNonce] = [openid.randomState(), openid.randomNonce()];
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: registered.redirectUri,
        scope: registered.scope,
        state: expectedState,
        nonce: expectedNonce,
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      });
      const checks = { pkceCodeVerifier, expectedState, expectedNonce };
      const tokens = await openid.authorizationCodeGrant(configuration, await approve(tenant, url), checks);
      const refreshed = await openid.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
      expect(await callApi(tenant.btg.accountsEndpoint, refreshed.access_token)).toBe(200);
      await openid.tokenRevocation(configuration, refreshed.refresh_token ?? '');
    }
    expect(accusations(await tenant.findings.list())).toEqual([]);
  });

  it('simple-oauth2 at BS2', async () => {
    const { tenant, bs2: registered } = scene;
    const token = new URL(tenant.bs2.tokenEndpoint);
    const authorization = new URL(tenant.bs2.authorizationEndpoint);
    const library = new AuthorizationCode({
      client: { id: registered.id, secret: registered.secret },
      auth: {
        tokenHost: token.origin,
        tokenPath: token.pathname,
        authorizeHost: authorization.origin,
        authorizePath: authorization.pathname,
      },
    });
    for (let customer = 0; customer < 3; customer += 1) {
      const { redirectUri, scope } = registered;
      const url = library.authorizeURL({ redirect_uri: redirectUri, scope, state: openid.randomState() });
      const callback = await approve(tenant, url);
      const code = callback.searchParams.get('code') ?? '';
      const tokens = await library.getToken({ code, redirect_uri: redirectUri });
      const refreshed = await tokens.refresh({ scope });
      expect(await callApi(tenant.bs2.balanceEndpoint, String(refreshed.token['access_token']))).toBe(200);
    }
    expect(accusations(await tenant.findings.list())).toEqual([]);
  });
});
