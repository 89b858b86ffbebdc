import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { EnvHttpProxyAgent } from 'undici';
import { createHttpTransport } from '../client/http-transport.js';
import type { HttpTransport } from '../client/http-transport.js';
import { outsideProduction } from './production-hosts.js';
import { proxyVariableOf } from './proxy-variables.js';
import { TargetFileError } from './target-file.js';
import type { TargetFile } from './target-file.js';

/**
 * The way to a target: its certificates and headers, a proxy where the usual variables name one (`HTTPS_PROXY`,
 * `HTTP_PROXY`, `NO_PROXY`), and never to production.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`) for a file of `tls` that cannot be read; ProxyVariableError
 */
export async function targetTransport(
  file: TargetFile,
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<HttpTransport> {
  const read = async (name: 'ca' | 'cert' | 'key'): Promise<string | undefined> => {
    const member = file.tls?.[name];
    if (member === undefined) return undefined;
    return readFile(resolve(dirname(path), member), 'utf8').catch(() => {
      throw new TargetFileError(path, `tls.${name}: expected a file with PEM, ${member} cannot be read`);
    });
  };
  const [ca, cert, key] = [await read('ca'), await read('cert'), await read('key')];
  if ((cert === undefined) !== (key === undefined)) {
    throw new TargetFileError(path, 'tls: expected both cert and key, or neither');
  }
  const tls = {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  const isProxied = proxyVariableOf(environment) !== null;
  const transport = createHttpTransport({
    ...tls,
    ...(isProxied ? { dispatcher: new EnvHttpProxyAgent({ connect: tls, requestTls: tls }) } : {}),
    ...(file.headers === undefined ? {} : { headers: file.headers }),
  });
  return outsideProduction(transport);
}
