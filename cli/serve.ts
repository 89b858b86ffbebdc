import * as v from 'valibot';
import type { LocalAuthority } from '../certificate-authority/local-authority.js';
import { HomologaError } from '../foundation/homologa-error.js';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer, MockServerOptions } from '../mock-server/index.js';
import { exitCodes } from './exit-codes.js';
import { endAtFault } from './failure.js';
import { firstTokenLines } from './first-token.js';
import { listeningEvent } from './listening-event.js';
import { serveBanner } from './serve-banner.js';
import type { AutomaticTls } from './server-authority.js';
import { describeAuthority, trustLines } from './trust-lines.js';
import { UsageError } from './usage-error.js';

const serverFlags = v.object({
  port: v.number(),
  host: v.string(),
  bs2Port: v.exactOptional(v.number()),
  btgPort: v.exactOptional(v.number()),
  publicUrl: v.exactOptional(v.string()),
  internalUrl: v.exactOptional(v.string()),
  tlsCert: v.exactOptional(v.string()),
  tlsKey: v.exactOptional(v.string()),
  environment: v.exactOptional(v.picklist(['homologacao', 'producao'])),
  rateLimit: v.picklist(['on', 'off']),
  config: v.exactOptional(v.string()),
  store: v.string(),
});

const outputFlags = v.object({
  json: v.optional(v.boolean(), false),
  open: v.optional(v.boolean(), false),
  tls: v.optional(v.literal('auto')),
});

const settingsView = v.object({
  environment: v.string(),
  bs2: v.object({ userAgentCode: v.nullable(v.string()), httpsRedirectUris: v.boolean() }),
});

/** Runs the mock until `stopped` resolves; then the process ends, whatever a fault still holds back. */
export async function serve(flags: unknown, stopped: Promise<void>): Promise<void> {
  const options = v.parse(serverFlags, flags);
  const { json, open, tls: isAutomatic } = v.parse(outputFlags, flags);
  const tls = isAutomatic === undefined ? null : await automatic(options);
  const mock = await start({ ...options, ...(tls === null ? {} : { tls: tls.credentials }) });
  process.on('uncaughtException', endAtFault);
  try {
    process.stdout.write(
      json
        ? `${JSON.stringify(listeningEvent(mock, tls?.authority.caFile))}\n`
        : await bannerOf(mock, tls?.authority ?? null, options.store === 'memory' ? null : options.store),
    );
  } catch (error) {
    await mock.close();
    throw error;
  }
  if (open) {
    const address = `${mock.listen}/`;
    const { openBrowser } = await import('../foundation/open-browser.js');
    openBrowser(mock.dashboardLink(), (why) => {
      process.stderr.write(`Note: no browser could be opened (${why}); the dashboard is at ${address}\n`);
    });
  }
  await stopped;
  await mock.close();
  process.exit(exitCodes.ok);
}

/** Loaded on demand: what makes certificates is large, and plain http should not start later for it. */
async function automatic(options: v.InferOutput<typeof serverFlags>): Promise<AutomaticTls> {
  const { automaticTls } = await import('./server-authority.js');
  return automaticTls(options, process.env);
}

async function start(options: MockServerOptions): Promise<MockServer> {
  try {
    return await startMockServer(options);
  } catch (error) {
    const flag = flagOf(error);
    if (flag === null) throw error;
    throw new UsageError(`${flag}: ${error instanceof Error ? error.message : ''}`, { cause: error });
  }
}

/** The flag of an option that the server refused; the server knows it by the library's name, such as `tlsCert`. */
function flagOf(error: unknown): string | null {
  if (!(error instanceof HomologaError) || error.code !== 'ERR_INVALID_SERVER_OPTION') return null;
  const cause = v.safeParse(v.object({ option: v.string() }), error.cause);
  return cause.success ? `--${cause.output.option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` : null;
}

async function bannerOf(mock: MockServer, authority: LocalAuthority | null, store: string | null): Promise<string> {
  const event = listeningEvent(mock, authority?.caFile);
  const tenant = event.tenants['default'];
  if (tenant === undefined) throw new TypeError('The mock started without its default tenant.');
  const answer = await mock.fetch(new Request(`${tenant.control}/settings`));
  const { environment, bs2 } = v.parse(settingsView, await answer.json());
  const token = process.env['HOMOLOGA_CONTROL_TOKEN'];
  const needsControlToken = token !== undefined && token !== '';
  return serveBanner(event, tenant, {
    dashboard: needsControlToken ? `${mock.dashboardLink()}  (opens once)` : mock.dashboardLink(),
    environment,
    store,
    firstToken: firstTokenLines(tenant, {
      listen: mock.listen,
      needsControlToken,
      caFile: authority?.caFile ?? null,
      ...bs2,
    }),
    trust: authority === null ? null : { authority: describeAuthority(authority), stacks: trustLines(authority) },
  });
}
