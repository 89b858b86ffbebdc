import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { packagePaths } from '../package-paths.js';
import { TargetFileError } from '../target-file.js';
import type { TargetFile } from '../target-file.js';

/** What a login script is told of the user. */
export interface LoginCredentials {
  readonly username: string;
  readonly password: string;
  readonly decision: 'approve' | 'deny';
  readonly factor: 'app' | 'sms';
  /** CNPJ; null where the bank's own choice will do. */
  readonly company: string | null;
}

/** A module that logs a user in at the bank's pages, in a browser. */
export interface LoginScript {
  /** What it can answer a consent with. */
  readonly decisions: readonly ('approve' | 'deny')[];
  run(page: Page, credentials: LoginCredentials, secondFactor: () => Promise<string>): Promise<void>;
}

const moduleSchema = v.object({
  default: v.function(),
  decisions: v.optional(v.array(v.picklist(['approve', 'deny'])), ['approve']),
});

/**
 * Loads a login script, `export default async (page, credentials, secondFactor) => …`. One that does not export
 * `decisions` is only asked to approve.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`)
 */
export async function loadLoginScript(path: string, targetPath: string): Promise<LoginScript> {
  const loaded: unknown = await import(pathToFileURL(path).href).catch((error: unknown) => {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    // Who imported it is a file of ours.
    const why = line.replace(/ imported from .*$/, '');
    throw new TargetFileError(targetPath, `loginScript: ${path} cannot be loaded (${why.replace(/\.$/, '')})`);
  });
  const script = v.safeParse(moduleSchema, loaded);
  if (!script.success) {
    throw new TargetFileError(
      targetPath,
      `loginScript: expected ${path} to export default async (page, credentials, secondFactor) => …`,
    );
  }
  const { default: logIn, decisions } = script.output;
  return {
    decisions,
    run: async (page, credentials, secondFactor) => {
      await logIn(page, credentials, secondFactor);
    },
  };
}

/**
 * The target's own script, relative to its file, or to the folder of the command for a target that ships; the one for plain
 * forms where it has none.
 */
export function scriptPath(file: Pick<TargetFile, 'loginScript'>, path: string): string {
  const { loginScript } = file;
  if (loginScript === undefined) return join(packagePaths.loginScripts, 'forms.mjs');
  return resolve(dirname(path) === packagePaths.targets ? process.cwd() : dirname(path), loginScript);
}
