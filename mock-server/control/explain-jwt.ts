import { createHmac } from 'node:crypto';
import * as v from 'valibot';
import { btgIssuer } from '../banks/btg/issuer.js';
import { isRs256Signature, parseJwt } from '../banks/btg/jwt.js';
import type { UnverifiedJwt } from '../banks/btg/jwt.js';
import { findSigningKey } from '../banks/btg/signing-key.js';
import type { TrafficHistory } from '../journal/findings/traffic-history.js';
import { secretsEqual } from '../oauth/client-authentication.js';
import type { Tenant } from '../tenants/tenant.js';
import { explanation } from './explain-schema.js';
import type { Explanation } from './explain-schema.js';
import { eventsOf } from './explain-timeline.js';

const members = v.record(v.string(), v.unknown());
const headerSchema = v.object({
  alg: v.optional(v.string()),
  kid: v.optional(v.string()),
  typ: v.optional(v.string()),
});
const claimsSchema = v.object({
  iss: v.optional(v.string()),
  aud: v.optional(v.union([v.string(), v.array(v.string())])),
  exp: v.optional(v.number()),
  iat: v.optional(v.number()),
});

export type JwtView = NonNullable<Explanation['jwt']>;

/** What a JWT says, and whether this bank signed it; null for every other text. */
export function viewJwt(tenant: Tenant, value: string): JwtView | null {
  const jwt = parseJwt(value);
  const header = v.safeParse(members, jwt?.header);
  const claims = v.safeParse(members, jwt?.claims);
  if (jwt === null || !header.success || !claims.success) return null;
  const shown = 'sub' in claims.output ? { ...claims.output, sub: '«person»' } : claims.output;
  return { header: header.output, claims: shown, signature: judgeSignature(tenant, jwt, audienceOf(jwt)) };
}

function judgeSignature(tenant: Tenant, jwt: UnverifiedJwt, audience: readonly string[]): JwtView['signature'] {
  const header = v.safeParse(headerSchema, jwt.header);
  if (!header.success) return 'not-checked';
  const { alg, kid } = header.output;
  if (alg === 'RS256') {
    const key = kid === undefined ? undefined : findSigningKey(kid);
    return key !== undefined && isRs256Signature(jwt, key.publicKey) ? 'right' : 'wrong';
  }
  if (alg !== 'HS256') return alg === 'none' ? 'wrong' : 'not-checked';
  const secrets = audience.flatMap((id) => tenant.clients.find('btg', id)?.secret ?? []);
  if (secrets.length === 0) return 'not-checked';
  return secrets.some((secret) => {
    const mac = createHmac('sha256', Buffer.from(secret, 'utf8')).update(jwt.signingInput).digest('base64url');
    return secretsEqual(mac, jwt.signature.toString('base64url'));
  })
    ? 'right'
    : 'wrong';
}

function audienceOf(jwt: UnverifiedJwt): readonly string[] {
  const claims = v.safeParse(claimsSchema, jwt.claims);
  const audience = claims.success ? claims.output.aud : undefined;
  return audience === undefined ? [] : typeof audience === 'string' ? [audience] : audience;
}

/** An id_token, or a JWT that is none of this tenant's access tokens; null where it is no JWT. */
export function explainOtherJwt(tenant: Tenant, value: string, history: TrafficHistory): Explanation | null {
  const jwt = parseJwt(value);
  const view = viewJwt(tenant, value);
  if (jwt === null || view === null) return null;
  const header = v.safeParse(headerSchema, jwt.header);
  const isAccessToken = header.success && header.output.typ === 'at+jwt';
  const claims = v.safeParse(claimsSchema, jwt.claims);
  const { iss, exp, iat } = claims.success ? claims.output : {};
  const issued = history.issued(value);
  const now = tenant.clock.now();
  const because =
    view.signature === 'wrong'
      ? 'its signature is not this bank’s: it was changed, cut off, or signed elsewhere'
      : iss !== btgIssuer(tenant)
        ? 'its issuer is not this tenant’s BTG'
        : isAccessToken
          ? 'this tenant has no record of it: it may be from before a reset'
          : exp !== undefined && now >= exp * 1000
            ? 'it has expired'
            : null;
  const client = audienceOf(jwt)[0] ?? null;
  const issuedAt = instantOf(iat);
  const noun = isAccessToken ? 'An access token in BTG’s form' : 'An id_token';
  return explanation({
    kind: isAccessToken ? 'access-token' : 'id-token',
    bank: 'btg',
    summary: `${noun}; ${because === null ? 'it is right and in time' : `it would not pass: ${because}`}.`,
    good: because === null,
    refusedBecause: because,
    advice: isAccessToken
      ? 'Compare iss, iat and exp with the tenant that it is sent to.'
      : 'An id_token says who logged in; it opens no API and is not sent to the bank.',
    issued:
      issuedAt === null
        ? null
        : {
            at: issuedAt,
            entry: issued?.by.entry ?? null,
            clientId: client,
            clientName: (client === null ? undefined : tenant.clients.find('btg', client)?.name) ?? null,
            username: null,
            company: null,
            scope: null,
            grantId: issued?.by.grantId ?? null,
          },
    expiresAt: instantOf(exp),
    timeline: eventsOf(
      issued === undefined
        ? []
        : [{ atMs: issued.by.answeredAtMs, entry: issued.by.entry, text: 'Given by the token endpoint.' }],
    ),
    jwt: view,
  });
}

/** The instant of a NumericDate; null for what no clock shows. */
function instantOf(seconds: number | undefined): string | null {
  return seconds === undefined || !(Math.abs(seconds) < 1e11) ? null : new Date(seconds * 1000).toISOString();
}
