import * as v from 'valibot';
import { bankIdSchema, listOf, visibleText } from './basic-schemas.js';

/** A mutant of the catalogue: what is wrong with the bank where it stands. */
export const mutantSchema = v.object({
  id: v.string(),
  bank: bankIdSchema,
  /** What goes wrong, as it is seen from outside. */
  description: v.string(),
  /** Ids of the requirements that it breaks. */
  breaks: listOf(v.string()),
});

/** Ids of the mutants that shall stand, in place of those that stood. */
export const mutantIdsSchema = v.pipe(v.array(visibleText(100)), v.maxLength(1000, 'at most 1000 of them'));
