import * as v from 'valibot';
import type { HttpAnswer } from '../client/http-answer.js';
import { safeText } from '../client/safe-text.js';

const text = v.fallback(v.nullable(v.string()), null);
const seconds = v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]);
const members = v.object({
  access_token: v.optional(text, null),
  token_type: v.optional(text, null),
  // A text of digits is read, too: that it is no number is for one scenario to judge.
  expires_in: v.optional(v.fallback(v.nullable(seconds), null), null),
  refresh_token: v.optional(text, null),
  scope: v.optional(text, null),
  id_token: v.optional(text, null),
  error: v.optional(text, null),
});

/** An answer of the token endpoint, read without judging it. */
export interface TokenAnswer {
  readonly http: HttpAnswer;
  readonly accessToken: string | null;
  readonly tokenType: string | null;
  readonly expiresIn: number | null;
  readonly refreshToken: string | null;
  readonly scope: string | null;
  readonly idToken: string | null;
  readonly error: string | null;
}

/** Reads whatever the token endpoint answered; what is absent or of another type is null. */
export function readTokenAnswer(http: HttpAnswer): TokenAnswer {
  const read = v.safeParse(members, parseJson(http.body));
  const found = read.success ? read.output : v.parse(members, {});
  return {
    http,
    accessToken: found.access_token,
    tokenType: found.token_type,
    expiresIn: found.expires_in,
    refreshToken: found.refresh_token,
    scope: found.scope,
    idToken: found.id_token,
    error: found.error,
  };
}

/** What was answered, in a few words and without a secret: `400 invalid_grant`, `200 with tokens`. */
export function describeTokenAnswer({ http, accessToken, refreshToken, error }: TokenAnswer): string {
  const status = String(http.status);
  if (error !== null) return `${status} ${safeText(error)}`;
  if (accessToken !== null) return `${status} with ${refreshToken === null ? 'an access token alone' : 'tokens'}`;
  return `${status} with ${http.body === '' ? 'an empty body' : 'a body that is neither tokens nor an error'}`;
}

export function parseJson(body: string): unknown {
  try {
    const parsed: unknown = JSON.parse(body);
    return parsed;
  } catch {
    return null;
  }
}

/** The members of an error, read without judging them. */
export function errorMembers({ http, error }: TokenAnswer): {
  readonly error: string | null;
  readonly description: string | null;
} {
  const read = v.safeParse(v.object({ error_description: v.optional(text, null) }), parseJson(http.body));
  return { error, description: read.success ? read.output.error_description : null };
}
