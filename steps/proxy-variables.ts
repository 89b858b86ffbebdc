import { HomologaError } from '../foundation/homologa-error.js';

/** Thrown for a variable that names no proxy; its value, which may hold a password, is not repeated. `cause` is `{ name }`. */
export class ProxyVariableError extends HomologaError {
  constructor(name: string) {
    super('ERR_PROXY_VARIABLE', `${name}: expected the address of a proxy, such as http://proxy.example:3128.`, {
      cause: { name },
    });
  }
}

/** A proxy for a browser, as Playwright takes one. */
export interface BrowserProxy {
  readonly server: string;
  readonly username?: string;
  readonly password?: string;
  readonly bypass?: string;
}

const variables = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];

/** The variable that names a proxy; null where none does. @throws ProxyVariableError (`ERR_PROXY_VARIABLE`) */
export function proxyVariableOf(environment: NodeJS.ProcessEnv): string | null {
  const named = variables.filter((name) => (environment[name] ?? '') !== '');
  for (const name of named) {
    const value = environment[name] ?? '';
    if (!/^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : '')) throw new ProxyVariableError(name);
  }
  return named[0] ?? null;
}

/** The proxy of a browser; null for none. A browser wants user and password beside the address. */
export function browserProxyOf(environment: NodeJS.ProcessEnv): BrowserProxy | null {
  const name = proxyVariableOf(environment);
  if (name === null) return null;
  const { protocol, host, username, password } = new URL(environment[name] ?? '');
  const bypass = environment['NO_PROXY'] ?? environment['no_proxy'] ?? '';
  return {
    server: `${protocol}//${host}`,
    ...(username === '' ? {} : { username: decodeURIComponent(username), password: decodeURIComponent(password) }),
    ...(bypass === '' ? {} : { bypass }),
  };
}
