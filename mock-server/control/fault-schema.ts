import * as v from 'valibot';
import type { Alteration } from '../faults/alteration.js';
import type { Fault, FaultEffect } from '../faults/fault.js';
import { durationMs } from '../tenants/settings.js';
import { durationSchema, visibleText, wholeNumber } from './basic-schemas.js';

/** Where a fault can act. */
export const faultPointSchema = v.picklist([
  'bs2.authorize',
  'bs2.redirect',
  'bs2.token',
  'bs2.api',
  'btg.authorize',
  'btg.redirect',
  'btg.token',
  'btg.api',
]);

const matched = v.optional(v.pipe(v.string(), v.maxLength(20_000, 'at most 20000 characters')));
const conditionEntries = {
  grantType: matched,
  client: matched,
  grant: matched,
  code: matched,
  refreshToken: matched,
  accessToken: matched,
  state: matched,
};

/** Headers that frame the message: a wrong one would be a broken mock, not a scripted fault. */
const framing = new Set(['content-length', 'transfer-encoding', 'trailer', 'upgrade', 'keep-alive', 'connection']);
const headerName = v.pipe(
  v.string(),
  v.regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, 'a header name'),
  v.check((name) => !framing.has(name.toLowerCase()), 'no header that frames the message'),
);
const headerValue = v.pipe(
  v.string(),
  v.maxLength(8000, 'at most 8000 characters'),
  v.regex(/^(?:[\x21-\x7E\x80-\xFF](?:[\t\x20-\x7E\x80-\xFF]*[\x21-\x7E\x80-\xFF])?)?$/, 'a header value'),
);

const effectNames = ['status', 'delay', 'drop', 'truncate', 'barrier', 'alter'] as const;
const effectExpected = `exactly one of ${effectNames.join(', ')}`;

const effectEntries = {
  status: wholeNumber(200, 599),
  headers: v.record(headerName, headerValue),
  body: v.pipe(v.string(), v.maxLength(200_000, 'at most 200000 characters')),
  delay: v.pipe(
    durationSchema,
    v.check((delay) => durationMs(delay) <= 300_000, 'a duration of at most PT5M'),
  ),
  drop: v.picklist(['before', 'after']),
  truncate: v.literal(true),
  barrier: wholeNumber(2, 1000),
  /** An id of `GET /_mock/faults`; the bank may be left out of it, since `at` names it. */
  alter: v.pipe(visibleText(100), v.examples(['btg.id-token.iss-wrong', 'id-token.iss-wrong'])),
};

const effectSchema = v.pipe(
  v.partial(v.strictObject(effectEntries)),
  v.check((effect) => effectNames.filter((name) => effect[name] !== undefined).length === 1, effectExpected),
  v.check(
    ({ status, headers, body }) => status !== undefined || (headers === undefined && body === undefined),
    'headers and body only together with status',
  ),
  v.check(
    ({ status, body }) => ![204, 205, 304].includes(status ?? 0) || (body ?? '') === '',
    'no body with a status that has none',
  ),
);

/** A fault to script. */
export const faultRequestSchema = v.strictObject({
  at: faultPointSchema,
  when: v.optional(v.strictObject(conditionEntries)),
  times: v.optional(wholeNumber(0, 1_000_000)),
  effect: effectSchema,
});

/** A fault as it is listed. */
export const faultSchema = v.object({
  id: v.string(),
  at: faultPointSchema,
  when: v.optional(v.object(conditionEntries)),
  times: v.number(),
  effect: v.object({
    status: v.optional(v.number()),
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.string()),
    delay: v.optional(v.string()),
    drop: v.optional(v.picklist(['before', 'after'])),
    truncate: v.optional(v.literal(true)),
    barrier: v.optional(v.number()),
    alter: v.optional(v.string()),
  }),
  /** How many requests it has acted on. */
  acted: v.number(),
});

/** The one effect of a request whose schema made sure that there is one; `alteration` is what its `alter` names. */
export function toEffect(effect: v.InferOutput<typeof effectSchema>, alteration: Alteration | null): FaultEffect {
  const { status, headers, body, delay, drop, barrier } = effect;
  if (alteration !== null) return { alter: alteration };
  if (status !== undefined) return { status, headers, body };
  if (delay !== undefined) return { delay };
  if (drop !== undefined) return { drop };
  if (barrier !== undefined) return { barrier };
  return { truncate: true };
}

/** A fault as it is listed. */
export function listedFault(fault: Fault): v.InferOutput<typeof faultSchema> {
  const { id, at, when, times, effect, acted } = fault;
  const listed = 'alter' in effect ? { alter: effect.alter.id } : effect;
  return { id, at, ...(when === undefined ? {} : { when }), times, effect: listed, acted };
}
