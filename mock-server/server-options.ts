import { readFile } from 'node:fs/promises';
import { HomologaError } from '../foundation/homologa-error.js';
import type { RecordedExchange } from './journal/journal.js';
import type { Environment, SettingsPatch } from './tenants/settings.js';

/** How a mock server starts; the names are `homologa serve`'s flags. */
export interface MockServerOptions {
  /** False opens no socket: only `MockServer.fetch` reaches the mock. Default true. */
  readonly listen?: boolean;
  /** Default 0: a free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. Another than loopback is refused unless a control token is set. */
  readonly host?: string;
  /** The default tenant's BS2 at the root of a port of its own. */
  readonly bs2Port?: number;
  /** The default tenant's BTG at the root of a port of its own. */
  readonly btgPort?: number;
  /** The origin that users' browsers see, where it is not the socket's. */
  readonly publicUrl?: string;
  /** The origin that the partner's backend sees; defaults to `publicUrl`. */
  readonly internalUrl?: string;
  /**
   * The host name that users' browsers see, on the socket's own port: another name of this machine than the
   * application's, since cookies ignore ports. Goes with no `publicUrl`.
   */
  readonly publicHost?: string;
  /** Called with each request to a bank of this server and its answer, secrets included, when it is in the journal. */
  readonly onExchange?: (exchange: RecordedExchange) => void;
  /** Files with a PEM certificate and its key; both or neither. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** The same as texts, in place of files; the certificate may be followed by its issuers'. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly environment?: Environment;
  /** BS2's ten token requests a minute, as the default of every tenant. Default `off`. */
  readonly rateLimit?: 'on' | 'off';
  /** A configuration file (YAML or JSON), as for `homologa serve --config`. */
  readonly config?: string;
  /**
   * A path where the state of all tenants is kept across restarts, as a folder that is made; default `memory`. Wants the
   * package `classic-level` beside this one.
   */
  readonly store?: string;
  /** Defaults to the environment variable `HOMOLOGA_CONTROL_TOKEN`; null for none. */
  readonly controlToken?: string | null;
}

/** Thrown for options that cannot be served; `cause` holds `{ option }`. */
export class InvalidServerOptionError extends HomologaError {
  constructor(option: string, message: string) {
    super('ERR_INVALID_SERVER_OPTION', message, { cause: { option } });
  }
}

/** An empty token would guard nothing: an unset variable of a CI or a container counts as none. */
export function readControlToken(option: string | null | undefined): string | null {
  const token = option === undefined ? process.env['HOMOLOGA_CONTROL_TOKEN'] : option;
  return token === undefined || token === '' ? null : token;
}

/** What the options make the default of every tenant. */
export function baseSettings(options: MockServerOptions): SettingsPatch {
  return {
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.rateLimit === 'on' ? {} : { bs2: { rateLimit: 'off' } }),
  };
}

/** The origin of an option; null where it is not given. @throws InvalidServerOptionError for anything but an origin */
export function originOf(option: string, url: string | undefined): string | null {
  if (url === undefined) return null;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isOrigin = parsed !== null && /^https?:$/.test(parsed.protocol) && /^https?:\/\/[^/?#@]+\/?$/.test(url);
  if (!isOrigin) {
    throw new InvalidServerOptionError(
      option,
      `Expected ${option} to be an http or https origin without a path, such as https://mock.example:8443, got "${url}".`,
    );
  }
  return parsed.origin;
}

/** Whether only this machine reaches what is bound there. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Certificate and key as texts. @throws InvalidServerOptionError where one lacks or cannot be read */
export async function readTls({ tls, tlsCert, tlsKey }: MockServerOptions): Promise<MockServerOptions['tls']> {
  if (tlsCert === undefined && tlsKey === undefined) return tls;
  if (tls !== undefined) throw new InvalidServerOptionError('tls', 'TLS wants either texts or files; both were given.');
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new InvalidServerOptionError('tlsCert', 'TLS wants both a certificate and its key; only one was given.');
  }
  const read = async (option: string, path: string, what: string): Promise<string> => {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new InvalidServerOptionError(
        option,
        `Expected a file with the ${what} in PEM, ${path} cannot be read${why}.`,
      );
    }
  };
  return { cert: await read('tlsCert', tlsCert, 'certificate'), key: await read('tlsKey', tlsKey, 'private key') };
}
