import * as v from 'valibot';

/** Media type of the attachments by which steps say what they found. */
export const evidenceMediaType = 'application/vnd.homologa.evidence+json';

const text = v.pipe(v.string(), v.minLength(1));

/**
 * What a step found, attached to its scenario.
 *
 * - `failed`: the bank did otherwise; `warning`: a specification says otherwise, with no consequence here;
 * - `info`: a specification leaves it open, and it is worth knowing;
 * - `recorded`: what the bank does where nothing says what it should;
 * - `not-applicable`: the application does not use the feature;
 * - `not-testable`: a prerequisite failed; `skipped`: the target cannot do what the scenario needs;
 * - `interrupted`: the run was stopped before this scenario.
 */
export const evidenceSchema = v.variant('finding', [
  v.object({ finding: v.literal('failed'), expected: text, actual: text }),
  v.object({ finding: v.literal('warning'), expected: text, actual: text }),
  v.object({ finding: v.literal('info'), expected: v.optional(text), actual: text }),
  v.object({ finding: v.literal('recorded'), actual: text }),
  v.object({ finding: v.literal('not-applicable'), reason: text }),
  v.object({ finding: v.literal('not-testable'), reason: text }),
  v.object({ finding: v.literal('skipped'), reason: text }),
  v.object({ finding: v.literal('interrupted') }),
]);

export type Evidence = v.InferOutput<typeof evidenceSchema>;

/** The evidence in an attachment; null where it is another kind of attachment. */
export function readEvidence(attachment: { readonly mediaType: string; readonly body: string }): Evidence | null {
  if (attachment.mediaType !== evidenceMediaType) return null;
  const parsed: unknown = JSON.parse(attachment.body);
  return v.parse(evidenceSchema, parsed);
}
