import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { TargetFileError } from '../target-file.js';

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
    const [why = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
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
