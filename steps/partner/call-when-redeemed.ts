import type { HeldCallback, PartnerWorld } from './partner-world.js';
import { isTokenRequest } from './bank-traffic.js';
import { codeUse } from './code-use.js';

/** The application needs a moment to keep what the bank answered. */
const momentsMs = [50, 300];

/**
 * Does what these customers would do next as soon as a code that must not become a grant has become one, also while later
 * checks are under way: a worker may redeem it long after the callback was answered. Had the grant become theirs, the
 * application would serve them with it.
 */
export function callWhenRedeemed(
  world: PartnerWorld,
  code: string,
  customers: readonly Pick<HeldCallback, 'customer'>[],
): void {
  const { traffic, run } = world;
  let isOver = false;
  let underWay: Promise<void> = Promise.resolve();
  const call = async (): Promise<void> => {
    for (const momentMs of momentsMs) {
      await new Promise((resolve) => setTimeout(resolve, momentMs));
      for (const customer of customers) {
        if (isOver || codeUse(traffic, code).kind === 'used') return;
        // What the application answers is of no interest, nor whether it does.
        await world.call(customer).catch(() => undefined);
      }
    }
  };
  void traffic
    .until(
      (seen) => isTokenRequest(seen) && seen.form.get('code') === code && seen.tokens?.accessToken != null,
      run.control.windowMs,
    )
    .then((redeemed) => {
      if (redeemed !== null && !isOver) underWay = call();
    });
  world.atEnd(async () => {
    isOver = true;
    await underWay;
  });
}
