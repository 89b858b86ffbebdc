import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Agent, fetch } from 'undici';
import * as v from 'valibot';
import { caFileIn } from '../certificate-authority/authority-files.js';
import { isLoopbackHost } from '../certificate-authority/host-names.js';
import { homeFolder } from '../foundation/home-folder.js';
import { tenantDescriptionSchema } from '../mock-server/control/tenant-schema.js';
import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import { UsageError } from './usage-error.js';

/** A mock that runs already. */
export interface MockConnection {
  readonly url: string;
  /** What an https mock is trusted by, besides what Node trusts; absent for nothing. */
  readonly ca?: readonly string[];
  readonly tenant: TenantDescription;
}

/**
 * Finds the tenant of a mock that runs on this machine.
 *
 * @throws UsageError where the URL is not of this machine, no mock answers there, or it has no such tenant
 */
export async function connectToMock(
  url: string,
  tenantId: string,
  caFile: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<MockConnection> {
  if (!isLoopbackHost(new URL(url).hostname)) {
    throw new UsageError(
      `--url: expected a mock on this machine, such as http://127.0.0.1:4010, got ${url}: what is asked of the banks must not leave it.`,
    );
  }
  const ca = url.startsWith('https:') ? await readCa(caFile, environment) : undefined;
  const token = environment['HOMOLOGA_CONTROL_TOKEN'];
  const answer = await fetch(`${url}/_mock/tenants/${encodeURIComponent(tenantId)}`, {
    headers: token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` },
    dispatcher: new Agent(ca === undefined ? {} : { connect: { ca } }),
  }).catch((error: unknown) => {
    throw new UsageError(
      `--url: no mock answers at ${url} (${causeOf(error)}). Start one with homologa serve, or leave --url out to have one of the proxy's own.`,
      { cause: error },
    );
  });
  const text = await answer.text();
  if (answer.status === 401) {
    throw new UsageError('The mock wants its control token: set HOMOLOGA_CONTROL_TOKEN to what it was started with.');
  }
  if (answer.status === 404) {
    throw new UsageError(`--tenant: the mock at ${url} has no tenant ${JSON.stringify(tenantId)}.`);
  }
  const tenant = v.safeParse(v.pipe(v.string(), v.parseJson(), tenantDescriptionSchema), text);
  if (!answer.ok || !tenant.success) {
    throw new UsageError(
      `--url: what answers at ${url} is no mock of homologa: its control API says ${String(answer.status)}.`,
    );
  }
  return { url, ...(ca === undefined ? {} : { ca: [ca] }), tenant: tenant.output };
}

/** The certificate that is named, or else that of `serve --tls auto`, where there is one. */
async function readCa(file: string | undefined, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const usual = caFileIn(join(homeFolder(environment), 'authorities', 'loopback'));
  const path = file ?? (existsSync(usual) ? usual : undefined);
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--ca: cannot read ${path} (${causeOf(error)}).`, { cause: error });
  }
}

function causeOf(error: unknown): string {
  const { cause } = error instanceof Error ? error : { cause: undefined };
  const inner = cause instanceof Error ? cause : error;
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code;
  return inner instanceof Error ? inner.message : String(inner);
}
