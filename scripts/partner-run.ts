import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { runHomologa } from './homologa-from-source.js';
import type { JudgedPartner } from './partner-verdict.js';
import type { VerifyWorkers } from './verify-workers.js';

const resultsSchema = v.object({
  checks: v.array(v.object({ id: v.string(), bank: v.string(), verdict: v.string() })),
});

/** A run of `homologa verify` on an example. */
export interface PartnerRunRequest {
  /** The verify file. */
  readonly file: string;
  /** For the application, such as BUG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ids of checks; empty for all. */
  readonly only?: readonly string[];
}

/**
 * Runs `homologa verify` on a copy of a file in which every port of the examples (4100 to 4299) is one that is free, so
 * that several examples can run at once.
 */
export async function runPartner({ file, env = {}, only = [] }: PartnerRunRequest): Promise<JudgedPartner> {
  return withCopy(file, async (copy) => {
    const out = join(dirname(copy), 'out');
    const args = ['verify', copy, '--out', out, ...only.flatMap((id) => ['--only', id])];
    const { exitCode, stdout, stderr } = await runHomologa(args, { env, built: true });
    const results = await readFile(join(out, 'results.json'), 'utf8').catch(() => null);
    const checks = results === null ? null : v.parse(resultsSchema, JSON.parse(results)).checks;
    return { exitCode, checks: exitCode === 2 ? null : checks, said: `${stdout}${stderr}` };
  });
}

/** The same without the command: in a process that makes many such runs. */
export async function judgePartner(
  workers: VerifyWorkers,
  { file, env = {}, only = [] }: PartnerRunRequest,
): Promise<JudgedPartner> {
  return withCopy(file, (copy) => workers.judge({ file: copy, env, only }));
}

async function withCopy<Result>(file: string, use: (copy: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-partner-'));
  try {
    const copy = join(folder, 'homologa.yaml');
    await writeFile(copy, await onFreePorts(await readFile(file, 'utf8'), dirname(file)));
    return await use(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A verify file on ports that are free, whose application is in `cwd`. */
export async function onFreePorts(source: string, cwd: string): Promise<string> {
  const ports = [...new Set(source.match(/\b4[12]\d\d\b/g) ?? [])];
  const free = await freePorts(ports.length);
  const moved = source.replaceAll(/\b4[12]\d\d\b/g, (port) => String(free[ports.indexOf(port)]));
  return moved.replaceAll(/^(\s*)application:\n/gm, (line, indent: string) => `${line}${indent}  cwd: ${cwd}\n`);
}

// Below the ports that systems give out by themselves, or a mock or a client could take one before its application does.
const firstPort = 20_000;
const portCount = 12_000;
let nextPort = process.pid % portCount;

/** Ports that nobody listens on; no two calls in this process get the same one. */
async function freePorts(count: number): Promise<readonly number[]> {
  const free: number[] = [];
  for (let tried = 0; free.length < count; tried += 1) {
    if (tried === portCount) throw new RangeError(`There are no ${String(count)} free ports on this machine.`);
    const port = firstPort + nextPort;
    nextPort = (nextPort + 1) % portCount;
    if (await isFree(port)) free.push(port);
  }
  return free;
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
