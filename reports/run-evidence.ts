import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { HomologaError } from '../foundation/homologa-error.js';
import { evidenceRecordSchema } from './evidence-records.js';
import type { CheckRecord, EndRecord, EvidenceRecord, ExchangeRecord, RunRecord } from './evidence-records.js';

/** All that is known of a run: what every report is made of. */
export interface RunEvidence {
  readonly run: RunRecord;
  /** In the order of the features. */
  readonly checks: readonly CheckRecord[];
  /** By check, in the order in which they began. */
  readonly exchanges: ReadonlyMap<string, readonly ExchangeRecord[]>;
  readonly bodies: ReadonlyMap<string, string>;
  /** Null where the stream broke off. */
  readonly end: EndRecord | null;
  /** SHA-256 of the stream, in hexadecimal. */
  readonly sha256: string;
}

/** Thrown for a stream that cannot be read; `cause` is `{ line }`. */
export class EvidenceError extends HomologaError {
  constructor(line: number, problem: string) {
    super('ERR_EVIDENCE', `evidence.ndjson, line ${String(line)}: ${problem}.`, { cause: { line } });
  }
}

/** A record as a line of the stream. */
export function evidenceLine(record: EvidenceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/**
 * Reads `evidence.ndjson`. A last line that was cut off is left out: the run was killed while it was written.
 *
 * @throws EvidenceError (`ERR_EVIDENCE`)
 */
export function readRunEvidence(stream: string): RunEvidence {
  const lines = stream.split('\n');
  const last = lines.pop() ?? '';
  const records = lines.filter((line) => line !== '').map((line, index) => readRecord(line, index));
  const [run] = records;
  if (run?.kind !== 'run') throw new EvidenceError(1, 'expected the record of a run');
  const checks: CheckRecord[] = [];
  const exchanges = new Map<string, ExchangeRecord[]>();
  const bodies = new Map<string, string>();
  let end: EndRecord | null = null;
  for (const record of records) {
    if (record.kind === 'check') checks.push(record);
    if (record.kind === 'body') bodies.set(record.id, record.text);
    if (record.kind === 'end') end = record;
    if (record.kind === 'exchange') exchanges.set(record.check, [...(exchanges.get(record.check) ?? []), record]);
  }
  checks.sort((first, second) => first.index - second.index);
  for (const list of exchanges.values()) list.sort((first, second) => first.atMs - second.atMs);
  const whole = last === '' ? stream : stream.slice(0, -last.length);
  return { run, checks, exchanges, bodies, end, sha256: createHash('sha256').update(whole).digest('hex') };
}

function readRecord(line: string, index: number): EvidenceRecord {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    throw new EvidenceError(index + 1, 'expected JSON');
  }
  const parsed = v.safeParse(evidenceRecordSchema, record);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new EvidenceError(index + 1, `${v.getDotPath(issue) ?? 'the record'}: ${issue.message.replace(/\.$/, '')}`);
  }
  if (parsed.output.sequence !== index) throw new EvidenceError(index + 1, `expected sequence ${String(index)}`);
  return parsed.output;
}
