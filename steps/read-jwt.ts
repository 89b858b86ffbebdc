import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as v from 'valibot';
import { CheckFailure, PrerequisiteFailure } from './check-failure.js';

/** A JWT's header and claims, read without checking its signature or that any claim is there. */
export interface ReadJwt {
  readonly what: 'id_token' | 'access token';
  readonly token: string;
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** @throws PrerequisiteFailure where there is no id_token; CheckFailure where it is no JWT */
export function readIdToken({ idToken }: { readonly idToken: string | null }): ReadJwt {
  if (idToken === null) throw new PrerequisiteFailure('an id_token', 'none');
  return readJwt('id_token', idToken);
}

/** @throws CheckFailure where the access token is no JWT */
export function readAccessToken(accessToken: string): ReadJwt {
  return readJwt('access token', accessToken);
}

/** A claim that a step judges by. @throws CheckFailure where it is missing, or of another type */
export function claimOf<Claim extends v.GenericSchema>(
  { what, claims }: ReadJwt,
  name: string,
  schema: Claim,
): v.InferOutput<Claim> {
  const claim = v.safeParse(schema, claims[name]);
  if (claim.success) return claim.output;
  const came = claims[name] === undefined ? 'none' : `one of type ${typeof claims[name]}`;
  throw new CheckFailure(`a usable ${name} in the ${what}`, came);
}

function readJwt(what: ReadJwt['what'], token: string): ReadJwt {
  try {
    return { what, token, header: { ...decodeProtectedHeader(token) }, claims: decodeJwt(token) };
  } catch {
    throw new CheckFailure(`the ${what} to be a JWT`, 'something else');
  }
}
