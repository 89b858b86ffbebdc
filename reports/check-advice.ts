import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';
import { HomologaError } from '../foundation/homologa-error.js';
import type { Check } from './check.js';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(900));
const bilingual = v.strictObject({ en: text, pt: text });

/** What a failed check of an application means, and what to do about it. */
export const checkAdviceSchema = v.strictObject({
  check: v.pipe(v.string(), v.regex(/^partner\.[a-z-]+\.[a-z0-9-]+$/)),
  /** The attack or the outage, in a few sentences. */
  means: bilingual,
  /** What is particular at one bank; follows `means`. */
  bs2: v.optional(bilingual),
  btg: v.optional(bilingual),
  /** What to change in the application. */
  change: bilingual,
});

export type CheckAdvice = v.InferOutput<typeof checkAdviceSchema>;

/** Thrown for advice that cannot be read; `cause` is `{ file }`. */
export class CheckAdviceError extends HomologaError {
  constructor(file: string, problem: string) {
    super('ERR_CHECK_ADVICE', `${file}: ${problem}`, { cause: { file } });
  }
}

/**
 * Reads every `*.yaml` of a folder as advice, by check.
 *
 * @throws CheckAdviceError (`ERR_CHECK_ADVICE`) for a row that is not one, or a check that comes twice.
 */
export async function readCheckAdvice(folder: string): Promise<ReadonlyMap<string, CheckAdvice>> {
  const advice = new Map<string, CheckAdvice>();
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()) {
    const rows = v.safeParse(v.array(checkAdviceSchema), parse(await readFile(join(folder, file), 'utf8')));
    if (!rows.success) {
      const [issue] = rows.issues;
      throw new CheckAdviceError(file, `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
    }
    for (const row of rows.output) {
      if (advice.has(row.check)) throw new CheckAdviceError(file, `${row.check} is there twice`);
      advice.set(row.check, row);
    }
  }
  return advice;
}

/** What a check that failed at a bank means there, in one language. */
export function meaningOf(advice: CheckAdvice, bank: Check['bank'], language: 'en' | 'pt'): string {
  const own = advice[bank];
  return own === undefined ? advice.means[language] : `${advice.means[language]} ${own[language]}`;
}
