import * as v from 'valibot';
import { openLocalAuthority } from '../certificate-authority/local-authority.js';
import { homeFolder } from '../foundation/home-folder.js';
import { ownHosts } from '../mock-server/banks/own-hosts.js';
import { startMockServer } from '../mock-server/index.js';
import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import { version } from '../mock-server/version.js';
import { startBankProxy } from '../proxy/bank-proxy.js';
import type { Mock } from '../proxy/forwarding.js';
import { exitCodes } from './exit-codes.js';
import { endAtFault } from './failure.js';
import { listeningEvent } from './listening-event.js';
import { connectToMock } from './mock-connection.js';
import { proxyBanner } from './proxy-banner.js';
import { UsageError } from './usage-error.js';

const flagsSchema = v.object({
  port: v.number(),
  url: v.optional(v.string()),
  ca: v.optional(v.string()),
  tenant: v.string(),
  passThrough: v.optional(v.boolean(), false),
  json: v.optional(v.boolean(), false),
  mockPort: v.optional(v.number(), 0),
  environment: v.exactOptional(v.picklist(['homologacao', 'producao'])),
  config: v.exactOptional(v.string()),
  rateLimit: v.optional(v.picklist(['on', 'off']), 'on'),
});

type Flags = v.InferOutput<typeof flagsSchema>;

/** The mock behind the proxy. */
interface PlayedMock extends Mock {
  readonly tenant: TenantDescription;
  /** A link that opens its dashboard. */
  readonly dashboard: string;
  readonly isOwn: boolean;
  close(): Promise<void>;
}

/** Runs the proxy, with a mock of its own unless one is named, until `stopped` resolves; then the process ends. */
export async function playBanks(flags: unknown, stopped: Promise<void>): Promise<void> {
  const options = v.parse(flagsSchema, flags);
  const hosts = ownHosts.map(({ host }) => host);
  const authority = await openLocalAuthority(homeFolder(process.env), { name: 'banks', hosts });
  const mock = options.url === undefined ? await startOwnMock(options) : await findMock(options.url, options);
  process.on('uncaughtException', endAtFault);
  try {
    const proxy = await startBankProxy({
      port: options.port,
      mock,
      tenant: options.tenant,
      credentials: await authority.issue(hosts),
      passThrough: options.passThrough,
      onNotice: onceEach((notice) => process.stderr.write(`${notice}\n`)),
    });
    const event = {
      event: 'listening',
      version,
      proxy: proxy.url,
      ca: authority.caFile,
      url: mock.url,
      control: `${mock.url}/_mock`,
      hosts: ownHosts.map(({ host, bank, environment, serves }) => ({ host, bank, environment, serves })),
      tenants: { [mock.tenant.id]: mock.tenant },
    };
    process.stdout.write(
      options.json
        ? `${JSON.stringify(event)}\n`
        : proxyBanner({ proxy: proxy.url, authority, mock, passThrough: options.passThrough }),
    );
    await stopped;
    await proxy.close();
  } finally {
    await mock.close();
  }
  process.exit(exitCodes.ok);
}

async function startOwnMock({ tenant: id, mockPort, environment, config, rateLimit }: Flags): Promise<PlayedMock> {
  const mock = await startMockServer({
    port: mockPort,
    rateLimit,
    ...(environment === undefined ? {} : { environment }),
    ...(config === undefined ? {} : { config }),
  });
  const tenant = listeningEvent(mock).tenants[id];
  if (tenant === undefined) {
    await mock.close();
    throw new UsageError(`--tenant: there is no tenant ${JSON.stringify(id)}; a --config file can have one.`);
  }
  return { url: mock.listen, tenant, dashboard: mock.dashboardLink(), isOwn: true, close: () => mock.close() };
}

async function findMock(url: string, { tenant, ca }: Flags): Promise<PlayedMock> {
  const found = await connectToMock(url, tenant, ca, process.env);
  return { ...found, dashboard: `${url}/`, isOwn: false, close: async () => undefined };
}

/** The same words again and again would bury the others. */
function onceEach(write: (notice: string) => void): (notice: string) => void {
  const written = new Set<string>();
  return (notice) => {
    if (written.has(notice) || written.size > 1000) return;
    written.add(notice);
    write(notice);
  };
}
