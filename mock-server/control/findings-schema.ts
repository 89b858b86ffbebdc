import * as v from 'valibot';
import { bankIdSchema, listOf } from './basic-schemas.js';

/** What an entry of the journal shows about the client's conduct. */
export const findingSchema = v.object({
  /** The rule's: kebab-case, and never another for the same thing. */
  id: v.string(),
  /** `failed` breaks, loses data or is exploitable at this bank; `warning` departs from a specification; `info` may be right. */
  severity: v.picklist(['failed', 'warning', 'info']),
  /** Ids of the register of requirements. */
  requirements: listOf(v.string()),
  /** The entry's id. */
  entry: v.number(),
  at: v.string(),
  bank: bankIdSchema,
  /** One sentence, without a secret; other entries are "request 14". */
  message: v.string(),
});
