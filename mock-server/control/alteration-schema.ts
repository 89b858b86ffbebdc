import * as v from 'valibot';
import { bankIdSchema, listOf } from './basic-schemas.js';
import { faultPointSchema } from './fault-schema.js';

/** An alteration of the catalogue: what is wrong with the answer that a fault alters with it. */
export const alterationSchema = v.object({
  id: v.string(),
  bank: bankIdSchema,
  /** The fault point that it acts at. */
  at: faultPointSchema,
  /** What is wrong with the answer; everything else of it is right. */
  description: v.string(),
  /** Ids of the requirements that are broken by the answer, or by an application that falls for it. */
  breaks: listOf(v.string()),
});
