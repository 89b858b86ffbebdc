import type { BankId } from './banks/bank-id.js';
import type { Peer } from './banks/exchange.js';
import { judgeAccess } from './control/access-control.js';
import type { Caller } from './control/access-control.js';
import type { Configuration } from './control/config-file.js';
import { createControlApplication } from './control/control-application.js';
import type { ControlApplication } from './control/control-application.js';
import { describeTenant } from './control/tenant-description.js';
import { toInProcessResponse } from './http-delivery.js';
import { listen } from './listener.js';
import type { Listener } from './listener.js';
import { MockApplication } from './mock-application.js';
import {
  baseSettings,
  InvalidServerOptionError,
  isLoopbackHost,
  originOf,
  readControlToken,
  readTls,
} from './server-options.js';
import type { MockServerOptions } from './server-options.js';
import { createTenantHandle } from './tenant-handle.js';
import type { NewTenant, TenantDescription, TenantHandle } from './tenant-handle.js';
import { TenantRegistry } from './tenants/tenant-registry.js';
import type { ServerOrigins, TenantRequest } from './tenants/tenant-registry.js';
import type { TenantKeeper } from './tenants/tenant-memory.js';
import { version } from './version.js';

/** A running mock of both banks. */
export interface MockServer {
  readonly version: string;
  /** The public origin. */
  readonly url: string;
  /** The socket's origin; equal to `url` unless a public URL is set. */
  readonly listen: string;
  readonly control: string;
  readonly defaultTenant: TenantHandle;
  /** What each tenant of this moment is and where it is to be found, as `GET /_mock/tenants` tells it. */
  tenants(): readonly TenantDescription[];
  createTenant(request?: NewTenant): Promise<TenantHandle>;
  /** Any request to the mock, with no socket. A connection that a fault resets rejects as `fetch` does. */
  fetch(request: Request): Promise<Response>;
  /** A link that opens the dashboard once, where a control token guards it. */
  dashboardLink(): string;
  /** Answers what is under way no more, and frees the ports. */
  close(): Promise<void>;
}

const unreachableOrigin = 'http://127.0.0.1:4010';
const inProcess: Peer = { address: null };

/**
 * Starts a mock of both banks.
 *
 * ```ts
 * const mock = await startMockServer();
 * const tenant = await mock.createTenant();
 * await tenant.clock.advance('P30D');
 * await mock.close();
 * ```
 *
 * @throws InvalidServerOptionError (`ERR_INVALID_SERVER_OPTION`), ListenError (`ERR_LISTEN`),
 *   InvalidConfigurationError (`ERR_INVALID_CONFIGURATION`), StateFileError (`ERR_STORE_…`)
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  const controlToken = readControlToken(options.controlToken);
  const host = options.host ?? '127.0.0.1';
  const sockets = options.listen !== false;
  if (sockets && controlToken === null && !isLoopbackHost(host)) {
    throw new InvalidServerOptionError(
      'host',
      `Binding ${host} would open the control API to others: set HOMOLOGA_CONTROL_TOKEN, or bind 127.0.0.1.`,
    );
  }
  const publicUrl = originOf('publicUrl', options.publicUrl);
  const internalUrl = originOf('internalUrl', options.internalUrl);
  const tls = await readTls(options);
  const config = options.config === undefined ? null : await readConfig(options.config);

  const keeper = await openKeeper(options.store);

  const registry = new TenantRegistry(
    baseSettings(options),
    originsAt(unreachableOrigin, publicUrl, internalUrl, {}),
    keeper,
  );
  const control: ControlApplication = createControlApplication({ registry, version, controlToken });
  const application = new MockApplication(registry, {
    ...(options.onExchange === undefined ? {} : { onExchange: options.onExchange }),
    control: (request, peer) => control.fetch(request, callerOf(peer)),
    dashboard: async (request, peer) => {
      const refusal = judgeAccess(request, callerOf(peer), controlToken);
      // Loaded at the first request: a start of the mock does not wait for its page.
      const { answerDashboard, refuseDashboard } = await import('./dashboard/dashboard-application.js');
      return refusal === null ? answerDashboard(request) : refuseDashboard(request, refusal);
    },
  });

  const listeners: Listener[] = [];
  try {
    if (sockets) {
      const open = async (entrance: Parameters<typeof listen>[1], port: number): Promise<Listener> => {
        const listener = await listen(application, entrance, { host, port, tls });
        listeners.push(listener);
        return listener;
      };
      const main = await open({ kind: 'main' }, options.port ?? 0);
      const bs2 = options.bs2Port === undefined ? null : await open({ kind: 'root', bank: 'bs2' }, options.bs2Port);
      const btg = options.btgPort === undefined ? null : await open({ kind: 'root', bank: 'btg' }, options.btgPort);
      const seen = (origin: string): string => withHost(origin, options.publicHost);
      registry.origins = originsAt(main.origin, publicUrl ?? publicOriginOf(main.origin, options), internalUrl, {
        bs2: bs2 === null ? undefined : seen(bs2.origin),
        btg: btg === null ? undefined : seen(btg.origin),
      });
    }
    registry.create({ id: 'default', settings: {}, ...definedOf(config?.default) });
    for (const tenant of config?.tenants ?? []) registry.create({ settings: {}, ...definedOf(tenant) });
    registry.restore();
    await registry.settled();
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    await keeper?.close();
    throw error;
  }

  const fetchInProcess = async (request: Request): Promise<Response> => {
    const handled = await application.handle(request, { kind: 'main' }, inProcess);
    return handled.kind === 'response' ? handled.response : toInProcessResponse(handled.delivery);
  };
  const handleOf = (id: string): TenantHandle => {
    const tenant = registry.find(id);
    if (tenant === undefined) throw new InvalidServerOptionError('tenant', `There is no tenant "${id}".`);
    return createTenantHandle(
      (request) => control.fetch(request, { kind: 'in-process' }),
      describeTenant(tenant, registry),
    );
  };
  const { origins } = registry;
  return {
    version,
    url: origins.publicOrigin,
    listen: origins.listenOrigin,
    control: `${origins.listenOrigin}/_mock`,
    defaultTenant: handleOf('default'),
    tenants: () => registry.list().map((tenant) => describeTenant(tenant, registry)),
    createTenant: async (request = {}) => {
      const created = await control.createTenant(request);
      return handleOf(created.id);
    },
    fetch: fetchInProcess,
    dashboardLink: () => control.mintDashboardLink(),
    close: async () => {
      for (const tenant of registry.list()) {
        tenant.barriers.clear();
        tenant.journal.close();
      }
      await Promise.all(listeners.map((listener) => listener.close()));
      await keeper?.close();
    },
  };
}

/** Loaded on demand: a mock that keeps nothing should not start later for it. */
async function openKeeper(store: string | undefined): Promise<TenantKeeper | null> {
  if (store === undefined || store === 'memory') return null;
  if (store === '') throw new InvalidServerOptionError('store', 'Expected "memory" or a path, got an empty text.');
  const { openFileKeeper } = await import('./tenants/file-keeper.js');
  return openFileKeeper(store);
}

/** A start without members that say nothing, which would hide those of what is spread before it. */
function definedOf(request: TenantRequest | undefined): TenantRequest {
  const { settings, ...rest } = request ?? {};
  return settings === undefined ? rest : { ...rest, settings };
}

function callerOf(peer: Peer): Caller {
  return peer === inProcess ? { kind: 'in-process' } : { kind: 'socket', address: peer.address };
}

function originsAt(
  listenOrigin: string,
  publicUrl: string | null,
  internalUrl: string | null,
  roots: Partial<Record<BankId, string | undefined>>,
): ServerOrigins {
  const publicOrigin = publicUrl ?? listenOrigin;
  return {
    listenOrigin,
    publicOrigin,
    internalOrigin: internalUrl ?? publicOrigin,
    rootOrigins: { bs2: roots.bs2 ?? null, btg: roots.btg ?? null },
  };
}

/** The socket's origin under the name that browsers see; null where that is the socket's own. */
function publicOriginOf(origin: string, { publicHost }: MockServerOptions): string | null {
  return publicHost === undefined ? null : withHost(origin, publicHost);
}

function withHost(origin: string, host: string | undefined): string {
  if (host === undefined) return origin;
  const url = new URL(origin);
  url.hostname = host;
  return url.origin;
}

async function readConfig(path: string): Promise<Configuration> {
  const { readConfigFile } = await import('./control/config-file.js');
  return readConfigFile(path);
}
