import { TokenEndpointError, TransportError } from '../../client/index.js';
import type { TokenSet } from '../../client/index.js';
import type { LabManager, LabProcess, UseOutcome } from './lab-manager.js';

const day = 86_400_000;
const marginMs = 60_000;

/** What all processes of the application share. */
export interface SharedTokens {
  readonly tokens: Map<string, TokenSet>;
  /** Who refreshes what, where processes tell each other. */
  readonly refreshing: Map<string, Promise<UseOutcome>>;
}

/** What a manager that is written in an afternoon does right or wrong. */
export interface Habits {
  /** One process at a time refreshes a customer's tokens. */
  readonly locks: boolean;
  /** Refreshes that brought no answer, or 503, are repeated; else the user is asked for a new consent at once. */
  readonly repeats: boolean;
  /** Tokens that nobody asks for are refreshed at half of their life. */
  readonly keepsAlive: boolean;
}

/** A token manager of the usual kind, with the given habits. */
export function plainManager({ worker, client, time }: LabProcess, shared: SharedTokens, habits: Habits): LabManager {
  const { tokens, refreshing } = shared;

  async function refresh(key: string): Promise<UseOutcome> {
    const known = tokens.get(key);
    if (known === undefined) return 'lost';
    for (let attempt = 1; ; attempt += 1) {
      try {
        const next = await client.refresh(known);
        worker.assertAlive();
        tokens.set(key, next);
        return 'had';
      } catch (error) {
        if (worker.hasEnded) return 'later';
        if (error instanceof TokenEndpointError && error.error === 'invalid_grant') return 'lost';
        if (!(error instanceof TokenEndpointError || error instanceof TransportError)) throw error;
        if (!habits.repeats) return 'lost';
        if (attempt === 2) return 'later';
        await time.sleep(1000);
      }
    }
  }

  async function refreshOnce(key: string): Promise<UseOutcome> {
    if (!habits.locks) return refresh(key);
    const underWay = refreshing.get(key);
    if (underWay !== undefined) return underWay;
    const begun = refresh(key);
    refreshing.set(key, begun);
    try {
      return await begun;
    } finally {
      refreshing.delete(key);
    }
  }

  return {
    adopt: async (key, adopted) => void tokens.set(key, adopted),
    use: async (key) => {
      const isUsable = (tokens.get(key)?.accessTokenExpiresAt ?? 0) - marginMs > time.now();
      return isUsable ? 'had' : refreshOnce(key);
    },
    keepAlive: async () => {
      const lost: string[] = [];
      if (!habits.keepsAlive) return lost;
      const halfMs = (client.profile.refreshTokenLifetimeSeconds * 1000) / 2;
      const due = [...tokens].filter(([, known]) => known.requestedAt + halfMs + day < time.now());
      for (const [key] of due) if ((await refreshOnce(key)) === 'lost') lost.push(key);
      return lost;
    },
  };
}
