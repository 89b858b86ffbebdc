import * as v from 'valibot';
import { exchangeSchema } from './exchange.js';
import { expectedFailureSchema } from './expected-failures.js';
import { capabilities, scenarioBanks, scenarioKinds } from './scenario-tags.js';

const text = v.nullable(v.string());
const bank = v.picklist(scenarioBanks);
const sequence = v.pipe(v.number(), v.integer());

/** What a run was: the first record. */
export const runRecordSchema = v.object({
  schema: v.literal(1),
  sequence,
  kind: v.literal('run'),
  startedAt: v.string(),
  /** Whose conduct was judged; streams that do not say so are of a bank. */
  role: v.optional(v.picklist(['bank', 'partner']), 'bank'),
  target: v.string(),
  /** Where the bank was: "mock in this process", or the origin of a target file. */
  environment: v.string(),
  bank: v.nullable(bank),
  tags: text,
  strict: v.boolean(),
  homologa: v.string(),
  node: v.string(),
  /** Of the folder in which the run was started; null without git. */
  commit: text,
  /** The command that runs one check again, without its `--tags`. */
  command: v.string(),
  /** Null where no list was given. */
  expectedFailures: v.nullable(v.array(expectedFailureSchema)),
});

/** A body, once, however often it was sent. */
export const bodyRecordSchema = v.object({ sequence, kind: v.literal('body'), id: v.string(), text: v.string() });

/** One exchange; its bodies are the ids of body records. */
export const exchangeRecordSchema = v.object({
  sequence,
  kind: v.literal('exchange'),
  check: v.string(),
  /** Since the run began. */
  atMs: v.number(),
  ...v.omit(exchangeSchema, ['startedAtMs']).entries,
});

/** One verdict, with where it stands in the features. */
export const checkRecordSchema = v.object({
  sequence,
  kind: v.literal('check'),
  /** Its place in the order of the features. */
  index: v.number(),
  id: v.string(),
  verdict: v.picklist(['passed', 'failed', 'warning', 'info', 'not-testable', 'not-applicable', 'skipped']),
  requirements: v.array(v.string()),
  scenario: v.string(),
  bank,
  expected: text,
  actual: text,
  reason: text,
  fault: text,
  conduct: v.picklist(scenarioKinds),
  needs: v.array(v.picklist(capabilities)),
  feature: v.object({ path: v.string(), line: v.nullable(v.number()) }),
  steps: v.array(v.object({ text: v.string(), status: v.string() })),
  atMs: v.number(),
  durationMs: v.number(),
});

/** How the run ended: the last record. A stream without it broke off. */
export const endRecordSchema = v.object({
  sequence,
  kind: v.literal('end'),
  durationMs: v.nullable(v.number()),
  incomplete: v.boolean(),
  /** Why the run ended itself, such as a login that the bank refused; null where it did not. */
  stopped: v.optional(text, null),
  /** What was waited for, in ms: the bank's rate limit, the next code of an app, a person. Waits side by side all count. */
  waitedMs: v.optional(v.record(v.picklist(['pace', 'secondFactor', 'person']), v.number()), {}),
  /** What was wrong with the harness outside scenarios. */
  faults: v.array(v.string()),
});

export const evidenceRecordSchema = v.variant('kind', [
  runRecordSchema,
  bodyRecordSchema,
  exchangeRecordSchema,
  checkRecordSchema,
  endRecordSchema,
]);

export type RunRecord = v.InferOutput<typeof runRecordSchema>;
export type ExchangeRecord = v.InferOutput<typeof exchangeRecordSchema>;
export type CheckRecord = v.InferOutput<typeof checkRecordSchema>;
export type EndRecord = v.InferOutput<typeof endRecordSchema>;
export type EvidenceRecord = v.InferOutput<typeof evidenceRecordSchema>;
