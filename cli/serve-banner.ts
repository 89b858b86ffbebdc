import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import type { ListeningEvent } from './listening-event.js';
import { clientRows, detailRow, row, stackRows, userRows } from './banner-rows.js';
import type { StackLines } from './trust-lines.js';

/** What the banner shows besides the listening event. */
export interface BannerDetail {
  /** A link that opens the dashboard. */
  readonly dashboard: string;
  readonly environment: string;
  /** Where the state is kept; null where it is not. */
  readonly store: string | null;
  /** Shell lines that end in a token answer; null for none. */
  readonly firstToken: readonly string[] | null;
  /** What each stack needs to trust the mock's certificate; null where that is not of our making. */
  readonly trust: { readonly authority: string; readonly stacks: readonly StackLines[] } | null;
}

/** What `homologa serve` tells a person: where everything is, what to log in with, what to try first, how to stop. */
export function serveBanner(event: ListeningEvent, tenant: TenantDescription, detail: BannerDetail): string {
  const { bs2, btg } = tenant;
  const others = Object.keys(event.tenants).filter((id) => id !== tenant.id);
  const lines = [
    `homologa ${event.version}: a mock of Banco BS2 and BTG Pactual Empresas (${detail.environment}).`,
    'Test credentials only: nothing shown here opens anything at a real bank.',
    '',
    row('Dashboard', detail.dashboard),
    row('Control API', `${event.control}  (described at ${event.control}/openapi.json)`),
    ...(others.length === 0 ? [] : [row('Tenants', `${others.join(', ')}, besides the default one below`)]),
    '',
    ...(detail.trust === null ? [] : [row('TLS', detail.trust.authority), ...stackRows(detail.trust.stacks), '']),
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
    ...userRows(tenant),
    ...(detail.firstToken === null
      ? []
      : ['A first token of BS2, from another shell:', '', ...detail.firstToken.map((line) => `  ${line}`), '']),
    detail.store === null
      ? 'Ctrl+C stops it; nothing is kept.'
      : `Ctrl+C stops it; its state stays in ${detail.store}.`,
  ];
  return `${lines.join('\n')}\n`;
}
