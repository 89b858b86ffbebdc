import type { SecondFactor } from '../../client/user-agent/consent-walk.js';
import type { MockServer } from '../../mock-server/mock-server.js';
import { startMockServer } from '../../mock-server/mock-server.js';
import type { TenantHandle } from '../../mock-server/tenant-handle.js';
import { seededScope } from '../../mock-server/tenants/fixtures.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { HarnessFault } from '../check-failure.js';
import { BankTraffic } from './bank-traffic.js';
import { isLoopbackName } from '../loopback-names.js';
import { bankHostFor } from './session-hosts.js';
import type { PartnerSetup, VerifyFile } from './verify-file.js';

/** The bank that a mock plays for an application under test. */
export interface PartnerBank {
  readonly bank: ScenarioBank;
  readonly tenant: TenantHandle;
  readonly traffic: BankTraffic;
  readonly client: { readonly id: string; readonly secret: string; readonly scope: string };
  /** As users' browsers see it. */
  readonly authorizationEndpoint: string;
  /** Null at a bank that sends no `iss`. */
  readonly issuer: string | null;
  /** What a verify file calls `${…}`. */
  readonly placeholders: ReadonlyMap<string, string>;
  /** Whether an address is one of the bank's, under whatever name of this machine. */
  isAtBank(url: string): boolean;
  /** How a user logs in; default: the run's customer. */
  credentials(username?: string): {
    readonly username: string;
    readonly password: string;
    readonly secondFactor: SecondFactor;
  };
}

/** The users of a run: a customer, another one of the same company, and somebody with bad intentions. */
export const customerName = 'correntista';
export const otherCustomerName = 'outra-pessoa';
export const attackerName = 'atacante';

/** The mock of a run, with the banks that the file names. */
export interface PartnerMock {
  readonly server: MockServer;
  readonly traffic: BankTraffic;
  readonly banks: ReadonlyMap<ScenarioBank, PartnerBank>;
}

/** Starts the mock with the application as its only client. @throws ListenError for a port that is taken. */
export async function startPartnerMock(file: VerifyFile): Promise<PartnerMock> {
  const [first] = file.setups;
  if (first === undefined) throw new HarnessFault('A verify file without a bank.');
  const traffic = new BankTraffic();
  const { port, bs2Port, btgPort } = file.mock;
  const server = await startMockServer({
    port,
    publicHost: bankHostFor(first.connect.url),
    onExchange: traffic.record,
    ...(bs2Port === undefined ? {} : { bs2Port }),
    ...(btgPort === undefined ? {} : { btgPort }),
  });
  const banks = new Map<ScenarioBank, PartnerBank>();
  for (const setup of file.setups) banks.set(setup.bank, await openBank(server, traffic, setup));
  for (const bank of banks.values()) await addUsers(bank.tenant);
  // The customers of a run share an account because this run plays them so: at BS2 each would end the others' tokens.
  await server.defaultTenant.settings.patch({ bs2: { previousAccessTokenDies: 'grant' } });
  return { server, traffic, banks };
}

async function openBank(server: MockServer, traffic: BankTraffic, setup: PartnerSetup): Promise<PartnerBank> {
  const tenant = server.defaultTenant;
  const { bank } = setup;
  const client = await registerClient(tenant, setup);
  const description = await tenant.describe();
  const { authorizationEndpoint, issuer, placeholders } = addressesOf(description, bank, client);
  const { baseUrl, rootUrl } = description[bank];
  const bases = [baseUrl, ...(rootUrl === null ? [] : [rootUrl])].map((base) => new URL(base));
  const password = tenant.user?.password ?? '';
  return {
    bank,
    tenant,
    traffic,
    client,
    authorizationEndpoint,
    issuer,
    placeholders,
    isAtBank: (url) => {
      const { hostname, port, pathname } = new URL(url);
      // Which name of this machine the application uses for the bank is its own affair.
      return bases.some((base) => isLoopbackName(hostname) && port === base.port && pathname.startsWith(base.pathname));
    },
    credentials: (username = customerName) => ({
      username,
      password,
      secondFactor: { kind: 'sms', code: async () => (await tenant.secondFactor.get(username)).sms ?? '' },
    }),
  };
}

/** The application under test in place of the seeded client, with its redirect URI and no other. */
async function registerClient(tenant: TenantHandle, setup: PartnerSetup): Promise<PartnerBank['client']> {
  const { bank, redirectUri } = setup;
  const seeded = tenant[bank].client;
  if (seeded?.secret == null) throw new HarnessFault(`The default tenant has no client of ${bank}.`);
  const { id, secret } = setup.client ?? { id: seeded.id, secret: seeded.secret };
  await tenant.clients.delete(seeded.id, bank);
  const scope = seededScope[bank];
  await tenant.clients.create({
    bank,
    id,
    secret,
    redirectUris: [redirectUri],
    scope,
    name: 'Aplicação em verificação',
  });
  return { id, secret, scope };
}

async function addUsers(tenant: TenantHandle): Promise<void> {
  const known = new Set((await tenant.users.list()).map(({ username }) => username));
  const { companies = [], password } = tenant.user ?? {};
  if (password === undefined) throw new HarnessFault('The default tenant has no user.');
  for (const [username, cpf] of [
    [otherCustomerName, '39053344705'],
    [attackerName, '86288366757'],
  ] as const) {
    if (!known.has(username))
      await tenant.users.create({
        username,
        password,
        name: username,
        cpf,
        companies: companies.map((company) => ({ ...company, accounts: [...company.accounts] })),
      });
  }
}

type Description = Awaited<ReturnType<TenantHandle['describe']>>;

function addressesOf(
  tenant: Description,
  bank: ScenarioBank,
  client: PartnerBank['client'],
): Pick<PartnerBank, 'authorizationEndpoint' | 'issuer' | 'placeholders'> {
  const shared = new Map([
    ['client.id', client.id],
    ['client.secret', client.secret],
    ['client.scope', client.scope],
  ]);
  if (bank === 'bs2') {
    const { baseUrl, rootUrl, authorizationEndpoint, tokenEndpoint, balanceEndpoint } = tenant.bs2;
    const own = new Map([
      ['bank.baseUrl', rootUrl ?? baseUrl],
      ['bank.authorizationEndpoint', authorizationEndpoint],
      ['bank.tokenEndpoint', tokenEndpoint],
      ['bank.balanceEndpoint', balanceEndpoint],
    ]);
    return { authorizationEndpoint, issuer: null, placeholders: new Map([...shared, ...own]) };
  }
  const { baseUrl, rootUrl, issuer, authorizationEndpoint, tokenEndpoint, accountsEndpoint, revocationEndpoint } =
    tenant.btg;
  const own = new Map([
    ['bank.baseUrl', rootUrl ?? baseUrl],
    ['bank.issuer', issuer],
    ['bank.authorizationEndpoint', authorizationEndpoint],
    ['bank.tokenEndpoint', tokenEndpoint],
    ['bank.revocationEndpoint', revocationEndpoint],
    ['bank.accountsEndpoint', accountsEndpoint],
  ]);
  return { authorizationEndpoint, issuer, placeholders: new Map([...shared, ...own]) };
}
