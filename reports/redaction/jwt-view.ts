import { Buffer } from 'node:buffer';
import * as v from 'valibot';

/** A JWT anywhere in a text; the signature may be missing. */
export const jwtPattern = /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]*){0,3}/g;

const objectSchema = v.record(v.string(), v.unknown());

/** Header and claims of a JWT, without its signature; null where it cannot be read. */
export function readJwtParts(jwt: string): { readonly header: object; readonly claims: object } | null {
  const [header, claims] = jwt.split('.').slice(0, 2).map(decodeObject);
  return header === undefined || claims === undefined || header === null || claims === null ? null : { header, claims };
}

function decodeObject(part: string): object | null {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    const parsed = v.safeParse(objectSchema, decoded);
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
