import * as v from 'valibot';
import { bankIds } from '../banks/bank-id.js';
import { parseScope } from '../oauth/scope.js';
import { durationMs } from '../tenants/settings.js';

/** A message of a validation says what was expected; see `member-problem.ts`. */
const durationExpected = 'an ISO 8601 duration such as PT7M or P30D (no months or years)';
const instantExpected = 'an RFC 3339 instant in UTC such as 2026-12-01T00:00:00Z';

const durationPattern = /^P(?:\d+W|(?=\d|T\d)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:[.,]\d{1,3})?S)?)?)$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|\+00:00)$/;

function isDuration(text: string): boolean {
  try {
    durationMs(text);
    return true;
  } catch {
    return false;
  }
}

/** `2026-02-30` is a date to `Date.parse`, and another one than was written. */
function isInstant(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 19) === text.slice(0, 19);
}

/** Named here, so that what is built of them is not declared as the whole of their checks, once for each member. */
type TextSchema = v.GenericSchema<string>;
type NumberSchema = v.GenericSchema<number>;

export const bankIdSchema = v.picklist(bankIds);

export const durationSchema: TextSchema = v.pipe(
  v.string(),
  v.maxLength(64, durationExpected),
  v.regex(durationPattern, durationExpected),
  v.check(isDuration, 'an ISO 8601 duration of less than a thousand years'),
  v.examples(['PT7M', 'P30D']),
);

/** A duration that is longer than nothing. */
export const lifetimeSchema: TextSchema = v.pipe(
  durationSchema,
  v.check((text) => durationMs(text) > 0, 'an ISO 8601 duration that is longer than zero, such as PT7M'),
);

export const instantSchema: TextSchema = v.pipe(
  v.string(),
  v.regex(instantPattern, instantExpected),
  v.check(isInstant, instantExpected),
  v.examples(['2026-12-01T00:00:00Z']),
);

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): NumberSchema {
  const expected = `a whole number from ${String(least)} to ${String(most)}`;
  return v.pipe(v.number(), v.integer(expected), v.minValue(least, expected), v.maxValue(most, expected));
}

/** A text within bounds and without control characters. */
export function plainText(most: number): TextSchema {
  const expected = `1 to ${String(most)} characters, none of them a control character`;
  return v.pipe(
    v.string(),
    v.minLength(1, expected),
    v.maxLength(most, expected),
    v.regex(/^[^\x00-\x1F\x7F]*$/, expected),
  );
}

/** What can stand in credentials and tokens: visible ASCII (RFC 6749 appendix A, VSCHAR without the space). */
export function visibleText(most: number): TextSchema {
  const expected = `1 to ${String(most)} visible ASCII characters`;
  return v.pipe(v.string(), v.minLength(1, expected), v.maxLength(most, expected), v.regex(/^[\x21-\x7E]*$/, expected));
}

/** Space separated scope tokens (RFC 6749 section 3.3). */
export const scopeSchema: TextSchema = v.pipe(
  v.string(),
  v.maxLength(4000, 'at most 4000 characters of scope'),
  v.check((scope) => parseScope(scope) !== null, 'scope tokens, separated by spaces'),
);

/** An array that whoever receives it must not change. */
export function listOf<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.readonly());
}

/** The answer of every list. */
export function itemsOf<Item extends v.GenericSchema>(item: Item) {
  return v.object({ items: listOf(item) });
}

/** `{}`, which an empty body also stands for. */
export const emptySchema = v.strictObject({});

/**
 * A schema that is known by what goes in and comes out alone. Wherever a schema is part of another one, declarations spell
 * out all that it is made of: large ones that are used often would make most of the package.
 */
export function byItsTypes<Schema extends v.GenericSchema>(
  schema: Schema,
): v.GenericSchema<v.InferInput<Schema>, v.InferOutput<Schema>> {
  return schema;
}
