import type { Environment, Evidence } from '../tenants/settings.js';
import type { BankId } from './bank-id.js';
import { bs2Hosts } from './bs2/profile.js';
import { btgHosts } from './btg/profile.js';

/** A host of a bank, as its profile describes it. */
export interface HostProfile {
  readonly host: string;
  readonly environment: Environment;
  /** What is to be found there: the authorization server, the resources, or both. */
  readonly serves: 'authorization' | 'resources' | 'both';
  /** Ports on which the bank was seen to answer https. */
  readonly ports: readonly number[];
  readonly evidence: Evidence;
  readonly source: string;
}

/** A host of a bank itself. A request that names it is answered as the bank answers there, at the root. */
export interface OwnHost extends HostProfile {
  readonly bank: BankId;
  /** The base URL of the authorization server of this environment: what redirects and tokens name. */
  readonly bankUrl: string;
}

const profiles: Readonly<Record<BankId, readonly HostProfile[]>> = { bs2: bs2Hosts, btg: btgHosts };

/** The hosts of both banks that the mock plays. */
export const ownHosts: readonly OwnHost[] = (['bs2', 'btg'] as const).flatMap((bank) =>
  profiles[bank].map((profile) => {
    const server = profiles[bank].find(
      ({ environment, serves }) => environment === profile.environment && serves !== 'resources',
    );
    return { ...profile, bank, bankUrl: `https://${server?.host ?? profile.host}` };
  }),
);

const hostsByName = new Map(ownHosts.map((own) => [own.host, own]));

/** The domains that the banks' hosts are in; whatever is below them may be a bank's. */
export const bankDomains: readonly string[] = ['bs2.com', 'bancobonsucesso.com.br', 'btgpactual.com'];

/** The bank's own host of this name, written in any case, with or without the root's dot or a port. */
export function findOwnHost(host: string): OwnHost | undefined {
  return hostsByName.get(hostName(host));
}

/** Whether a host is in a domain of the banks, be it one that the mock plays or not. */
export function isInBankDomain(host: string): boolean {
  const name = hostName(host);
  return bankDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

function hostName(host: string): string {
  return host
    .replace(/:\d{0,5}$/, '')
    .replace(/\.$/, '')
    .toLowerCase();
}
