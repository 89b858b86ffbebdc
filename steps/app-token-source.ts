import { totpCode, totpStep, totpStepMs } from '../mock-server/tenants/totp.js';

/** Makes the codes of a user's app from its key, as fast as the bank takes them. */
export interface AppTokenSource {
  /** A code for the present step; of a step that was not used yet, unless the bank takes codes again. */
  code(): Promise<string>;
}

/** What a source of app tokens works with. */
export interface AppTokenSourceOptions {
  readonly secret: string;
  /** The bank is known to take a code again, as no real one should: nothing is waited for. */
  readonly repeats: boolean;
  readonly wait: (durationMs: number) => Promise<void>;
  /** Epoch ms; default the system's. */
  readonly now?: () => number;
}

/** A code is used once, since a bank takes each only once (RFC 6238 section 5.2) and may count refusals against the user. */
export function createAppTokenSource({ secret, repeats, wait, now = Date.now }: AppTokenSourceOptions): AppTokenSource {
  let lastStep = -1;
  return {
    async code() {
      let step = totpStep(now());
      while (!repeats && step <= lastStep) {
        // Another consent may have waited for the same step.
        await wait((step + 1) * totpStepMs - now() + 50);
        step = totpStep(now());
      }
      lastStep = step;
      return totpCode(secret, step);
    },
  };
}
