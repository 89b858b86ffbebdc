import { createHash } from 'node:crypto';
import { homeFolder } from '../foundation/home-folder.js';
import { isLoopbackHost, loopbackHosts } from '../certificate-authority/host-names.js';
import { openLocalAuthority } from '../certificate-authority/local-authority.js';
import type { LocalAuthority, ServerCredentials } from '../certificate-authority/local-authority.js';

/** A server's credentials for `--tls auto`, and the authority behind them. */
export interface AutomaticTls {
  readonly authority: LocalAuthority;
  readonly credentials: ServerCredentials;
}

/** The flags of `serve` that name hosts. */
export interface NamedHosts {
  readonly host: string;
  readonly publicUrl?: string;
  readonly internalUrl?: string;
}

const wildcards = ['0.0.0.0', '::'];

/**
 * A certificate for this machine's own names and every host that the flags name. Where one of those is not of this
 * machine, an authority of its own vouches for them: the usual one is never widened.
 *
 * @throws AuthorityError
 */
export async function automaticTls(flags: NamedHosts, environment: NodeJS.ProcessEnv): Promise<AutomaticTls> {
  const urls = [flags.publicUrl, flags.internalUrl].filter((url) => url !== undefined);
  const named = [flags.host, ...urls.map((url) => new URL(url).hostname)].filter((host) => !wildcards.includes(host));
  const others = [...new Set(named.filter((host) => !isLoopbackHost(host)))].sort();
  const scope = { name: scopeName(others), hosts: [...loopbackHosts, ...others] };
  const authority = await openLocalAuthority(homeFolder(environment), scope);
  return { authority, credentials: await authority.issue([...loopbackHosts, ...named]) };
}

function scopeName(others: readonly string[]): string {
  const name = ['loopback', ...others.map((host) => host.replaceAll(/[^a-z0-9.-]/gi, '_'))].join('+');
  if (name.length <= 100) return name;
  return `loopback+${createHash('sha256').update(others.join(' ')).digest('hex').slice(0, 16)}`;
}
