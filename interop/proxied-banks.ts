import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ProxyAgent } from 'undici';
import * as v from 'valibot';
import { createHttpTransport } from '../client/http-transport.js';
import type { HttpTransport } from '../client/http-transport.js';
import { connectTenant } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';
import { startHomologa } from '../scripts/homologa-from-source.js';
import type { RunningProcess } from '../scripts/homologa-process.js';

const eventSchema = v.object({
  event: v.literal('listening'),
  proxy: v.string(),
  ca: v.string(),
  control: v.string(),
  hosts: v.array(v.object({ host: v.string(), bank: v.string(), environment: v.string(), serves: v.string() })),
  tenants: v.object({ default: v.object({ control: v.string() }) }),
});

/** `homologa proxy` in a process of its own, with a folder that is thrown away. */
export interface ProxiedBanks {
  readonly process: RunningProcess;
  readonly event: v.InferOutput<typeof eventSchema>;
  readonly tenant: TenantHandle;
  /** What a program of a partner on Node needs, and no more. */
  readonly environment: NodeJS.ProcessEnv;
  /** A browser's way to the banks. */
  readonly transport: HttpTransport;
  /** Where the proxy and the programs that were started with `recorded` connected to, and what they looked up. */
  connections(): Promise<string[]>;
  /** The environment of a Node program whose connections are recorded. */
  recorded(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
  close(): Promise<void>;
}

const recorder = new URL('programs/connection-record.mjs', import.meta.url).href;
const preload = fileURLToPath(new URL('../proxy/environment-proxy.js', import.meta.url));

/** The folder is not the user's: nothing of theirs is read or made. */
export async function openProxiedBanks(...flags: string[]): Promise<ProxiedBanks> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-proxied-'));
  const record = join(folder, 'connections');
  const recorded = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    ...environment,
    NODE_OPTIONS: `--import=${recorder} ${environment['NODE_OPTIONS'] ?? ''}`.trim(),
    CONNECTION_RECORD: record,
  });
  const env = recorded({ HOMOLOGA_HOME: join(folder, 'home') });
  const process = startHomologa(['proxy', '--port', '0', '--json', ...flags], { env });
  const event = v.parse(eventSchema, JSON.parse(await process.said(/\n/)));
  const dispatcher = new ProxyAgent({ uri: event.proxy, requestTls: { ca: await readFile(event.ca, 'utf8') } });
  return {
    process,
    event,
    tenant: await connectTenant(event.tenants.default.control),
    environment: {
      HTTPS_PROXY: event.proxy,
      NODE_EXTRA_CA_CERTS: event.ca,
      NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`,
    },
    transport: createHttpTransport({ dispatcher }),
    connections: async () => [...new Set((await readFile(record, 'utf8')).trim().split('\n'))].sort(),
    recorded,
    close: async () => {
      await dispatcher.close();
      process.signal('SIGTERM');
      await process.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
