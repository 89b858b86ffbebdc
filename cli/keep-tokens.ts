import { findTarget } from '../steps/find-target.js';
import { keepGrant } from '../steps/keep-grant.js';
import { openTarget } from '../steps/open-target.js';
import { exitCodes } from './exit-codes.js';
import type { ExitCode } from './exit-codes.js';
import { UsageError } from './usage-error.js';

/** What `homologa login` was asked for. */
export interface LoginRequest {
  readonly target: string;
  /** Forgets what is kept instead of asking for a consent. */
  readonly forgets: boolean;
  /** Whether a person's browser is opened at the bank. */
  readonly opensBrowser: boolean;
}

/** One consent at a target; says what is kept, where and for how long, and nothing that is secret. */
export async function keepTokens({ target: asked, forgets, opensBrowser }: LoginRequest): Promise<ExitCode> {
  const { path, name } = await findTarget(asked, process.cwd());
  if (path === null) throw new UsageError('--target mock keeps nothing: each scenario has a bank of its own there.');
  const target = await openTarget(path, { expectedConsents: 1, opensBrowser });
  try {
    if (forgets) {
      await target.grants?.hold();
      const wasThere = (await target.grants?.forget()) === true;
      process.stdout.write(wasThere ? `The tokens of ${name} are forgotten.\n` : `No tokens of ${name} were kept.\n`);
      return exitCodes.ok;
    }
    const { grant, place, livesUntil } = await keepGrant(target);
    const day = new Date(livesUntil).toISOString().slice(0, 10);
    process.stdout.write(
      `The tokens of ${name} are kept in ${place}.\n` +
        `scope: ${grant.tokens.scope ?? 'as asked for'}\n` +
        `Unused, the refresh token lives until ${day}, as the bank documents it; each run that uses it may prolong that.\n`,
    );
    return exitCodes.ok;
  } finally {
    await target.close();
  }
}
