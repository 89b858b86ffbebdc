import * as v from 'valibot';
import { listOf } from './basic-schemas.js';
import { findingSchema } from './findings-schema.js';
import { journalEntrySchema } from './journal-schema.js';

/** One sentence of the register of requirements, as it is shown beside what it stands behind. */
export const requirementTextSchema = v.object({
  id: v.string(),
  statement: v.string(),
  level: v.picklist(['must', 'should', 'may']),
  evidence: v.picklist(['documented', 'observed', 'inferred', 'rfc']),
  source: v.string(),
  consequence: v.string(),
});

export type RequirementText = v.InferOutput<typeof requirementTextSchema>;

/** A JWT that an exchange carried. Its signature, without which nobody can use it, is judged and not shown. */
export const carriedJwtSchema = v.object({
  /** Where it stood, as `response access_token`. */
  where: v.string(),
  header: v.record(v.string(), v.unknown()),
  /** The person's number is not shown. */
  claims: v.record(v.string(), v.unknown()),
  signature: v.picklist(['right', 'wrong', 'not-checked']),
});

/** An entry with all that is known of it. */
export const openedEntrySchema = v.object({
  entry: journalEntrySchema,
  /** Its findings, each with what to do instead. */
  findings: listOf(v.object({ ...findingSchema.entries, advice: v.string() })),
  /** The rule that gave the answer; null where a fault answered, or the bank has nothing there. */
  answeredBy: v.nullable(v.object({ text: v.string(), requirements: listOf(v.string()) })),
  jwts: listOf(carriedJwtSchema),
  /** The requirements that findings and rule cite, in words. */
  requirements: listOf(requirementTextSchema),
});

export type OpenedEntry = v.InferOutput<typeof openedEntrySchema>;
