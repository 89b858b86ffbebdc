import { Redactor } from '../reports/redaction/redactor.js';

const worker = process.env['CUCUMBER_WORKER_ID'] ?? process.env['HOMOLOGA_SHARD'];
/** Processes that share the scenarios count for themselves: their tags say whose they are. */
const prefix = worker === undefined ? '' : `w${worker}-`;
let current = new Redactor(prefix);

/** What hides the secrets of this run. Whatever leaves a scenario goes through it, before anybody else sees it. */
export function runRedactor(): Redactor {
  return current;
}

/** Forgets the secrets of the run before. */
export function renewRunRedactor(): void {
  current = new Redactor(prefix);
}

/** The error with every secret in its texts hidden; of whatever class it was. */
export function redactedError(error: unknown): unknown {
  if (!(error instanceof Error)) return typeof error === 'string' ? current.text(error) : error;
  error.message = current.text(error.message);
  if (error.stack !== undefined) error.stack = current.text(error.stack);
  return error;
}
