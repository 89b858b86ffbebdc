/**
 * Whether a refresh costs more where more grants live, and what a live grant takes of memory. Each size has a process of
 * its own; rounds take turns, so that what else the machine does meets all of them.
 *
 *     npx tsx bench/flat-cost.ts                       # 1 000, 10 000, 100 000 and 1 000 000 grants
 *     npx tsx bench/flat-cost.ts --sizes 1000,100000 --rounds 15
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { flatCostPicture } from './flat-cost-picture.js';

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '1000,10000,100000,1000000' },
    rounds: { type: 'string', default: '21' },
  },
});
const sizes = v.parse(v.array(v.pipe(v.number(), v.integer(), v.minValue(1))), values.sizes.split(',').map(Number));
const rounds = v.parse(v.pipe(v.number(), v.integer(), v.minValue(3)), Number(values.rounds));
const refreshesPerRound = 2000;
const out = fileURLToPath(new URL('../reports/out/bench/', import.meta.url));

interface Filled {
  readonly grants: number;
  readonly bytesPerGrant: number;
  readonly process: ChildProcess;
  readonly medians: number[];
  readonly worsts: number[];
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onEnd = (code: number | null): void => reject(new Error(`A filled mock ended with ${String(code)}.`));
    child.once('exit', onEnd);
    child.once('message', (message) => {
      child.off('exit', onEnd);
      resolve(message);
    });
  });
}

async function fillMock(grants: number): Promise<Filled> {
  const file = fileURLToPath(new URL('filled-mock.ts', import.meta.url));
  const child = fork(file, [String(grants)], { execArgv: ['--import', 'tsx', '--max-old-space-size=4096'] });
  const { bytesPerGrant } = v.parse(v.object({ bytesPerGrant: v.number() }), await answerOf(child));
  return { grants, bytesPerGrant, process: child, medians: [], worsts: [] };
}

function quantile(numbers: readonly number[], part: number): number {
  return numbers.toSorted((first, second) => first - second)[Math.floor((numbers.length - 1) * part)] ?? Number.NaN;
}

const filled: Filled[] = [];
try {
  for (const size of sizes) filled.push(await fillMock(size));
  for (let round = 0; round < rounds; round += 1) {
    // Every other round the other way about: who comes after a large heap is not always the same.
    for (const each of round % 2 === 0 ? filled : filled.toReversed()) {
      each.process.send(refreshesPerRound);
      const times = v.parse(v.array(v.number()), await answerOf(each.process));
      each.medians.push(quantile(times, 0.5));
      each.worsts.push(quantile(times, 0.99));
    }
  }
} finally {
  for (const each of filled) each.process.kill();
}

const reference = quantile(filled[0]?.medians ?? [], 0.5);
const rows = filled.map(({ grants, bytesPerGrant, medians, worsts }) => ({
  grants,
  bytesPerGrant: Math.round(bytesPerGrant),
  medianMicroseconds: Number(quantile(medians, 0.5).toFixed(1)),
  p99Microseconds: Number(quantile(worsts, 0.5).toFixed(1)),
  ratio: Number((quantile(medians, 0.5) / reference).toFixed(2)),
}));
const count = (grants: number): string => grants.toLocaleString('en-US').replaceAll(',', ' ');
const markdown = [
  `Node ${process.version}, ${String(rounds)} rounds of ${count(refreshesPerRound)} refreshes each, BS2 with rotation, in the process, journal on`,
  '',
  `| live grants | refresh, median | p99 | × ${count(filled[0]?.grants ?? 0)} | memory a grant |`,
  '| ---: | ---: | ---: | ---: | ---: |',
  ...rows.map(
    (row) =>
      `| ${count(row.grants)} | ${row.medianMicroseconds.toFixed(1)} µs | ${row.p99Microseconds.toFixed(1)} µs | ${row.ratio.toFixed(2)} | ${String(row.bytesPerGrant)} B |`,
  ),
  '',
].join('\n');
process.stdout.write(markdown);
await mkdir(out, { recursive: true });
await writeFile(`${out}flat-cost.json`, `${JSON.stringify({ node: process.version, rounds, rows }, null, 2)}\n`);
await writeFile(`${out}flat-cost.md`, markdown);
await writeFile(`${out}flat-cost.svg`, flatCostPicture(rows));
