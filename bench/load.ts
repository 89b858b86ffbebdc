import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { startProcess } from '../scripts/homologa-process.js';

/** One kind of request, sent again and again over so many connections. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  /** `{token}` stands for a refresh token of which each request spends one, and each answer brings the next. */
  readonly body: string;
  readonly tokens: readonly string[];
}

/** What came of it. */
export interface LoadResult {
  readonly requests: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Answers that were none, or no 2xx. */
  readonly errors: number;
}

export interface LoadOptions {
  readonly connections: number;
  readonly seconds: number;
  /** The processor that the generator is kept to; null for any. */
  readonly core: number | null;
}

const hasWrk = spawnSync('wrk', ['--version']).error === undefined;
const hasTaskset = spawnSync('taskset', ['--version']).error === undefined;

/** What puts the load: `wrk` where it is installed, else `autocannon` of npm. */
export const generator = hasWrk ? 'wrk' : 'autocannon';

/** A command that is kept to one core, where the machine has `taskset`. */
export function pinned(core: number | null, command: string, args: readonly string[]): [string, readonly string[]] {
  return core === null || !hasTaskset ? [command, args] : ['taskset', ['-c', String(core), command, ...args]];
}

export async function putLoad(load: Load, options: LoadOptions): Promise<LoadResult> {
  return hasWrk ? putWithWrk(load, options) : putWithAutocannon(load, options);
}

const wrkSummary = v.object({ requests: v.number(), microseconds: v.number(), p99: v.number(), errors: v.number() });

async function putWithWrk(load: Load, { connections, seconds, core }: LoadOptions): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-load-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, wrkScript(load));
    const args = ['-t1', `-c${String(connections)}`, `-d${String(seconds)}s`, '-s', script, load.url];
    const { stdout, exitCode, stderr } = await startProcess(...pinned(core, 'wrk', args)).ended;
    const line = /^\{"requests".*$/m.exec(stdout)?.[0];
    if (exitCode !== 0 || line === undefined) throw new Error(`wrk ended with ${String(exitCode)}: ${stderr}${stdout}`);
    const { requests, microseconds, p99, errors } = v.parse(wrkSummary, JSON.parse(line));
    return { requests, perSecond: requests / (microseconds / 1e6), p99Ms: p99 / 1000, errors };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function wrkScript({ url, method, headers, body, tokens }: Load): string {
  const text = (value: string): string => JSON.stringify(value);
  const { pathname, search } = new URL(url);
  const [before = '', after = ''] = body.split('{token}');
  const spending = `
local tokens = {${tokens.map(text).join(',')}}
local first, last = 1, ${String(tokens.length)}
request = function()
  local token = tokens[first] or "none-left"
  tokens[first] = nil
  first = first + 1
  return wrk.format(${text(method)}, ${text(pathname + search)}, headers, ${text(before)} .. token .. ${text(after)})
end
response = function(status, headers, body)
  local token = string.match(body, '"refresh_token"%s*:%s*"([^"]+)"')
  if token then last = last + 1; tokens[last] = token end
end`;
  return `
local headers = {${Object.entries(headers)
    .map(([name, value]) => `[${text(name)}]=${text(value)}`)
    .join(',')}}
wrk.method, wrk.headers, wrk.body = ${text(method)}, headers, ${method === 'GET' ? 'nil' : text(body)}
${tokens.length === 0 ? '' : spending}
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"microseconds":%d,"p99":%d,"errors":%d}\\n', summary.requests, summary.duration,
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

const cannonResult = v.object({
  requests: v.object({ average: v.number(), total: v.number() }),
  latency: v.object({ p99: v.number() }),
  errors: v.number(),
  non2xx: v.number(),
});

/** In a process of its own too: it must not share a core with what measures. */
async function putWithAutocannon(load: Load, { connections, seconds, core }: LoadOptions): Promise<LoadResult> {
  const script = new URL('autocannon-load.mjs', import.meta.url).pathname;
  const job = JSON.stringify({ load, connections, seconds });
  const { stdout, exitCode, stderr } = await startProcess(...pinned(core, process.execPath, [script, job])).ended;
  if (exitCode !== 0) throw new Error(`autocannon ended with ${String(exitCode)}: ${stderr}`);
  const { requests, latency, errors, non2xx } = v.parse(cannonResult, JSON.parse(stdout));
  return { requests: requests.total, perSecond: requests.average, p99Ms: latency.p99, errors: errors + non2xx };
}
