import * as v from 'valibot';
import { jsonFormSchema } from './json-form.js';

/** Media type of the attachment that holds a scenario's exchanges. */
export const exchangesMediaType = 'application/vnd.homologa.exchanges+json';

const headers = v.array(v.tuple([v.string(), v.string()]));

const answerSchema = v.object({
  status: v.number(),
  /** By name, in lower case: what a program reads. */
  headers,
  /** As the bank writes them and in its order, where the transport shows it. */
  headerNames: v.optional(v.array(v.string())),
  body: v.nullable(v.string()),
  omitted: v.number(),
  /** Of the body as it came, whole and before anything was masked; absent where it is not JSON. */
  json: v.optional(jsonFormSchema),
});

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
  response: v.nullable(answerSchema),
  /** What TLS agreed on; absent without it, or where the transport does not show it. */
  tls: v.optional(v.object({ serverName: v.nullable(v.string()), protocol: v.nullable(v.string()) })),
  problem: v.nullable(v.string()),
});

export type Exchange = v.InferOutput<typeof exchangeSchema>;

/** The exchanges in an attachment; empty where it is another kind of attachment. */
export function readExchanges(attachment: { readonly mediaType: string; readonly body: string }): Exchange[] {
  if (attachment.mediaType !== exchangesMediaType) return [];
  const parsed: unknown = JSON.parse(attachment.body);
  return v.parse(v.array(exchangeSchema), parsed);
}
