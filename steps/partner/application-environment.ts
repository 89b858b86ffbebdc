import type { PartnerBank } from './partner-bank.js';
import { VerifyFileError } from './verify-file.js';
import type { PartnerSetup, VerifyFile } from './verify-file.js';

const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)+)\}/g;

/** A process of the application: how it is started, and for which banks it works. */
export interface PlannedApplication {
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly ready: string | null;
  readonly fallback: string;
  readonly readyTimeoutMs: number;
}

/**
 * The processes that the file asks for. One that is named for both banks with the same words is one process, with the
 * variables of both.
 *
 * @throws VerifyFileError (`ERR_VERIFY_FILE`) for a `${…}` that nobody fills in, or a variable with two values.
 */
export function plannedApplications(
  file: VerifyFile,
  bankOf: (setup: PartnerSetup) => PartnerBank,
): readonly PlannedApplication[] {
  const planned = new Map<string, PlannedApplication>();
  for (const setup of file.setups) {
    const { command, cwd, ready } = setup.application;
    if (command === undefined) continue;
    const key = JSON.stringify([command, cwd]);
    const before = planned.get(key);
    const env = filled(file.path, setup, bankOf(setup));
    for (const [name, value] of Object.entries(env)) {
      const other = before?.env[name];
      if (other === undefined || other === value) continue;
      throw new VerifyFileError(
        file.path,
        `banks.${setup.bank}.application.env.${name}: expected the value that the other bank gives it, since both start the same command; give each bank variables of its own`,
      );
    }
    planned.set(key, {
      command,
      cwd,
      env: { ...before?.env, ...env },
      ready: ready ?? before?.ready ?? null,
      fallback: setup.connect.url,
      readyTimeoutMs: Math.max(setup.readyTimeoutMs, before?.readyTimeoutMs ?? 0),
    });
  }
  return [...planned.values()];
}

function filled(path: string, setup: PartnerSetup, bank: PartnerBank): Record<string, string> {
  const entries = Object.entries(setup.application.env).map(([name, value]): [string, string] => [
    name,
    value.replaceAll(placeholder, (_whole, asked: string) => {
      const found = bank.placeholders.get(asked);
      if (found !== undefined) return found;
      const known = [...bank.placeholders.keys()].join(', ');
      throw new VerifyFileError(path, `application.env.${name}: expected one of ${known}, got ${asked}`);
    }),
  ]);
  return Object.fromEntries(entries);
}
