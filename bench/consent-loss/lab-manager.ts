import { ConsentRequiredError, createTokenManager, RefreshUnavailableError } from '../../client/index.js';
import type { BankClient, TokenSet, TokenStore } from '../../client/index.js';
import type { LabWorker } from './lab-worker.js';
import type { VirtualTime } from './virtual-time.js';

/** What became of the wish for an access token: had, to be had later, or the user must consent anew. */
export type UseOutcome = 'had' | 'later' | 'lost';

/** A way to keep tokens, as one process of the application runs it. */
export interface LabManager {
  adopt(key: string, tokens: TokenSet): Promise<void>;
  use(key: string): Promise<UseOutcome>;
  /** One tick of its schedule; the keys whose consent it found lost. */
  keepAlive(): Promise<readonly string[]>;
}

/** What a manager is made of, in one process. */
export interface LabProcess {
  readonly worker: LabWorker;
  readonly client: BankClient;
  readonly time: VirtualTime;
}

/** The reference client's token manager. */
export function referenceManager({ worker, client, time }: LabProcess, store: TokenStore): LabManager {
  const manager = createTokenManager({
    client,
    store: {
      ...store,
      save: async (...change) => {
        worker.assertAlive();
        return store.save(...change);
      },
    },
    clock: time.now,
    sleep: time.sleep,
    authorizationUrl: (key) => `https://aplicacao.example/conectar/${key}`,
  });
  return {
    adopt: (key, tokens) => manager.adopt(key, tokens),
    use: async (key) => {
      try {
        await manager.accessToken(key);
        return 'had';
      } catch (error) {
        if (worker.hasEnded || error instanceof RefreshUnavailableError) return 'later';
        if (error instanceof ConsentRequiredError) return 'lost';
        throw error;
      }
    },
    keepAlive: async () => (await manager.keepAlive()).consentRequired,
  };
}
