import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Clock, Tenant } from './api-types.js';
import type { TenantApi } from './control-api.js';
import type { JournalFeed } from './journal-feed.js';

/** What every part of the page works on: one tenant, what it does now, and how to tell what became of an action. */
export interface Session {
  readonly api: TenantApi;
  readonly tenant: Tenant;
  readonly feed: JournalFeed;
  readonly clock: Clock | undefined;
  /** What the tenant's clock shows, in epoch ms; null until it was asked. */
  readonly nowMs: number | null;
  /** Grows when something happened that others may show: a request that came in, an action of the user. */
  readonly activity: number;
  /** Does something, tells of it, and has all that is shown asked again. False where it was refused. */
  readonly act: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
}

const context = createContext<Session | null>(null);
export const SessionProvider = context.Provider;

export function useSession(): Session {
  const session = useContext(context);
  if (session === null) throw new TypeError('No session: this stands outside of the page.');
  return session;
}
