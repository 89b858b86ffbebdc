import type { GrantRecord } from '../client/grant-record.js';
import { expectState, returnedCode, returnedUrl, tryConsent } from './authorization-return.js';
import { HarnessFault } from './check-failure.js';
import { ClientDriver, heldTokens } from './client-driver.js';
import { consentInput } from './consent-input.js';
import { codeOf } from './grant-setup.js';
import { preflight } from './preflight.js';
import type { Target } from './target.js';

/** What was kept. */
export interface KeptGrant {
  readonly grant: GrantRecord;
  /** Where, for people. */
  readonly place: string;
  /** Epoch ms until which the bank documents that the refresh token lives, if nobody uses it. */
  readonly livesUntil: number;
}

/**
 * Lets the user of a target consent once, whatever the target's way of doing that, and keeps the tokens for later runs.
 * What was kept before is replaced.
 *
 * @throws PreflightError before anybody is asked; GrantInUseError where a run uses what was kept; CheckFailure, PrerequisiteFailure where the bank gives no tokens
 */
export async function keepGrant(target: Target): Promise<KeptGrant> {
  const { name, banks, grants } = target;
  const [bankName] = banks;
  if (grants === undefined || bankName === undefined) throw new HarnessFault(`${name} keeps no tokens.`);
  // Before anybody is asked for anything.
  await grants.hold();
  const bank = await target.open(bankName, (transport) => transport);
  try {
    await preflight(bank);
    const driver = new ClientDriver(bank, bank.client);
    const start = await driver.start();
    const end = await tryConsent(bank, consentInput(bank, start));
    if (end.kind === 'returned') expectState(returnedUrl(end, bank.client.redirectUri), start.transaction.state);
    const code = codeOf(start, returnedCode(end));
    const answer = await driver.redeem(code);
    const grant = await grants.keep(heldTokens(answer, code.scope), answer);
    const livesUntil = grant.refreshTokenIssuedAt + bank.profile.refreshTokenLifetimeSeconds * 1000;
    return { grant, place: grants.place, livesUntil };
  } finally {
    await bank.close();
  }
}
