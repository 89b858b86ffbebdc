import * as v from 'valibot';

const samples = v.array(v.number());

/** What one subject did under one load, a sample a round. */
const measuredSchema = v.object({
  way: v.picklist(['pinned', 'unpinned']),
  subject: v.string(),
  load: v.string(),
  perSecond: samples,
  p99Ms: samples,
  /** Processor time of the server for each request, in microseconds. */
  processorMicroseconds: samples,
  errors: v.number(),
});

/** From the start of a process to its first answer, and its memory then. */
const startSchema = v.object({ name: v.string(), startMs: samples, residentMb: samples });

/** What a test that starts a mock waits for, in milliseconds. */
const inProcessSchema = v.object({
  firstTokenMs: samples,
  tenantMs: samples,
  /** A whole consent over HTTP by the reference client, pages and code redemption included, one after the other. */
  consentMs: v.object({ bs2: samples, btg: samples }),
});

/** `homologa run --target mock` in one way. */
const runnerSchema = v.object({
  name: v.string(),
  /** From the start of the process to its end. */
  wallMs: samples,
  /** Of it, what the run itself says that it took: without the start and the reports. */
  runMs: samples,
  checks: v.number(),
  /** Checks that did not pass, in all rounds. */
  failed: v.number(),
});

/** All that a run of the bench measured, and under what conditions: `reports/out/bench/bench.json`. */
export const benchRecordSchema = v.object({
  run: v.object({
    node: v.string(),
    cores: v.number(),
    loadAverage: v.number(),
    generator: v.string(),
    connections: v.number(),
    rounds: v.number(),
    seconds: v.number(),
  }),
  measured: v.array(measuredSchema),
  starts: v.array(startSchema),
  inProcess: inProcessSchema,
  runner: v.array(runnerSchema),
});

export type BenchRecord = v.InferOutput<typeof benchRecordSchema>;
export type Measured = v.InferOutput<typeof measuredSchema>;
export type StartMeasured = v.InferOutput<typeof startSchema>;
export type InProcess = v.InferOutput<typeof inProcessSchema>;
export type RunnerMeasured = v.InferOutput<typeof runnerSchema>;

/** The lower middle of samples; NaN of none. */
export function median(of: readonly number[]): number {
  return of.toSorted((first, second) => first - second)[Math.floor((of.length - 1) / 2)] ?? Number.NaN;
}

/** The median of one figure; NaN where it was not measured. */
type MedianOf = (way: string, subject: string, load: string) => number;

/** Medians of what was measured. */
export interface Medians {
  readonly perSecond: MedianOf;
  readonly p99Ms: MedianOf;
  readonly processorMicroseconds: MedianOf;
}

export function mediansOf({ measured }: BenchRecord): Medians {
  const of =
    (read: (each: Measured) => readonly number[]): MedianOf =>
    (way, subject, load) => {
      const found = measured.find((each) => each.way === way && each.subject === subject && each.load === load);
      return median(found === undefined ? [] : read(found));
    };
  return {
    perSecond: of((each) => each.perSecond),
    p99Ms: of((each) => each.p99Ms),
    processorMicroseconds: of((each) => each.processorMicroseconds),
  };
}
