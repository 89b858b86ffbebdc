import { totpCode, totpStep, totpStepMs } from '../mock-server/tenants/totp.js';

/** Makes the codes of a user's app from its key, as fast as the bank takes them. */
export interface AppTokenSource {
  /** A code for the present step; where the bank takes none twice, of a step that was not used yet. */
  code(): Promise<string>;
  /** The bank refused the last code. True where it was a repeated one, so that the next one is worth a try. */
  refused(): boolean;
}

/**
 * A bank that takes each code once (RFC 6238 section 5.2) makes every consent wait for the next step. Whether this one
 * does shows at the first code that is repeated: it costs one refused token, and no later one is repeated.
 */
export function createAppTokenSource(secret: string, wait: (durationMs: number) => Promise<void>): AppTokenSource {
  const used = new Set<number>();
  let takesRepeated = true;
  let lastWasRepeated = false;
  return {
    async code() {
      let step = totpStep(Date.now());
      while (!takesRepeated && used.has(step)) {
        await wait((step + 1) * totpStepMs - Date.now() + 50);
        step = totpStep(Date.now());
      }
      lastWasRepeated = used.has(step);
      used.add(step);
      return totpCode(secret, step);
    },
    refused() {
      if (lastWasRepeated) takesRepeated = false;
      return lastWasRepeated;
    },
  };
}
