import { startMockServer } from '../mock-server/index.js';
import type { MockServer, TenantHandle } from '../mock-server/index.js';

/** A mock behind a socket and a tenant of its own, as an outside client meets them. */
export interface BankScene {
  readonly mock: MockServer;
  readonly tenant: TenantHandle;
  /** The seeded client of each bank. */
  readonly bs2: OutsideClient;
  readonly btg: OutsideClient;
}

/** What a partner configures an OAuth library with. */
export interface OutsideClient {
  readonly id: string;
  readonly secret: string;
  readonly scope: string;
  readonly redirectUri: string;
}

export async function openScene(): Promise<BankScene> {
  const mock = await startMockServer();
  const tenant = await mock.createTenant();
  return { mock, tenant, bs2: outsideClient(tenant.bs2.client), btg: outsideClient(tenant.btg.client) };
}

function outsideClient(client: TenantHandle['bs2']['client']): OutsideClient {
  const redirectUri = client?.redirectUris[0];
  if (client === null || client.secret === null || redirectUri === undefined)
    throw new TypeError('The seeded client lacks a secret or a redirect URI.');
  return { id: client.id, secret: client.secret, scope: client.scope, redirectUri };
}

/** The customer agrees; the address that the bank sends the browser to. */
export async function approve(tenant: TenantHandle, authorizationUrl: string | URL): Promise<URL> {
  const { redirectTo } = await tenant.consents.create({
    authorizationUrl: String(authorizationUrl),
    decision: 'approve',
  });
  return new URL(redirectTo);
}

/** The status of a balance or account list that is asked for with this token. */
export async function callApi(url: string, accessToken: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${accessToken}` } });
  await response.arrayBuffer();
  return response.status;
}
