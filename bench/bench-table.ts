import { median, mediansOf } from './bench-record.js';
import type { BenchRecord, RunnerMeasured } from './bench-record.js';
import { benchTargets, isMet } from './bench-targets.js';
import type { Target } from './bench-targets.js';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US').replaceAll(',', ' ');

/** The run as Markdown: targets first, then all that was measured. */
export function benchMarkdown(record: BenchRecord): string {
  const { run, inProcess } = record;
  const { bs2, btg } = inProcess.consentMs;
  return [
    `Node ${run.node}, ${String(run.cores)} cores, load average ${String(run.loadAverage)} at the end, ${run.generator} with ${String(run.connections)} connections, ` +
      `medians of ${String(run.rounds)} rounds of ${String(run.seconds)} s`,
    '',
    '| target | measured | wanted | |',
    '| --- | ---: | ---: | --- |',
    ...benchTargets(record).map(targetRow),
    '',
    '| server | load | pinned /s | p99 ms | processor µs each | unpinned /s | p99 ms | processor µs each | errors |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...loadRows(record),
    '',
    'Of `authorization_code`, four thousand codes, made before. A whole consent is from the authorization request to the tokens, by as many',
    'customers at once as there are connections, each answering all pages: eight requests, and at BS2 a ninth to read the SMS. The',
    'customers need much of the processor themselves, so believe the bank’s processor time there. By the reference client, one after',
    `the other, its own time too, a consent takes ${median(bs2).toFixed(1)} ms at BS2 and ${median(btg).toFixed(1)} ms at BTG.`,
    '',
    '| server | start to first answer, ms | resident after it, MB |',
    '| --- | ---: | ---: |',
    ...record.starts.map(
      ({ name, startMs, residentMb }) => `| ${name} | ${whole(median(startMs))} | ${whole(median(residentMb))} |`,
    ),
    '',
    '| runner | checks | scenarios /s | without start and reports | seconds in all | start and reports | not passed |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...record.runner.map(runnerRow),
    '',
    ...scaling(record.runner),
  ].join('\n');
}

function targetRow(target: Target): string {
  const { what, value, unit, bound } = target;
  const wanted = `${bound === 'least' ? '≥' : '≤'} ${String(target.target)} ${unit}`;
  return `| ${what} | ${value.toFixed(2)} ${unit} | ${wanted} | ${isMet(target) ? 'met' : '**not met**'} |`;
}

function loadRows(record: BenchRecord): string[] {
  const { perSecond, p99Ms, processorMicroseconds } = mediansOf(record);
  return record.measured
    .filter(({ way }) => way === 'pinned')
    .map(({ subject, load }) => {
      const cells = ['pinned', 'unpinned'].flatMap((way) => [
        whole(perSecond(way, subject, load)),
        p99Ms(way, subject, load).toFixed(1),
        whole(processorMicroseconds(way, subject, load)),
      ]);
      const errors = record.measured
        .filter((each) => each.subject === subject && each.load === load)
        .reduce((sum, each) => sum + each.errors, 0);
      return `| ${subject} | ${load} | ${cells.join(' | ')} | ${String(errors)} |`;
    });
}

function runnerRow({ name, wallMs, runMs, checks, failed }: RunnerMeasured): string {
  const [wall, run] = [median(wallMs), median(runMs)];
  const apart = median(wallMs.map((each, round) => each - (runMs[round] ?? Number.NaN)));
  const cells = [
    ((checks * 1000) / wall).toFixed(1),
    ((checks * 1000) / run).toFixed(1),
    (wall / 1000).toFixed(1),
    (apart / 1000).toFixed(1),
  ];
  return `| \`${name}\` | ${String(checks)} | ${cells.join(' | ')} | ${String(failed)} |`;
}

/** The first way beside each other one. */
function scaling([alone, ...others]: readonly RunnerMeasured[]): string[] {
  if (alone === undefined) return [];
  return others.flatMap(({ name, wallMs, runMs }) => {
    const faster = (of: readonly number[], than: readonly number[]): string => (median(than) / median(of)).toFixed(2);
    return [
      `\`${name}\` is ${faster(wallMs, alone.wallMs)} × as fast as \`${alone.name}\`, ` +
        `${faster(runMs, alone.runMs)} × without start and reports.`,
      '',
    ];
  });
}
