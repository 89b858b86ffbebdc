import * as v from 'valibot';
import { plainText, scopeSchema, visibleText } from './basic-schemas.js';

/** A user to play for an authorization request. */
export const consentRequestSchema = v.strictObject({
  authorizationUrl: v.pipe(v.string(), v.minLength(1, 'a URL'), v.maxLength(100_000, 'at most 100000 characters')),
  /** BS2: API Key and API Secret, as the partner's backend would send them. */
  basic: v.optional(v.strictObject({ id: visibleText(500), secret: visibleText(500) })),
  decision: v.picklist(['approve', 'deny']),
  username: v.optional(plainText(100)),
  company: v.optional(plainText(20)),
  scope: v.optional(scopeSchema),
  secondFactor: v.optional(v.picklist(['app', 'sms'])),
});

export const consentSchema = v.object({ redirectTo: v.string() });

export const secondFactorSchema = v.object({ app: v.nullable(v.string()), sms: v.nullable(v.string()) });
