/**
 * How long the built command takes from the start of its process: `serve` to its first answer, help to its end. Each
 * round starts every subject once, so that what else the machine does meets all of them; the medians are compared with
 * that of a bare Hono server of the same run.
 *
 *     npm run bench:start            # builds, 15 rounds
 *     npm run bench:start -- 31
 */
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { startProcess } from '../scripts/homologa-process.js';

const rounds = v.parse(v.pipe(v.number(), v.integer(), v.minValue(9)), Number(process.argv[2] ?? 15));
const entry = fileURLToPath(new URL('../dist/cli/homologa.js', import.meta.url));
const bareServer = fileURLToPath(new URL('bare-server.mjs', import.meta.url));

interface Subject {
  readonly name: string;
  /** Milliseconds from the start of its process. */
  readonly measure: () => Promise<number>;
}

const bare: Subject = {
  name: 'bare Hono server, first answer',
  measure: async () => firstAnswer([bareServer], (line) => v.parse(v.object({ url: v.string() }), line).url),
};
const subjects: readonly Subject[] = [
  { name: 'node -e 0, end', measure: () => end(['-e', '0']) },
  bare,
  {
    name: 'homologa serve, first answer',
    measure: () =>
      firstAnswer(
        [entry, 'serve', '--port', '0', '--json'],
        (line) => `${v.parse(v.object({ control: v.string() }), line).control}/health`,
      ),
  },
  { name: 'homologa --help, end', measure: () => end([entry, '--help']) },
  { name: 'homologa run --help, end', measure: () => end([entry, 'run', '--help']) },
];

/** From the start to the last byte of the answer at the address that the first line of stdout names. */
async function firstAnswer(args: readonly string[], address: (line: unknown) => string): Promise<number> {
  const startedAt = performance.now();
  const server = startProcess(process.execPath, args);
  try {
    const url = address(JSON.parse(await server.said(/\n/)));
    await answerOf(url);
    return performance.now() - startedAt;
  } finally {
    server.signal('SIGKILL');
    await server.ended;
  }
}

function answerOf(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`GET ${url} answered ${String(answer.statusCode)}.`));
      answer.resume().once('end', resolve);
    }).once('error', reject);
  });
}

async function end(args: readonly string[]): Promise<number> {
  const startedAt = performance.now();
  const { exitCode, stderr } = await startProcess(process.execPath, args).ended;
  if (exitCode !== 0) throw new Error(`node ${args.join(' ')} ended with ${String(exitCode)}: ${stderr}`);
  return performance.now() - startedAt;
}

function sorted(times: readonly number[]): readonly number[] {
  return times.toSorted((first, second) => first - second);
}

function median(times: readonly number[]): number {
  return sorted(times)[Math.floor(times.length / 2)] ?? Number.NaN;
}

const times = new Map(subjects.map((subject) => [subject, [] as number[]]));
// The first round only fills the caches of the file system.
for (let round = 0; round <= rounds; round += 1) {
  for (const [subject, measured] of times) {
    const ms = await subject.measure();
    if (round > 0) measured.push(ms);
  }
}

const reference = median(times.get(bare) ?? []);
const row = (...cells: readonly string[]): string =>
  `${cells.map((cell, index) => (index === 0 ? cell.padEnd(32) : cell.padStart(10))).join('')}\n`;
process.stdout.write(
  `Node ${process.version}, ${String(rounds)} rounds, milliseconds from the start of the process\n\n`,
);
process.stdout.write(row('', 'median', 'least', 'most', 'to bare'));
for (const [{ name }, measured] of times) {
  const [least = Number.NaN] = sorted(measured);
  const ratio = `${(median(measured) / reference).toFixed(2)} x`;
  process.stdout.write(
    row(name, ...[median(measured), least, Math.max(...measured)].map((ms) => ms.toFixed(0)), ratio),
  );
}
