import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../foundation/homologa-error.js';
import { parseStrictly, sentence } from '../mock-server/control/member-problem.js';
import { scenarioBanks } from '../reports/scenario-tags.js';
import { withEnvironment } from './environment-values.js';

const text = v.pipe(v.string(), v.minLength(1));
const address = v.pipe(text, v.regex(/^https?:\/\/[^\s?#]+$/, 'an http or https address without query or fragment'));

const clientSchema = v.strictObject({ id: text, secret: text, redirectUri: text, scope: text });

/** A target file, as DESIGN's contract has it. */
export const targetFileSchema = v.strictObject({
  name: v.optional(v.pipe(text, v.regex(/^[A-Za-z0-9._-]{1,64}$/, '1 to 64 letters, digits, ".", "_" and "-"'))),
  bank: v.picklist(scenarioBanks),
  baseUrl: address,
  apiBaseUrl: v.optional(address),
  endpoints: v.optional(
    v.strictObject({
      authorization: v.optional(address),
      token: v.optional(address),
      revocation: v.optional(address),
      api: v.optional(address),
    }),
  ),
  issuer: v.optional(text),
  company: v.optional(text),
  client: clientSchema,
  secondClient: v.optional(clientSchema),
  user: v.optional(
    v.strictObject({
      username: text,
      password: text,
      secondFactor: v.optional(
        v.strictObject({
          kind: v.optional(v.picklist(['app', 'sms'])),
          command: v.optional(text),
          totpSecret: v.optional(text),
          /** `accept`: the bank takes a code of the app again, so that nobody waits for the next one. */
          replay: v.optional(v.picklist(['refuse', 'accept'])),
          prompt: v.optional(v.literal(true)),
        }),
      ),
    }),
  ),
  consent: v.optional(v.picklist(['control', 'http', 'browser', 'person']), 'http'),
  loginScript: v.optional(text),
  control: v.optional(address),
  pace: v.optional(
    v.union([
      v.literal('off'),
      v.strictObject({
        tokenRequestsPerMinute: v.pipe(v.number(), v.integer(), v.minValue(1, 'a whole number from 1 on')),
      }),
    ]),
  ),
  tls: v.optional(v.strictObject({ ca: v.optional(text), cert: v.optional(text), key: v.optional(text) })),
  headers: v.optional(v.record(v.string(), v.string())),
  tokenStore: v.optional(v.union([v.strictObject({ folder: text }), v.strictObject({ command: text })])),
});

export type TargetFile = v.InferOutput<typeof targetFileSchema>;

/** Thrown for a target file that cannot be used; `cause` is `{ path }`. No value of the file is repeated. */
export class TargetFileError extends HomologaError {
  constructor(path: string, problem: string) {
    super('ERR_TARGET_FILE', `${path}: ${problem}.`, { cause: { path } });
  }
}

/**
 * Reads a target file; `${NAME}` comes from the environment.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`)
 */
export async function readTargetFile(path: string, environment: NodeJS.ProcessEnv): Promise<TargetFile> {
  const document = await readDocument(path);
  const { filled } = withEnvironment(document, environment);
  const missing = missingVariables(document, environment);
  if (missing.length > 0) {
    throw new TargetFileError(path, `the environment lacks ${missing.join(', ')}, which the file names`);
  }
  return checked(path, filled);
}

/**
 * What a target file says besides credentials, and which variables it lacks; for plans, which send nothing.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`)
 */
export async function outlineTargetFile(
  path: string,
  environment: NodeJS.ProcessEnv,
): Promise<TargetFile & { readonly name: string; readonly missing: readonly string[] }> {
  const document = await readDocument(path);
  const missing = missingVariables(document, environment);
  // An address, where one is missing, fits every member.
  const stand = Object.fromEntries(missing.map((name) => [name, 'https://missing.invalid']));
  const file = checked(path, withEnvironment(document, { ...environment, ...stand }).filled);
  return { ...file, name: file.name ?? basename(path, extname(path)), missing };
}

const loginSchema = v.object({ consent: v.optional(v.string(), 'http'), control: v.optional(v.unknown()) });
const userSchema = v.object({ user: v.object({ username: v.string(), password: v.string() }) });
const optionalVariable = /^\$\{(\w+):-\}$/;

/**
 * The variables that a document names and that are not there. User name and password may be left out where a person logs
 * in; else they are missing, as is one of them without the other.
 */
function missingVariables(document: unknown, environment: NodeJS.ProcessEnv): readonly string[] {
  const { filled, missing } = withEnvironment(document, environment);
  const login = v.safeParse(loginSchema, filled);
  const named = v.safeParse(userSchema, document);
  if (!login.success || !named.success) return missing;
  const { consent, control } = login.output;
  const { username, password } = named.output.user;
  const names = [username, password]
    .map((text) => optionalVariable.exec(text)?.[1])
    .filter((name) => name !== undefined);
  const unset = names.filter((name) => (environment[name] ?? '') === '');
  const logsIn = (consent === 'http' || consent === 'browser') && control === undefined;
  return logsIn || unset.length === 1 ? [...new Set([...missing, ...unset])].sort() : missing;
}

async function readDocument(path: string): Promise<unknown> {
  const source = await readFile(path, 'utf8').catch(() => {
    throw new TargetFileError(path, 'the file cannot be read');
  });
  try {
    return parse(source);
  } catch (error) {
    const [line = 'not YAML'] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new TargetFileError(path, line.replace(/:$/, ''));
  }
}

function checked(path: string, document: unknown): TargetFile {
  const result = parseStrictly(targetFileSchema, document);
  if (result.kind === 'valid') return result.value;
  throw new TargetFileError(path, result.problems.map((problem) => sentence(problem, 'the file')).join('; '));
}
