import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import type { AppTokenSource } from './app-token-source.js';
import { PrerequisiteFailure } from './check-failure.js';
import { interruption } from './interruption.js';
import { personTerminal } from './person-terminal.js';
import { runRedactor } from './run-redactor.js';
import type { BankUnderTest, FactorKind, UserUnderTest } from './target.js';
import type { TargetFile } from './target-file.js';
import { bookWait } from './waiting-time.js';

const run = promisify(exec);

/**
 * Where a target file says that the user's second factor comes from: a command, an app's key, whoever is at the terminal, or a
 * mock's control. What comes is a secret of the run.
 */
export function secondFactorOfFile(
  { user }: Pick<TargetFile, 'user'>,
  control: TenantHandle | null,
  app: AppTokenSource | null,
): BankUnderTest['secondFactorCode'] {
  const { command, prompt } = user?.secondFactor ?? {};
  return async (user, factor) => {
    const code = await source(user, factor);
    runRedactor().learn('second_factor', code);
    return code;
  };

  async function source({ username }: UserUnderTest, factor: FactorKind): Promise<string> {
    if (command !== undefined) {
      // What the command prints is a secret: neither it nor the error that may hold it is repeated.
      const printed = await run(command, { timeout: 60_000 }).catch(() => null);
      const code = printed?.stdout.trim() ?? '';
      if (code === '') throw new PrerequisiteFailure('a second factor from the command', 'an error or nothing');
      return code;
    }
    if (prompt === true) return promptForCode(username, factor);
    if (app !== null) return app.code();
    const code = control === null ? null : (await control.secondFactor.get(username))[factor];
    if (code === null) throw new PrerequisiteFailure('a second factor', 'a target that says of none');
    return code;
  }
}

const patienceMs = 300_000;

/** Asks at the terminal, for at most five minutes: an SMS is not valid for longer. */
async function promptForCode(username: string, factor: FactorKind): Promise<string> {
  const terminal = personTerminal();
  const what = factor === 'sms' ? 'the code that the bank sent by SMS' : 'the code that the bank’s app shows';
  terminal.say(`\nSecond factor of ${username}: type ${what} and press Enter (5 minutes; Ctrl-C ends the run).\n`);
  const late = AbortSignal.timeout(patienceMs);
  const countdown = terminal.countdown('Waiting for the code', patienceMs);
  const began = performance.now();
  try {
    for (;;) {
      const line = (await terminal.line(AbortSignal.any([late, interruption.signal]))).replaceAll(/\s/g, '');
      if (line !== '') return line;
    }
  } catch (error) {
    if (late.aborted) throw new PrerequisiteFailure('a second factor', 'nobody who typed one in 5 minutes');
    throw error;
  } finally {
    countdown.end();
    bookWait('person', performance.now() - began);
  }
}
