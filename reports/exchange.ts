import * as v from 'valibot';

/** Media type of the attachment that holds a scenario's exchanges. */
export const exchangesMediaType = 'application/vnd.homologa.exchanges+json';

const headers = v.array(v.tuple([v.string(), v.string()]));

/** One request and its answer, redacted. Bodies are capped; `omitted` counts the characters that are not there. */
export const exchangeSchema = v.object({
  /** The step under way, null in a hook. */
  step: v.nullable(v.string()),
  /** Who asked whom, where that is not to be seen from the request: a bank's scenario has user agents and a client. */
  between: v.optional(v.picklist(['user-bank', 'user-application', 'application-bank'])),
  startedAtMs: v.number(),
  durationMs: v.number(),
  request: v.object({
    method: v.string(),
    url: v.string(),
    headers,
    body: v.nullable(v.string()),
    omitted: v.number(),
  }),
  /** Null where no answer came; `problem` says why. */
  response: v.nullable(v.object({ status: v.number(), headers, body: v.nullable(v.string()), omitted: v.number() })),
  problem: v.nullable(v.string()),
});

export type Exchange = v.InferOutput<typeof exchangeSchema>;

/** The exchanges in an attachment; empty where it is another kind of attachment. */
export function readExchanges(attachment: { readonly mediaType: string; readonly body: string }): Exchange[] {
  if (attachment.mediaType !== exchangesMediaType) return [];
  const parsed: unknown = JSON.parse(attachment.body);
  return v.parse(v.array(exchangeSchema), parsed);
}
