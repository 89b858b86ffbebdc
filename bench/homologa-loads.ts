import { connectTenant } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';
import type { Load } from './load.js';

/** More than there are connections: what is under way when a load ends is spent and lost. */
const grantCount = 64;

/** The loads of a running mock: every grant that needs no user, at both banks, and a bearer call at each. */
export async function homologaLoads(controlUrl: string): Promise<ReadonlyMap<string, Load>> {
  const tenant = await connectTenant(controlUrl);
  const usernames = Array.from({ length: grantCount }, (_, index) => `cliente-${String(index)}`);
  const known = new Set((await tenant.users.list()).map(({ username }) => username));
  for (const username of usernames) {
    if (!known.has(username)) await tenant.users.create({ username, password: 'senha-de-teste' });
  }
  const bs2 = await refreshLoad(tenant, 'bs2', usernames, '&scope=saldo+extrato');
  const btg = await refreshLoad(tenant, 'btg', usernames, '');
  const made = await tenant.grants.create({ bank: 'bs2' });
  const madeAtBtg = await tenant.grants.create({ bank: 'btg' });
  return new Map([
    ['BS2 refresh with rotation', bs2],
    ['BS2 client_credentials', clientLoad(tenant, 'bs2', 'saldo')],
    ['BS2 bearer call', bearerLoad(tenant.bs2.balanceEndpoint, made.accessToken)],
    ['BTG refresh', btg],
    ['BTG client_credentials', clientLoad(tenant, 'btg', 'empresas.btgpactual.com/accounts.readonly')],
    ['BTG bearer call', bearerLoad(tenant.btg.accountsEndpoint, madeAtBtg.accessToken)],
  ]);
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
  return {
    url: tenant[bank].tokenEndpoint,
    method: 'POST',
    headers: headersOf(tenant, bank),
    body: `grant_type=refresh_token&refresh_token={token}${rest}`,
    tokens,
  };
}

function clientLoad(tenant: TenantHandle, bank: 'bs2' | 'btg', scope: string): Load {
  const body = `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`;
  return { url: tenant[bank].tokenEndpoint, method: 'POST', headers: headersOf(tenant, bank), body, tokens: [] };
}

function bearerLoad(url: string, accessToken: string): Load {
  return { url, method: 'GET', headers: { authorization: `Bearer ${accessToken}` }, body: '', tokens: [] };
}

function headersOf(tenant: TenantHandle, bank: 'bs2' | 'btg'): Record<string, string> {
  const { client } = tenant[bank];
  return {
    'content-type': 'application/x-www-form-urlencoded',
    authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`,
  };
}
