import type { InProcess } from './in-process.js';

/** What one subject did under one load, a sample a round. */
export interface Measured {
  readonly way: 'pinned' | 'unpinned';
  readonly subject: string;
  readonly load: string;
  readonly perSecond: number[];
  readonly p99Ms: number[];
  /** Processor time of the server for each request, in microseconds. */
  readonly processorMicroseconds: number[];
  errors: number;
}

export interface StartMeasured {
  readonly name: string;
  readonly startMs: number[];
  readonly residentMb: number[];
}

/** Under what conditions a run was made. */
export interface BenchRun {
  readonly node: string;
  readonly cores: number;
  readonly loadAverage: number;
  readonly generator: string;
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
}

export function median(samples: readonly number[]): number {
  return samples.toSorted((first, second) => first - second)[Math.floor((samples.length - 1) / 2)] ?? Number.NaN;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');
const ratio = (value: number): string => `${value.toFixed(2)} ×`;

/** A target of the project: a figure as a multiple of another's in the same run. */
interface Target {
  readonly what: string;
  readonly value: number;
  readonly bound: 'least' | 'most';
  readonly target: number;
}

/** The run as Markdown: targets first, then all that was measured. */
export function benchMarkdown(
  run: BenchRun,
  measured: readonly Measured[],
  starts: readonly StartMeasured[],
  inProcess: InProcess,
): string {
  const find = (way: string, subject: string, load: string): Measured | undefined =>
    measured.find((each) => each.way === way && each.subject === subject && each.load === load);
  const rate = (way: string, subject: string, load: string): number =>
    median(find(way, subject, load)?.perSecond ?? []);
  const p99 = (way: string, subject: string, load: string): number => median(find(way, subject, load)?.p99Ms ?? []);
  const processor = (way: string, subject: string, load: string): number =>
    median(find(way, subject, load)?.processorMicroseconds ?? []);
  const start = (name: string): StartMeasured | undefined => starts.find((each) => each.name === name);
  const bare = 'bare Hono route';
  const targets: Target[] = ['pinned', 'unpinned'].flatMap((way): Target[] => {
    const refresh = rate(way, 'homologa', 'BS2 refresh with rotation');
    const btg = rate(way, 'homologa', 'BTG refresh');
    return [
      {
        what: `BS2 refresh to the bare opaque route, ${way}`,
        value: refresh / rate(way, bare, 'random opaque token'),
        bound: 'least',
        target: 0.45,
      },
      {
        what: `BS2 refresh to oidc-provider opaque, ${way}`,
        value: refresh / rate(way, 'oidc-provider, opaque', 'client_credentials'),
        bound: 'least',
        target: 1.8,
      },
      {
        what: `BTG refresh to the bare RS256 route, ${way}`,
        value: btg / rate(way, bare, 'one RS256'),
        bound: 'least',
        target: 0.85,
      },
      {
        what: `BTG refresh to oauth2-mock-server refresh, ${way}`,
        value: btg / rate(way, 'oauth2-mock-server', 'refresh'),
        bound: 'least',
        target: 4,
      },
      {
        what: `p99 of BS2 refresh to the bare opaque route’s, ${way}`,
        value: p99(way, 'homologa', 'BS2 refresh with rotation') / p99(way, bare, 'random opaque token'),
        bound: 'most',
        target: 1.5,
      },
      {
        what: `p99 of BTG refresh to the bare RS256 route’s, ${way}`,
        value: p99(way, 'homologa', 'BTG refresh') / p99(way, bare, 'one RS256'),
        bound: 'most',
        target: 1.5,
      },
    ];
  });
  const cost = (load: string, subject: string, other: string): number =>
    processor('pinned', subject, other) / processor('pinned', 'homologa', load);
  targets.push(
    {
      what: 'BS2 refresh to the bare opaque route, by processor time',
      value: cost('BS2 refresh with rotation', bare, 'random opaque token'),
      bound: 'least',
      target: 0.45,
    },
    {
      what: 'BS2 refresh to oidc-provider opaque, by processor time',
      value: cost('BS2 refresh with rotation', 'oidc-provider, opaque', 'client_credentials'),
      bound: 'least',
      target: 1.8,
    },
    {
      what: 'BTG refresh to the bare RS256 route, by processor time',
      value: cost('BTG refresh', bare, 'one RS256'),
      bound: 'least',
      target: 0.85,
    },
    {
      what: 'BTG refresh to oauth2-mock-server refresh, by processor time',
      value: cost('BTG refresh', 'oauth2-mock-server', 'refresh'),
      bound: 'least',
      target: 4,
    },
  );
  const toBare = (of: (each: StartMeasured | undefined) => readonly number[]): number =>
    median(of(start('homologa'))) / median(of(start(bare)));
  targets.push(
    {
      what: 'start to first answer, to the bare server’s',
      value: toBare((each) => each?.startMs ?? []),
      bound: 'most',
      target: 1.4,
    },
    {
      what: 'resident memory after it, to the bare server’s',
      value: toBare((each) => each?.residentMb ?? []),
      bound: 'most',
      target: 1.4,
    },
  );
  const met = ({ value, bound, target }: Target): boolean => (bound === 'least' ? value >= target : value <= target);
  return [
    `Node ${run.node}, ${String(run.cores)} cores, load average ${String(run.loadAverage)} at the end, ${run.generator} with ${String(run.connections)} connections, ` +
      `medians of ${String(run.rounds)} rounds of ${String(run.seconds)} s`,
    '',
    '| target | measured | wanted | |',
    '| --- | ---: | ---: | --- |',
    ...targets.map(
      (target) =>
        `| ${target.what} | ${ratio(target.value)} | ${target.bound === 'least' ? '≥' : '≤'} ${String(target.target)} × | ${met(target) ? 'met' : '**not met**'} |`,
    ),
    `| \`startMockServer()\` to the first token, warm | ${median(inProcess.firstTokenMs).toFixed(1)} ms | ≤ 30 ms | ${median(inProcess.firstTokenMs) <= 30 ? 'met' : '**not met**'} |`,
    `| a tenant | ${median(inProcess.tenantMs).toFixed(2)} ms | ≤ 1 ms | ${median(inProcess.tenantMs) <= 1 ? 'met' : '**not met**'} |`,
    '',
    '| server | load | pinned /s | p99 ms | processor µs each | unpinned /s | p99 ms | processor µs each | errors |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...measured
      .filter(({ way }) => way === 'pinned')
      .map(({ subject, load, errors }) => {
        const cells = ['pinned', 'unpinned'].flatMap((way) => [
          whole(rate(way, subject, load)),
          p99(way, subject, load).toFixed(1),
          whole(processor(way, subject, load)),
        ]);
        const all = errors + (find('unpinned', subject, load)?.errors ?? 0);
        return `| ${subject} | ${load} | ${cells.join(' | ')} | ${String(all)} |`;
      }),
    '',
    '| server | start to first answer, ms | resident after it, MB |',
    '| --- | ---: | ---: |',
    ...starts.map(
      ({ name, startMs, residentMb }) => `| ${name} | ${whole(median(startMs))} | ${whole(median(residentMb))} |`,
    ),
    '',
    `A whole consent over HTTP, pages and redemption included, one after the other, the reference client’s own time too: ` +
      `BS2 ${median(inProcess.consentMs.bs2).toFixed(1)} ms, BTG ${median(inProcess.consentMs.btg).toFixed(1)} ms.`,
    '',
  ].join('\n');
}
