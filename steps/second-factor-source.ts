import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import type { AppTokenSource } from './app-token-source.js';
import { PrerequisiteFailure } from './check-failure.js';
import type { BankUnderTest } from './target.js';
import type { TargetFile } from './target-file.js';

const run = promisify(exec);

/** Where a target file says that the user's second factor comes from: a command, an app's key, or a mock's control. */
export function secondFactorOfFile(
  { user }: Pick<TargetFile, 'user'>,
  control: TenantHandle | null,
  app: AppTokenSource | null,
): BankUnderTest['secondFactorCode'] {
  const { command } = user?.secondFactor ?? {};
  return async ({ username }, factor) => {
    if (command !== undefined) {
      // What the command prints is a secret: neither it nor the error that may hold it is repeated.
      const printed = await run(command, { timeout: 60_000 }).catch(() => null);
      const code = printed?.stdout.trim() ?? '';
      if (code === '') throw new PrerequisiteFailure('a second factor from the command', 'an error or nothing');
      return code;
    }
    if (app !== null) return app.code();
    const code = control === null ? null : (await control.secondFactor.get(username))[factor];
    if (code === null) throw new PrerequisiteFailure('a second factor', 'a target that says of none');
    return code;
  };
}
