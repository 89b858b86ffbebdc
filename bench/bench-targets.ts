import { median, mediansOf } from './bench-record.js';
import type { BenchRecord, StartMeasured } from './bench-record.js';

/** A target of the project: a figure, mostly as a multiple of another's in the same run. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly unit: '×' | 'ms';
  readonly bound: 'least' | 'most';
  readonly target: number;
}

const bare = 'bare Hono route';
/** Subject and load. */
type Figure = readonly [string, string];
const bs2Refresh: Figure = ['homologa', 'BS2 refresh with rotation'];
const btgRefresh: Figure = ['homologa', 'BTG refresh'];
/** What a refresh is compared with, and how fast it is to be at least. */
const comparisons: readonly { what: string; of: Figure; to: Figure; least: number }[] = [
  { what: 'BS2 refresh to the bare opaque route', of: bs2Refresh, to: [bare, 'random opaque token'], least: 0.45 },
  {
    what: 'BS2 refresh to oidc-provider opaque',
    of: bs2Refresh,
    to: ['oidc-provider, opaque', 'client_credentials'],
    least: 1.8,
  },
  { what: 'BTG refresh to the bare RS256 route', of: btgRefresh, to: [bare, 'one RS256'], least: 0.85 },
  {
    what: 'BTG refresh to oauth2-mock-server refresh',
    of: btgRefresh,
    to: ['oauth2-mock-server', 'refresh'],
    least: 4,
  },
];
/** By the bare routes alone. */
const mostP99 = 1.5;

/** The project's targets, with what this run measured. */
export function benchTargets(record: BenchRecord): readonly Target[] {
  const { perSecond, p99Ms, processorMicroseconds } = mediansOf(record);
  const speed = ['pinned', 'unpinned'].flatMap((way) => [
    ...comparisons.map(({ what, of, to, least }) =>
      ratio(`${what}, ${way}`, perSecond(way, ...of) / perSecond(way, ...to), 'least', least),
    ),
    ...comparisons
      .filter(({ to: [subject] }) => subject === bare)
      .map(({ what, of, to }) =>
        ratio(`p99 of ${what}’s, ${way}`, p99Ms(way, ...of) / p99Ms(way, ...to), 'most', mostP99),
      ),
  ]);
  const processor = comparisons.map(({ what, of, to, least }) => {
    const value = processorMicroseconds('pinned', ...to) / processorMicroseconds('pinned', ...of);
    return ratio(`${what}, by processor time`, value, 'least', least);
  });
  const { firstTokenMs, tenantMs } = record.inProcess;
  return [
    ...speed,
    ...processor,
    ratio('start to first answer, to the bare server’s', toBare(record, 'startMs'), 'most', 1.4),
    ratio('resident memory after it, to the bare server’s', toBare(record, 'residentMb'), 'most', 1.4),
    atMostMs('`startMockServer()` to the first token, warm', median(firstTokenMs), 30),
    atMostMs('a tenant', median(tenantMs), 1),
  ];
}

/** Whether this run met it; what was not measured is not met. */
export function isMet({ value, bound, target }: Target): boolean {
  return bound === 'least' ? value >= target : value <= target;
}

function ratio(what: string, value: number, bound: 'least' | 'most', target: number): Target {
  return { what, value, unit: '×', bound, target };
}

function atMostMs(what: string, value: number, target: number): Target {
  return { what, value, unit: 'ms', bound: 'most', target };
}

function toBare({ starts }: BenchRecord, figure: 'startMs' | 'residentMb'): number {
  const of = (name: string): StartMeasured | undefined => starts.find((each) => each.name === name);
  return median(of('homologa')?.[figure] ?? []) / median(of(bare)?.[figure] ?? []);
}
