import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { benchPicture } from './bench-picture.js';
import { benchMarkdown } from './bench-table.js';
import type { BenchRecord, Measured } from './bench-record.js';
import { withBench } from './write-bench-docs.js';

const loads: readonly [string, string, number][] = [
  ['bare Hono route', 'random opaque token', 40_000],
  ['homologa', 'BS2 refresh with rotation', 20_000],
  ['oidc-provider, opaque', 'client_credentials', 8000],
];

function recordOf(figures: typeof loads): BenchRecord {
  const measured = figures.flatMap(([subject, load, perSecond]): Measured[] => {
    // Three rounds, in which the median is neither the first nor the mean.
    const rest = { subject, load, perSecond: [1, perSecond * 3, perSecond], p99Ms: [9, 2, 4], errors: 1 };
    const processorMicroseconds = [1e6 / perSecond];
    return [
      { ...rest, way: 'pinned', processorMicroseconds },
      { ...rest, way: 'unpinned', processorMicroseconds },
    ];
  });
  return {
    run: { node: 'v20', cores: 2, loadAverage: 1, generator: 'wrk', connections: 32, rounds: 3, seconds: 2 },
    measured,
    starts: [
      { name: 'bare Hono route', startMs: [100], residentMb: [50] },
      { name: 'homologa', startMs: [150], residentMb: [60] },
    ],
    inProcess: { firstTokenMs: [20], tenantMs: [0.5], consentMs: { bs2: [15], btg: [14] } },
    runner: [
      { name: 'homologa run', wallMs: [8000], runMs: [6000], checks: 300, failed: 0 },
      { name: 'homologa run --parallel 2', wallMs: [5000], runMs: [3000], checks: 300, failed: 0 },
    ],
  };
}

describe('the table', () => {
  const table = benchMarkdown(recordOf(loads));

  it.each([
    '| BS2 refresh to the bare opaque route, pinned | 0.50 × | ≥ 0.45 × | met |',
    '| BTG refresh to the bare RS256 route, pinned | NaN × | ≥ 0.85 × | **not met** |',
    '| start to first answer, to the bare server’s | 1.50 × | ≤ 1.4 × | **not met** |',
    '| homologa | BS2 refresh with rotation | 20 000 | 4.0 | 50 | 20 000 | 4.0 | 50 | 2 |',
    '| `homologa run` | 300 | 37.5 | 50.0 | 8.0 | 2.0 | 0 |',
    '`homologa run --parallel 2` is 1.60 × as fast as `homologa run`, 2.00 × without start and reports.',
  ])('says %s', (line) => {
    expect(table.split('\n')).toContain(line);
  });
});

describe('the picture', () => {
  it('says each figure as text, and all of them to who cannot see it', () => {
    const picture = benchPicture(recordOf(loads));
    expect(picture).toMatch(/<text [^>]*>20 000, 0\.50 ×<\/text>/);
    expect(picture).toMatch(/<desc [^>]*>.*homologa, BS2 refresh with rotation: 20 000, 0\.50 ×/);
  });

  it('has bars as long as the figures', () => {
    const picture = benchPicture(recordOf(loads));
    const lengths = [...picture.matchAll(/<rect class="o\w+" [^>]*width="([\d.]+)"/g)].map(([, length]) =>
      Number(length),
    );
    const [bare = 0, refresh = 0] = lengths;
    expect(refresh / bare).toBeCloseTo(0.5, 2);
  });
});

describe('docs/performance.md', () => {
  it('takes a run in place of the last one', async () => {
    const page = await readFile(new URL('../docs/performance.md', import.meta.url), 'utf8');
    const first = withBench(page, 'one run\n');
    const second = withBench(first, 'another run\n');
    expect(second).not.toContain('one run');
    expect(second).toContain('another run');
    expect(withBench(second, 'one run')).toBe(first);
  });

  it('is not guessed where it has no place for one', () => {
    expect(() => withBench('# Performance\n', 'one run')).toThrow(/must have/);
  });
});
