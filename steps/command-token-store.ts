import { spawn } from 'node:child_process';
import * as v from 'valibot';
import { HomologaError } from '../foundation/homologa-error.js';
import { grantRecordSchema } from '../client/grant-record.js';
import type { GrantRecord } from '../client/grant-record.js';
import { TokenStoreConflictError } from '../client/token-store.js';
import type { TokenStore } from '../client/token-store.js';
import { parseJson } from './token-answer.js';

/** What a command ends with where the version is not the one that `save` names. */
export const conflictExitCode = 75;
const timeoutMs = 60_000;

const version = v.union([v.pipe(v.string(), v.minLength(1)), v.number()]);
const loadedSchema = v.object({ version: v.nullable(version), value: v.nullable(grantRecordSchema) });
const savedSchema = v.object({ version });
type Version = v.InferOutput<typeof version>;

/** Thrown for a command of `tokenStore` that does not do its part; `cause` is `{ command, subcommand }`. */
export class TokenStoreCommandError extends HomologaError {
  constructor(command: string, subcommand: 'load' | 'save', problem: string) {
    // What it printed is not repeated: it may hold the tokens.
    super('ERR_TOKEN_STORE_COMMAND', `tokenStore.command: "${command} ${subcommand}" ${problem}.`, {
      cause: { command, subcommand },
    });
  }
}

/**
 * A store behind a command, which a shell runs in `folder` with `load` or `save` added; it reads one JSON document from
 * stdin and writes one to stdout:
 *
 * - `load`: `{key}` in, `{version, value}` out; both null where nothing was ever kept;
 * - `save`: `{key, ifVersion, value}` in, `{version}` out, and exit code 75 where the stored version is not `ifVersion`
 *   (null: nothing was ever kept). A `value` of null forgets.
 *
 * A version is whatever text or number the store has for one; each save must make a new one.
 *
 * @throws TokenStoreCommandError (as rejection) `ERR_TOKEN_STORE_COMMAND`
 */
export function createCommandTokenStore(command: string, folder: string): TokenStore {
  // The command's versions may be texts; those of the contract are numbers that grow.
  const known: (Version | null)[] = [];
  const numberOf = (given: Version | null): number => {
    const index = known.indexOf(given);
    return index >= 0 ? index + 1 : known.push(given);
  };

  async function run(subcommand: 'load' | 'save', input: unknown, ifVersion: number | null): Promise<unknown> {
    const { exitCode, stdout } = await runShell(`${command} ${subcommand}`, folder, JSON.stringify(input));
    if (subcommand === 'save' && exitCode === conflictExitCode) throw new TokenStoreConflictError(ifVersion);
    if (exitCode === null) throw new TokenStoreCommandError(command, subcommand, 'was killed, or did not end in 60 s');
    if (exitCode !== 0) {
      throw new TokenStoreCommandError(command, subcommand, `ended with exit code ${String(exitCode)}`);
    }
    return parseJson(stdout);
  }

  async function load(key: string): Promise<v.InferOutput<typeof loadedSchema>> {
    const read = v.safeParse(loadedSchema, await run('load', { key }, null));
    if (read.success) return read.output;
    throw new TokenStoreCommandError(command, 'load', 'wrote no {version, value} that homologa saved');
  }

  async function save(key: string, value: GrantRecord | null, ifVersion: number | null): Promise<number> {
    let given: Version | null = null;
    if (ifVersion === null) {
      const current = await load(key);
      if (current.value !== null) throw new TokenStoreConflictError(ifVersion);
      given = current.version;
    } else {
      given = known[ifVersion - 1] ?? null;
    }
    const written = await run('save', { key, ifVersion: given, value }, ifVersion);
    const read = v.safeParse(savedSchema, written);
    if (!read.success) throw new TokenStoreCommandError(command, 'save', 'wrote no {version}');
    return numberOf(read.output.version);
  }

  return {
    async load(key) {
      const { value, version: given } = await load(key);
      return value === null ? null : { value, version: numberOf(given) };
    },
    async save(key, next, ifVersion) {
      return { version: await save(key, next, ifVersion) };
    },
    async remove(key, ifVersion) {
      if ((await load(key)).value !== null) await save(key, null, ifVersion);
    },
    // A command knows the grants that it is asked for.
    list: async () => [],
  };
}

function runShell(
  line: string,
  folder: string,
  input: string,
): Promise<{ readonly exitCode: number | null; readonly stdout: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(line, { shell: true, cwd: folder, stdio: ['pipe', 'pipe', 'ignore'], timeout: timeoutMs });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    // One that ends without reading is judged by its exit code.
    child.stdin.on('error', () => undefined).end(input);
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout }));
  });
}
