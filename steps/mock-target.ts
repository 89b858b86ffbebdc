import { bs2 } from '../client/banks/bs2.js';
import { btg } from '../client/banks/btg.js';
import type { BankEndpoints, BankProfile } from '../client/banks/bank-profile.js';
import type { HttpTransport } from '../client/http-transport.js';
import { startMockServer } from '../mock-server/mock-server.js';
import type { ListedClient, TenantHandle, TenantSettingsPatch } from '../mock-server/tenant-handle.js';
import { seededScope } from '../mock-server/tenants/fixtures.js';
import { capabilities } from '../reports/scenario-tags.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { HarnessFault } from './check-failure.js';
import { consentOverHttp } from './consent-ways/http-consent.js';
import { noConsentLimits } from './target.js';
import type { BankUnderTest, ClientUnderTest, FactorKind, Target, UserUnderTest } from './target.js';

/** Nothing listens there: the user agent stops at it. */
const redirectUri = 'https://client.example/callback';

/** What a mock target may be given. */
export interface MockTargetOptions {
  /** Stands between the scenarios and the bank; to break a bank on purpose. */
  readonly alter?: ((transport: HttpTransport) => HttpTransport) | undefined;
  /** Settings of every scenario's tenant, over the bank's own. */
  readonly settings?: TenantSettingsPatch | undefined;
  /** Standing bugs of every scenario's tenant. */
  readonly mutants?: readonly string[] | undefined;
}

/** A mock of both banks in this process, without a socket; each scenario gets a tenant of its own. */
export async function createMockTarget(options: MockTargetOptions = {}): Promise<Target> {
  const mock = await startMockServer({ listen: false, controlToken: null });
  return {
    name: 'mock',
    banks: ['bs2', 'btg'],
    capabilities: new Set(capabilities),
    shared: false,
    consents: noConsentLimits,
    open: async (bank, observe) => {
      const registration = { bank, redirectUris: [redirectUri], scope: seededScope[bank] };
      const tenant = await mock.createTenant({
        clients: [registration, { ...registration, name: 'Outra Aplicação' }],
        ...(options.settings === undefined ? {} : { settings: options.settings }),
      });
      if (options.mutants !== undefined) await tenant.mutants.set(options.mutants);
      // Fresh for each scenario, so that what an alteration remembers is of this scenario alone.
      const transport: HttpTransport = (request) => mock.fetch(request);
      return bankOfTenant(tenant, bank, observe(options.alter?.(transport) ?? transport));
    },
    close: () => mock.close(),
  };
}

async function bankOfTenant(tenant: TenantHandle, bank: ScenarioBank, fetch: HttpTransport): Promise<BankUnderTest> {
  const [client, secondClient] = (await tenant.clients.list()).map(clientUnderTest);
  const { user } = tenant;
  const company = user?.companies[0]?.cnpj;
  if (client === undefined || secondClient === undefined || user === null || company === undefined) {
    throw new HarnessFault('The tenant has not the clients and the user that scenarios start with.');
  }
  const secondFactorCode = async ({ username }: UserUnderTest, factor: FactorKind): Promise<string> => {
    const code = (await tenant.secondFactor.get(username))[factor];
    if (code === null) throw new HarnessFault(`The mock has no ${factor} code for "${username}".`);
    return code;
  };
  return {
    bank,
    ...addressesOf(tenant, bank),
    client,
    secondClient,
    user: { username: user.username, password: user.password },
    company,
    factor: 'sms',
    seesRedirect: true,
    fetch,
    control: tenant,
    now: async () => Date.parse((await tenant.clock.show()).now),
    secondFactorCode,
    consent: (input) => consentOverHttp({ fetch, secondFactorCode }, input),
    close: () => tenant.delete(),
  };
}

function clientUnderTest({ id, secret, redirectUris, scope }: ListedClient): ClientUnderTest {
  const [registered] = redirectUris;
  if (secret === null || registered === undefined) throw new HarnessFault('The tenant has a client without a secret.');
  return { id, secret, redirectUri: registered, scope };
}

function addressesOf(
  tenant: TenantHandle,
  bank: ScenarioBank,
): { profile: BankProfile; endpoints: BankEndpoints; issuer: string | null } {
  if (bank === 'bs2') {
    const { authorizationEndpoint, tokenEndpoint, baseUrl } = tenant.bs2;
    const endpoints = { authorization: authorizationEndpoint, token: tokenEndpoint, revocation: null, api: baseUrl };
    return { profile: bs2, endpoints, issuer: null };
  }
  const { authorizationEndpoint, tokenEndpoint, revocationEndpoint, baseUrl, issuer } = tenant.btg;
  const endpoints = {
    authorization: authorizationEndpoint,
    token: tokenEndpoint,
    revocation: revocationEndpoint,
    api: baseUrl,
  };
  return { profile: btg, endpoints, issuer };
}
