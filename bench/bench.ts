/**
 * `npm run bench`: the built mock beside its peers and bare routes, each in a process of its own. Every round measures
 * every subject once, so that what else the machine does meets all of them; figures are medians of the rounds, and what
 * is compared is compared within the run. Writes bench.json, bench.md and bench.svg into reports/out/bench/.
 *
 *     npm run bench                                  # 5 rounds of 2 s, some eleven minutes
 *     npm run bench -- --rounds 3 --seconds 2        # seven
 *     npm run bench -- --write-docs                  # and brings its figures into docs/performance.md
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { benchPicture } from './bench-picture.js';
import type { BenchRecord, Measured, StartMeasured } from './bench-record.js';
import { subjects } from './bench-subjects.js';
import type { Subject } from './bench-subjects.js';
import { benchMarkdown } from './bench-table.js';
import { measureInProcess } from './in-process.js';
import { generator } from './put-load.js';
import { measureRunner } from './runner-speed.js';
import { startSubject } from './subject.js';
import { writeBenchDocs } from './write-bench-docs.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '32' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const count = (text: string, least: number): number =>
  v.parse(v.pipe(v.number(), v.integer(), v.minValue(least)), Number(text));
const rounds = count(values.rounds, 3);
const seconds = count(values.seconds, 1);
const connections = count(values.connections, 1);
/** The server on one core and the generator on the other, or both where they like. */
const ways = [
  { name: 'pinned', server: 0, load: 1 },
  { name: 'unpinned', server: null, load: null },
] as const;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const starts: StartMeasured[] = subjects.map(({ name }) => ({ name, startMs: [], residentMb: [] }));
const measured: Measured[] = [];

async function measureStarts(): Promise<void> {
  for (const [index, { args, firstAddress }] of subjects.entries()) {
    const running = await startSubject(args, firstAddress, null);
    starts[index]?.startMs.push(running.startMs);
    starts[index]?.residentMb.push(await running.residentMb());
    await running.stop();
  }
}

async function measureLoads({ name, args, firstAddress, loads }: Subject, way: (typeof ways)[number]): Promise<void> {
  const running = await startSubject(args, firstAddress, way.server);
  try {
    for (const load of await loads(running)) {
      const warm = await load.prepare('warming');
      await warm({ connections, seconds: 1, core: way.load });
      const run = await load.prepare('measuring');
      const before = await running.processorMs();
      const result = await run({ connections, seconds, core: way.load });
      const processorMs = (await running.processorMs()) - before;
      const entry = entryOf(way.name, name, load.name);
      entry.perSecond.push(result.perSecond);
      entry.p99Ms.push(result.p99Ms);
      entry.processorMicroseconds.push((processorMs * 1000) / result.requests);
      entry.errors += result.errors;
    }
  } finally {
    await running.stop();
  }
}

function entryOf(way: Measured['way'], subject: string, load: string): Measured {
  const known = measured.find((each) => each.way === way && each.subject === subject && each.load === load);
  if (known !== undefined) return known;
  const entry = { way, subject, load, perSecond: [], p99Ms: [], processorMicroseconds: [], errors: 0 };
  measured.push(entry);
  return entry;
}

say('starts');
for (let round = 0; round < Math.max(9, rounds); round += 1) await measureStarts();
for (const way of ways) {
  for (let round = 1; round <= rounds; round += 1) {
    say(`${way.name}, round ${String(round)} of ${String(rounds)}`);
    for (const subject of subjects) await measureLoads(subject, way);
  }
}
say('in the process');
const inProcess = await measureInProcess(rounds);
say('the runner');
const runner = [...(await measureRunner(rounds))];
const record: BenchRecord = {
  run: {
    node: process.version,
    cores: availableParallelism(),
    loadAverage: Number((loadavg()[0] ?? 0).toFixed(1)),
    generator,
    connections,
    rounds,
    seconds,
  },
  measured,
  starts,
  inProcess,
  runner,
};
const markdown = benchMarkdown(record);
process.stdout.write(markdown);
const out = fileURLToPath(new URL('../reports/out/bench/', import.meta.url));
await mkdir(out, { recursive: true });
await writeFile(`${out}bench.json`, `${JSON.stringify(record, null, 2)}\n`);
await writeFile(`${out}bench.md`, markdown);
await writeFile(`${out}bench.svg`, benchPicture(record));
if (values['write-docs']) await writeBenchDocs(record);
