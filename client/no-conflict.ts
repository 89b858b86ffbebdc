import { TokenStoreConflictError } from './token-store.js';

/** Repeats a read-and-save that needs no knowledge of what another process saved in between. */
export async function untilNoConflict(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!(error instanceof TokenStoreConflictError)) throw error;
    }
  }
}
