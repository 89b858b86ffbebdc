import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { TenantHandle } from '../mock-server/index.js';
import { startProcess } from '../scripts/homologa-process.js';
import { withJobFile } from './job-file.js';
import type { LoadOptions, LoadResult } from './load.js';
import { authorizationOf } from './made-codes.js';
import { pinned } from './pinned.js';

/** What consent-customers.ts is told. */
export const consentJobSchema = v.object({
  url: v.string(),
  redirectUri: v.string(),
  tokenUrl: v.string(),
  /** The `Authorization` of the application's backend. */
  authorization: v.string(),
  redeeming: v.string(),
  /** Where the SMS of a user is read; the user's name goes behind it. */
  phone: v.string(),
  usernames: v.array(v.string()),
  password: v.string(),
  seconds: v.number(),
});

const summary = v.object({ consents: v.number(), ms: v.number(), p99Ms: v.number(), errors: v.number() });

/** Whole consents, pages and redemption included, of as many customers at once as connections; each request is one. */
export async function putConsents(
  tenant: TenantHandle,
  bank: 'bs2' | 'btg',
  usernames: readonly string[],
  { connections, seconds, core }: LoadOptions,
): Promise<LoadResult> {
  const { client, tokenEndpoint } = tenant[bank];
  const job: v.InferInput<typeof consentJobSchema> = {
    ...authorizationOf(tenant, bank),
    tokenUrl: tokenEndpoint,
    authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`,
    phone: `${tenant.control}/second-factor/`,
    usernames: usernames.slice(0, connections),
    password: 'senha-de-teste',
    seconds,
  };
  const script = fileURLToPath(new URL('consent-customers.ts', import.meta.url));
  return withJobFile('consents.json', JSON.stringify(job), async (path) => {
    const command = pinned(core, process.execPath, ['--import', 'tsx', script, path]);
    const { stdout, exitCode, stderr } = await startProcess(...command).ended;
    if (exitCode !== 0) throw new Error(`The customers ended with ${String(exitCode)}: ${stderr}`);
    const { consents, ms, p99Ms, errors } = v.parse(summary, JSON.parse(stdout));
    return { requests: consents, perSecond: (consents * 1000) / ms, p99Ms, errors };
  });
}
