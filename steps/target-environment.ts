import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { HomologaError } from '../foundation/homologa-error.js';

/** Thrown for a `.env` file that is there and cannot be read; `cause` is Node's error. */
export class EnvironmentFileError extends HomologaError {
  constructor(path: string, cause: unknown) {
    super('ERR_ENVIRONMENT_FILE', `${path} is there but cannot be read; make it readable, or take it away.`, { cause });
  }
}

/**
 * The environment with what a folder's `.env` says besides; what is set already wins. The file is never written.
 *
 * @throws EnvironmentFileError (`ERR_ENVIRONMENT_FILE`)
 */
export async function environmentOf(folder: string, environment: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const path = join(folder, '.env');
  try {
    const said = parseEnv(await readFile(path, 'utf8'));
    const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
    return { ...said, ...Object.fromEntries(set) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return environment;
    throw new EnvironmentFileError(path, error);
  }
}
