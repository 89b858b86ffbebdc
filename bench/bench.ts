/**
 * `npm run bench`: the built mock beside its peers and bare routes, each in a process of its own. Every round measures
 * every subject once, so that what else the machine does meets all of them; figures are medians of the rounds, and what
 * is compared is compared within the run. Writes reports/out/bench/bench.json and bench.md.
 *
 *     npm run bench                                  # 5 rounds of 3 s, some ten minutes
 *     npm run bench -- --rounds 3 --seconds 2
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { benchMarkdown } from './bench-table.js';
import type { Measured, StartMeasured } from './bench-table.js';
import { measureInProcess } from './in-process.js';
import { generator, putLoad } from './load.js';
import type { Load } from './load.js';
import { startSubject } from './subject.js';
import type { Running } from './subject.js';
import { homologaLoads } from './homologa-loads.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    connections: { type: 'string', default: '32' },
  },
});
const count = (text: string, least: number): number =>
  v.parse(v.pipe(v.number(), v.integer(), v.minValue(least)), Number(text));
const rounds = count(values.rounds, 3);
const seconds = count(values.seconds, 1);
const connections = count(values.connections, 1);
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const out = file('../reports/out/bench/');
/** The server on one core and the generator on the other, or both where they like. */
const ways = [
  { name: 'pinned', server: 0, load: 1 },
  { name: 'unpinned', server: null, load: null },
] as const;

const urlOf = (said: unknown): string => v.parse(v.looseObject({ url: v.string() }), said).url;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const basic = (id: string, secret: string): Record<string, string> => ({
  ...form,
  authorization: `Basic ${btoa(`${id}:${secret}`)}`,
});
const post = (url: string, body: string, headers: Record<string, string> = form): Load => ({
  url,
  method: 'POST',
  headers,
  body,
  tokens: [],
});

interface Subject {
  readonly name: string;
  readonly args: readonly string[];
  readonly firstAddress: (said: unknown) => string;
  /** Asked for before each round, since a load spends what it was made with. */
  readonly loads: (running: Running) => Promise<ReadonlyMap<string, Load>> | ReadonlyMap<string, Load>;
}

const clientCredentials = 'grant_type=client_credentials&scope=api';
const subjects: readonly Subject[] = [
  {
    name: 'bare Hono route',
    args: [file('peers/bare-routes.mjs')],
    firstAddress: urlOf,
    loads: ({ said }) =>
      new Map([
        ['random opaque token', post(`${urlOf(said)}opaque`, clientCredentials)],
        ['one RS256', post(`${urlOf(said)}rs256`, clientCredentials)],
      ]),
  },
  {
    name: 'homologa',
    args: [file('../dist/cli/homologa.js'), 'serve', '--port', '0', '--json', '--rate-limit', 'off'],
    firstAddress: (said) => `${v.parse(v.looseObject({ control: v.string() }), said).control}/health`,
    loads: ({ said }) => homologaLoads(v.parse(v.looseObject({ control: v.string() }), said).control),
  },
  {
    name: 'oidc-provider, opaque',
    args: [file('peers/oidc-provider.mjs')],
    firstAddress: (said) => `${urlOf(said)}.well-known/openid-configuration`,
    loads: ({ said }) =>
      new Map([
        [
          'client_credentials',
          post(`${urlOf(said)}token`, clientCredentials, basic('client', 'secret-of-the-benchmark')),
        ],
      ]),
  },
  {
    name: 'oidc-provider, RS256',
    args: [file('peers/oidc-provider.mjs'), 'jwt'],
    firstAddress: (said) => `${urlOf(said)}.well-known/openid-configuration`,
    loads: ({ said }) =>
      new Map([
        [
          'client_credentials',
          post(`${urlOf(said)}token`, clientCredentials, basic('client', 'secret-of-the-benchmark')),
        ],
      ]),
  },
  {
    name: 'oauth2-mock-server',
    args: [file('peers/oauth2-mock-server.mjs')],
    firstAddress: (said) => `${urlOf(said)}.well-known/openid-configuration`,
    loads: ({ said }) =>
      new Map([
        ['client_credentials', post(`${urlOf(said)}token`, clientCredentials)],
        ['refresh', post(`${urlOf(said)}token`, 'grant_type=refresh_token&refresh_token=any', basic('client', 'any'))],
      ]),
  },
];

const measured: Measured[] = [];
const starts: StartMeasured[] = subjects.map(({ name }) => ({ name, startMs: [], residentMb: [] }));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

say('starts');
for (let round = 0; round < Math.max(9, rounds); round += 1) {
  for (const [index, subject] of subjects.entries()) {
    const running = await startSubject(subject.args, subject.firstAddress, null);
    starts[index]?.startMs.push(running.startMs);
    starts[index]?.residentMb.push(await running.residentMb());
    await running.stop();
  }
}
for (const way of ways) {
  for (let round = 1; round <= rounds; round += 1) {
    say(`${way.name}, round ${String(round)} of ${String(rounds)}`);
    for (const subject of subjects) {
      const running = await startSubject(subject.args, subject.firstAddress, way.server);
      try {
        for (const [load, warming] of await subject.loads(running)) {
          await putLoad(warming, { connections, seconds: 1, core: way.load });
          const fresh = (await subject.loads(running)).get(load) ?? warming;
          const before = await running.processorMs();
          const result = await putLoad(fresh, { connections, seconds, core: way.load });
          const processorMs = (await running.processorMs()) - before;
          const known = measured.find(
            (each) => each.way === way.name && each.subject === subject.name && each.load === load,
          );
          const entry = known ?? {
            way: way.name,
            subject: subject.name,
            load,
            perSecond: [],
            p99Ms: [],
            processorMicroseconds: [],
            errors: 0,
          };
          if (known === undefined) measured.push(entry);
          entry.perSecond.push(result.perSecond);
          entry.p99Ms.push(result.p99Ms);
          entry.processorMicroseconds.push((processorMs * 1000) / result.requests);
          entry.errors += result.errors;
        }
      } finally {
        await running.stop();
      }
    }
  }
}
say('in the process');
const inProcess = await measureInProcess(rounds);
const run = {
  node: process.version,
  cores: availableParallelism(),
  loadAverage: Number((loadavg()[0] ?? 0).toFixed(1)),
  generator,
  connections,
  rounds,
  seconds,
};
const markdown = benchMarkdown(run, measured, starts, inProcess);
process.stdout.write(markdown);
await mkdir(out, { recursive: true });
await writeFile(`${out}bench.json`, `${JSON.stringify({ run, measured, starts, inProcess }, null, 2)}\n`);
await writeFile(`${out}bench.md`, markdown);
