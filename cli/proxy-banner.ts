import type { LocalAuthority } from '../certificate-authority/local-authority.js';
import { ownHosts } from '../mock-server/banks/own-hosts.js';
import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import { version } from '../mock-server/version.js';
import { clientRows, detailRow, row, stackRows, userRows } from './banner-rows.js';
import { proxyLines } from './proxy-lines.js';
import { describeAuthority } from './trust-lines.js';

/** What the banner shows. */
export interface ProxyBannerDetail {
  readonly proxy: string;
  readonly authority: LocalAuthority;
  readonly mock: {
    readonly url: string;
    readonly tenant: TenantDescription;
    readonly dashboard: string;
    readonly isOwn: boolean;
  };
  readonly passThrough: boolean;
}

const roles = { authorization: 'logins and tokens', resources: 'resources', both: 'all of it' };

/** What `homologa proxy` tells a person: which hosts it plays, and what the application's shell needs. */
export function proxyBanner({ proxy, authority, mock, passThrough }: ProxyBannerDetail): string {
  const { tenant } = mock;
  const width = Math.max(...ownHosts.map(({ host }) => host.length)) + 2;
  const lines = [
    `homologa ${version}: a proxy that answers as the banks' own hosts, from a mock.`,
    'Test credentials only: nothing shown here opens anything at a real bank.',
    '',
    row('Proxy', proxy),
    row('CA', describeAuthority(authority)),
    row('Mock', `${mock.url}  (${mock.isOwn ? 'its own' : 'it runs already'}; tenant ${tenant.id})`),
    detailRow('dashboard', mock.dashboard),
    detailRow('control', tenant.control),
    '',
    row('It plays', ''),
    ...ownHosts.map(
      ({ host, bank, environment, serves }) =>
        `  ${host.padEnd(width)}${bank.toUpperCase()}, ${environment}: ${roles[serves]}`,
    ),
    row(
      'Other hosts',
      passThrough
        ? 'are let through, those of the banks never'
        : 'are refused (--pass-through lets them through, those of the banks never)',
    ),
    '',
    'In the shell that starts the application:',
    '',
    ...stackRows(proxyLines(authority, proxy)),
    '',
    'The browser in which somebody logs in needs the proxy too, or it meets the real bank.',
    '',
    row('BS2', ''),
    ...clientRows(tenant.bs2.client, 'API Key', 'API Secret'),
    row('BTG', ''),
    ...clientRows(tenant.btg.client, 'client id', 'secret'),
    '',
    ...userRows(tenant),
    mock.isOwn ? 'Ctrl+C stops it; nothing but the CA is kept.' : 'Ctrl+C stops it; the mock goes on.',
  ];
  return `${lines.join('\n')}\n`;
}
