import { spawnSync } from 'node:child_process';
import { putWithAutocannon } from './autocannon-load.js';
import type { Load, LoadOptions, LoadResult } from './load.js';
import { putWithWrk } from './wrk-load.js';

const asked = process.env.HOMOLOGA_BENCH_GENERATOR;
const hasWrk = spawnSync('wrk', ['--version']).error === undefined;

/** What puts loads: `wrk` where it is installed, else `autocannon` of npm; HOMOLOGA_BENCH_GENERATOR chooses. */
export const generator = asked === 'autocannon' || !hasWrk ? 'autocannon' : 'wrk';

export async function putLoad(load: Load, options: LoadOptions): Promise<LoadResult> {
  return generator === 'wrk' ? putWithWrk(load, options) : putWithAutocannon(load, options);
}
