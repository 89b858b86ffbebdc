import { connectTenant } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';
import { authorizationOf, makeCodes } from './made-codes.js';
import { putConsents } from './consent-load.js';
import type { Load, NamedLoad } from './load.js';
import { putLoad } from './put-load.js';

/** More than there are connections: what is under way when a load ends is spent and lost. */
const userCount = 64;
/** Codes are spent faster than they can be made: so many are made before, and the load ends with the last. */
const codeCount = { warming: 500, measuring: 4000 };

/** The loads of a running mock: every grant of both banks, a bearer call and a whole consent at each. */
export async function homologaLoads(controlUrl: string): Promise<readonly NamedLoad[]> {
  const tenant = await connectTenant(controlUrl);
  const usernames = Array.from({ length: userCount }, (_, index) => `cliente-${String(index)}`);
  for (const username of usernames) await tenant.users.create({ username, password: 'senha-de-teste' });
  const requests = (name: string, load: (purpose: 'warming' | 'measuring') => Promise<Load>): NamedLoad => ({
    name,
    prepare: async (purpose) => {
      const made = await load(purpose);
      return (options) => putLoad(made, options);
    },
  });
  const consents = (name: string, bank: 'bs2' | 'btg'): NamedLoad => ({
    name,
    prepare: async () => (options) => putConsents(tenant, bank, usernames, options),
  });
  const btgScope = 'empresas.btgpactual.com/accounts.readonly';
  return [
    requests('BS2 refresh with rotation', () => refreshLoad(tenant, 'bs2', usernames, '&scope=saldo+extrato')),
    requests('BS2 client_credentials', async () => clientLoad(tenant, 'bs2', 'saldo')),
    requests('BS2 password', async () => passwordLoad(tenant)),
    requests('BS2 bearer call', () => bearerLoad(tenant, 'bs2', tenant.bs2.balanceEndpoint)),
    requests('BTG refresh', () => refreshLoad(tenant, 'btg', usernames, '')),
    requests('BTG client_credentials', async () => clientLoad(tenant, 'btg', btgScope)),
    requests('BTG bearer call', () => bearerLoad(tenant, 'btg', tenant.btg.accountsEndpoint)),
    requests('BS2 authorization_code', (purpose) => codeLoad(tenant, 'bs2', usernames, codeCount[purpose])),
    requests('BTG authorization_code', (purpose) => codeLoad(tenant, 'btg', usernames, codeCount[purpose])),
    consents('BS2 whole consent', 'bs2'),
    consents('BTG whole consent', 'btg'),
  ];
}

async function refreshLoad(
  tenant: TenantHandle,
  bank: 'bs2' | 'btg',
  usernames: readonly string[],
  rest: string,
): Promise<Load> {
  const tokens: string[] = [];
  for (const username of usernames) {
    const { refreshToken } = await tenant.grants.create({ bank, username });
    if (refreshToken !== null) tokens.push(refreshToken);
  }
  const body = `grant_type=refresh_token&refresh_token={token}${rest}`;
  return { ...tokenLoad(tenant, bank, body), tokens, answersRenew: true };
}

async function codeLoad(
  tenant: TenantHandle,
  bank: 'bs2' | 'btg',
  usernames: readonly string[],
  count: number,
): Promise<Load> {
  const tokens = await makeCodes(tenant, bank, usernames, count);
  const { redeeming } = authorizationOf(tenant, bank);
  return { ...tokenLoad(tenant, bank, `grant_type=authorization_code&code={token}&${redeeming}`), tokens };
}

function clientLoad(tenant: TenantHandle, bank: 'bs2' | 'btg', scope: string): Load {
  return tokenLoad(tenant, bank, `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`);
}

function passwordLoad(tenant: TenantHandle): Load {
  const user = new URLSearchParams({ username: tenant.user?.username ?? '', password: tenant.user?.password ?? '' });
  return tokenLoad(tenant, 'bs2', `grant_type=password&${user.toString()}&scope=saldo`);
}

/** A request of the bank's client at its token endpoint. */
function tokenLoad(tenant: TenantHandle, bank: 'bs2' | 'btg', body: string): Load {
  const { client, tokenEndpoint } = tenant[bank];
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`,
  };
  return { url: tokenEndpoint, method: 'POST', headers, body, tokens: [], answersRenew: false };
}

async function bearerLoad(tenant: TenantHandle, bank: 'bs2' | 'btg', url: string): Promise<Load> {
  const { accessToken } = await tenant.grants.create({ bank });
  const headers = { authorization: `Bearer ${accessToken}` };
  return { url, method: 'GET', headers, body: '', tokens: [], answersRenew: false };
}
