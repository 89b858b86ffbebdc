import type * as v from 'valibot';
import { analyseJournal } from '../journal/findings/journal-analysis.js';
import type { Journal } from '../journal/journal.js';
import type { journalEntrySchema } from './journal-schema.js';

type ListedEntry = v.InferOutput<typeof journalEntrySchema>;

/** Entries as the control API shows them: redacted, with the ids of their findings. */
export function listEntries(journal: Journal, range: { after?: number; limit?: number } = {}): ListedEntry[] {
  const ids = new Map<number, string[]>();
  for (const { entry, id } of analyseJournal(journal).findings) ids.set(entry, [...(ids.get(entry) ?? []), id]);
  return journal.entries(range).map((entry) => ({ ...entry, findings: ids.get(entry.id) ?? [] }));
}
