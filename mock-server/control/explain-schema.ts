import * as v from 'valibot';
import { bankIdSchema, listOf } from './basic-schemas.js';

export const explainRequestSchema = v.strictObject({
  /** A code, token, state, nonce or redirect, as it was found. */
  value: v.pipe(v.string(), v.minLength(1, '1 to 20000 characters'), v.maxLength(20_000, '1 to 20000 characters')),
});

export const explainedKinds = [
  'authorization-code',
  'access-token',
  'refresh-token',
  'id-token',
  'state',
  'nonce',
  'code-challenge',
  'redirect',
  'login-session',
  'client-id',
  'client-secret',
  'grant',
  'unknown',
] as const;

const kindSchema = v.picklist(explainedKinds);

/** Something that happened to a value. */
export const explainedEventSchema = v.object({
  /** RFC 3339 UTC, the tenant's time. */
  at: v.string(),
  /** The entry of the journal that shows it; null where there is none, or none any more. */
  entry: v.nullable(v.number()),
  /** One sentence. */
  text: v.string(),
});

/** The life of a value. The value itself is not in it. */
export const explanationSchema = v.object({
  kind: kindSchema,
  bank: v.nullable(bankIdSchema),
  /** How the value had to be read to be recognised; null where it was known as it stands. */
  readAs: v.nullable(v.string()),
  /** One or two sentences: what it is, and what became of it. */
  summary: v.string(),
  /** Whether the bank would take it now; null where that is not for the bank to say. */
  good: v.nullable(v.boolean()),
  /** Why the bank would refuse it now. */
  refusedBecause: v.nullable(v.string()),
  /** What to do. */
  advice: v.nullable(v.string()),
  /** To whom it was given, and for what. */
  issued: v.nullable(
    v.object({
      at: v.string(),
      entry: v.nullable(v.number()),
      clientId: v.nullable(v.string()),
      clientName: v.nullable(v.string()),
      username: v.nullable(v.string()),
      company: v.nullable(v.string()),
      scope: v.nullable(v.string()),
      grantId: v.nullable(v.string()),
    }),
  ),
  expiresAt: v.nullable(v.string()),
  /** What happened, oldest first. */
  timeline: listOf(explainedEventSchema),
  /** Of a JWT: what it says. The person's number is not shown. */
  jwt: v.nullable(
    v.object({
      header: v.record(v.string(), v.unknown()),
      claims: v.record(v.string(), v.unknown()),
      signature: v.picklist(['right', 'wrong', 'not-checked']),
    }),
  ),
  /** Of a redirect: its parameters. */
  parts: listOf(
    v.object({
      name: v.string(),
      kind: kindSchema,
      good: v.nullable(v.boolean()),
      summary: v.string(),
    }),
  ),
  /** Where nothing is known of it: why that may be. */
  possibleReasons: listOf(v.string()),
});

export type Explanation = v.InferOutput<typeof explanationSchema>;
export type ExplainedEvent = v.InferOutput<typeof explainedEventSchema>;

/** An explanation of which most is absent. */
export function explanation(known: Pick<Explanation, 'kind' | 'summary'> & Partial<Explanation>): Explanation {
  return {
    bank: null,
    readAs: null,
    good: null,
    refusedBecause: null,
    advice: null,
    issued: null,
    expiresAt: null,
    timeline: [],
    jwt: null,
    parts: [],
    possibleReasons: [],
    ...known,
  };
}
