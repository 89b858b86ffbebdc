import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import type { ListeningEvent } from './listening-event.js';

/** What the banner shows besides the listening event. */
export interface BannerDetail {
  /** A link that opens the dashboard. */
  readonly dashboard: string;
  readonly environment: string;
  /** Shell lines that end in a token answer; null for none. */
  readonly firstToken: readonly string[] | null;
}

/** What `homologa serve` tells a person: where everything is, what to log in with, what to try first, how to stop. */
export function serveBanner(event: ListeningEvent, tenant: TenantDescription, detail: BannerDetail): string {
  const { bs2, btg, user } = tenant;
  const others = Object.keys(event.tenants).filter((id) => id !== tenant.id);
  const lines = [
    `homologa ${event.version}: a mock of Banco BS2 and BTG Pactual Empresas (${detail.environment}).`,
    'Test credentials only: nothing shown here opens anything at a real bank.',
    '',
    row('Dashboard', detail.dashboard),
    row('Control API', `${event.control}  (described at ${event.control}/openapi.json)`),
    ...(others.length === 0 ? [] : [row('Tenants', `${others.join(', ')}, besides the default one below`)]),
    '',
    row('BS2', bs2.baseUrl),
    ...(bs2.rootUrl === null ? [] : [detailRow('at a root', bs2.rootUrl)]),
    detailRow('authorize', bs2.authorizationEndpoint),
    detailRow('token', bs2.tokenEndpoint),
    detailRow('API', bs2.balanceEndpoint),
    ...clientRows(bs2.client, 'API Key', 'API Secret'),
    '',
    row('BTG', btg.baseUrl),
    ...(btg.rootUrl === null ? [] : [detailRow('at a root', btg.rootUrl)]),
    detailRow('issuer', btg.issuer),
    detailRow('authorize', btg.authorizationEndpoint),
    detailRow('token', btg.tokenEndpoint),
    detailRow('API', btg.accountsEndpoint),
    ...clientRows(btg.client, 'client id', 'secret'),
    '',
    ...(user === null ? [] : userRows(tenant, user)),
    ...(detail.firstToken === null
      ? []
      : ['A first token of BS2, from another shell:', '', ...detail.firstToken.map((line) => `  ${line}`), '']),
    'Ctrl+C stops it; nothing is kept.',
  ];
  return `${lines.join('\n')}\n`;
}

function clientRows(client: TenantDescription['bs2']['client'], idName: string, secretName: string): string[] {
  if (client === null) return [detailRow('client', 'none')];
  return [
    detailRow(idName, client.id),
    detailRow(secretName, client.secret ?? 'none'),
    detailRow('redirect', client.redirectUris.join(' ')),
    detailRow('scope', client.scope),
  ];
}

function userRows(tenant: TenantDescription, user: NonNullable<TenantDescription['user']>): string[] {
  return [
    row('User', `${user.username} (or CPF ${user.cpf})`),
    detailRow('password', user.password),
    detailRow('2nd factor', "on the dashboard's phone, or"),
    detailRow('', `${tenant.control}/second-factor/${encodeURIComponent(user.username)}`),
    '',
  ];
}

function row(name: string, value: string): string {
  return `${name.padEnd(14)}${value}`;
}

function detailRow(name: string, value: string): string {
  return `  ${name.padEnd(12)}${value}`;
}
