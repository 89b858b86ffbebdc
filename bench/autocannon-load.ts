import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { startProcess } from '../scripts/homologa-process.js';
import { withJobFile } from './job-file.js';
import { endsByItself } from './load.js';
import type { Load, LoadOptions, LoadResult } from './load.js';
import { pinned } from './pinned.js';

const summary = v.object({ requests: v.number(), ms: v.number(), p99Ms: v.number(), errors: v.number() });

/** Puts a load by autocannon, in a process of its own: it must not share a core with what measures. */
export async function putWithAutocannon(load: Load, { connections, seconds, core }: LoadOptions): Promise<LoadResult> {
  const script = fileURLToPath(new URL('autocannon-generator.mjs', import.meta.url));
  const job = JSON.stringify({ load, endsByItself: endsByItself(load), connections, seconds });
  return withJobFile('load.json', job, async (path) => {
    const { stdout, exitCode, stderr } = await startProcess(...pinned(core, process.execPath, [script, path])).ended;
    if (exitCode !== 0) throw new Error(`autocannon ended with ${String(exitCode)}: ${stderr}`);
    const { requests, ms, p99Ms, errors } = v.parse(summary, JSON.parse(stdout));
    return { requests, perSecond: (requests * 1000) / ms, p99Ms, errors };
  });
}
