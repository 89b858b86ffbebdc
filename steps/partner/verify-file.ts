import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../../foundation/homologa-error.js';
import { parseDuration } from '../../foundation/iso-duration.js';
import { parseStrictly, sentence } from '../../mock-server/control/member-problem.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { withEnvironment } from '../environment-values.js';
import { customerPlaceholder, membersWithCustomer, strayPlaceholder, usesNames } from './customer-placeholder.js';
import { redirectProblem } from './session-hosts.js';
import { bothBanksFileSchema, singleBankFileSchema } from './verify-file-schema.js';
import type { bankSchema, requestSchema, requestsSchema } from './verify-file-schema.js';

/** A request to the application. */
export interface ApplicationRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** How the application is reached at one bank, every default filled in. `application.env` still has its `${…}`. */
export interface PartnerSetup extends Omit<
  v.InferOutput<typeof bankSchema>,
  'connect' | 'callApi' | 'login' | 'customers' | 'refreshNow' | 'disconnect' | 'window'
> {
  readonly bank: ScenarioBank;
  readonly login: { readonly script: string | null; readonly requests: readonly ApplicationRequest[] };
  /** Names of customers whom the application knows; null where each user agent is a new customer, or all are one. */
  readonly customers: readonly string[] | null;
  /** `${customer}` is still in this request and the others. */
  readonly connect: ApplicationRequest;
  /** One for each instance of the application. */
  readonly callApi: readonly ApplicationRequest[];
  readonly refreshNow: ApplicationRequest | null;
  readonly disconnect: ApplicationRequest | null;
  readonly windowMs: number;
  readonly readyTimeoutMs: number;
}

/** A verify file that can be used. */
export interface VerifyFile {
  readonly path: string;
  /** The file's folder, which its paths are relative to. */
  readonly folder: string;
  readonly setups: readonly PartnerSetup[];
  readonly mock: {
    readonly port: number;
    readonly bs2Port?: number | undefined;
    readonly btgPort?: number | undefined;
  };
  /** Path of the list of expected failures, relative to the folder. */
  readonly expected: string | null;
}

/** Thrown for a verify file that cannot be used; `cause` is `{ path }`. No value of the file is repeated. */
export class VerifyFileError extends HomologaError {
  constructor(path: string, problem: string) {
    super('ERR_VERIFY_FILE', `${path}: ${problem}.`, { cause: { path } });
  }
}

/** Reads a verify file; `${NAME}` comes from the environment. @throws VerifyFileError (`ERR_VERIFY_FILE`) */
export async function readVerifyFile(path: string, environment: NodeJS.ProcessEnv): Promise<VerifyFile> {
  const source = await readFile(path, 'utf8').catch((error: unknown) => {
    const why = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new VerifyFileError(path, `the file cannot be read${why}; docs/verify.md says what it holds`);
  });
  return parseVerifyFile(path, source, environment);
}

/** @throws VerifyFileError (`ERR_VERIFY_FILE`) */
export function parseVerifyFile(path: string, source: string, environment: NodeJS.ProcessEnv): VerifyFile {
  let written: unknown;
  try {
    written = parse(source);
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const where = line.replace(/:$/, '');
    throw new VerifyFileError(path, `expected YAML, got what is none: ${where}; docs/verify.md says what it holds`);
  }
  // Not a variable: it is another text in each request.
  const reserved = { ...environment, customer: customerPlaceholder };
  const { filled: document, missing } = withEnvironment(written, reserved);
  if (missing.length > 0) {
    throw new VerifyFileError(path, `the environment lacks ${missing.join(', ')}, which the file names`);
  }
  const isForBoth = typeof document === 'object' && document !== null && 'banks' in document;
  const stray = strayPlaceholder(document);
  if (stray !== null) {
    const members = membersWithCustomer.join(', ');
    throw new VerifyFileError(
      path,
      `${stray}: expected no ${customerPlaceholder}, which only requests have: ${members}`,
    );
  }
  const folder = dirname(path);
  const file = isForBoth ? readBoth(path, document) : readSingle(path, document);
  for (const setup of file.setups) {
    if (
      setup.application.command === undefined &&
      file.mock.port === 0 &&
      ownPort(file.mock, setup.bank) === undefined
    ) {
      throw new VerifyFileError(
        path,
        `mock.port: expected a fixed port, got 0: without ${isForBoth ? `banks.${setup.bank}.` : ''}application.command the application runs already and must know where the bank is`,
      );
    }
    const problem = redirectProblem(setup.connect.url, setup.redirectUri);
    if (problem !== null) throw new VerifyFileError(path, `redirectUri: ${problem}`);
    if (setup.customers !== null && !usesNames(setup)) {
      const member = isForBoth ? `banks.${setup.bank}.customers` : 'customers';
      throw new VerifyFileError(
        path,
        `${member}: expected ${customerPlaceholder} in login, connect or callApi, or a login.script, which gets the name; nothing uses the names`,
      );
    }
    if (setup.userAgent === 'browser' && !isPlainGet(setup.connect)) {
      throw new VerifyFileError(path, 'connect: expected an address alone, since a browser begins with a plain GET');
    }
    if (setup.login.script !== null && setup.userAgent === 'http') {
      throw new VerifyFileError(
        path,
        'login.script: expected requests, or userAgent: browser, which alone can run a script',
      );
    }
  }
  return { path, folder, ...file };
}

function isPlainGet({ method, headers, body }: ApplicationRequest): boolean {
  return method === 'GET' && Object.keys(headers).length === 0 && body === null;
}

type Parts = Pick<VerifyFile, 'setups' | 'mock' | 'expected'>;

function readSingle(path: string, document: unknown): Parts {
  const result = parseStrictly(singleBankFileSchema, document);
  if (result.kind === 'invalid') throw invalid(path, result.problems);
  const { bank, mock, expected, ...rest } = result.value;
  return { setups: [setupOf(bank, rest)], mock, expected: expected ?? null };
}

function readBoth(path: string, document: unknown): Parts {
  const result = parseStrictly(bothBanksFileSchema, document);
  if (result.kind === 'invalid') throw invalid(path, result.problems);
  const { banks, mock, expected } = result.value;
  return { setups: [setupOf('bs2', banks.bs2), setupOf('btg', banks.btg)], mock, expected: expected ?? null };
}

function invalid(path: string, problems: readonly Parameters<typeof sentence>[0][]): VerifyFileError {
  const told = problems.map((problem) =>
    problem.path === 'expected' ? { ...problem, expected: 'the path of a file that lists checks' } : problem,
  );
  return new VerifyFileError(path, told.map((problem) => sentence(problem, 'the file')).join('; '));
}

function setupOf(bank: ScenarioBank, entries: v.InferOutput<typeof bankSchema>): PartnerSetup {
  const { login, customers, connect, callApi, refreshNow, disconnect, window, ...rest } = entries;
  const { readyTimeout } = rest.application;
  return {
    ...rest,
    bank,
    login: loginOf(login),
    customers: customers ?? null,
    connect: requestOf(connect),
    callApi: requestsOf(callApi),
    refreshNow: refreshNow === undefined ? null : requestOf(refreshNow),
    disconnect: disconnect === undefined ? null : requestOf(disconnect),
    windowMs: parseDuration(window),
    readyTimeoutMs: parseDuration(readyTimeout),
  };
}

type Requests = v.InferOutput<typeof requestsSchema>;

function isScript(login: Requests | { readonly script: string }): login is { readonly script: string } {
  return typeof login === 'object' && 'script' in login;
}

function loginOf(login: Requests | { readonly script: string } | undefined): PartnerSetup['login'] {
  if (login === undefined) return { script: null, requests: [] };
  return isScript(login) ? { script: login.script, requests: [] } : { script: null, requests: requestsOf(login) };
}

function requestsOf(requests: Requests): readonly ApplicationRequest[] {
  return Array.isArray(requests) ? requests.map(requestOf) : [requestOf(requests)];
}

function requestOf(request: v.InferOutput<typeof requestSchema>): ApplicationRequest {
  if (typeof request === 'string') return { method: 'GET', url: request, headers: {}, body: null };
  const { method, url, headers, body } = request;
  return { method: method ?? (body === undefined ? 'GET' : 'POST'), url, headers: headers ?? {}, body: body ?? null };
}

function ownPort(mock: VerifyFile['mock'], bank: ScenarioBank): number | undefined {
  const own = bank === 'bs2' ? mock.bs2Port : mock.btgPort;
  return own === 0 ? undefined : own;
}
