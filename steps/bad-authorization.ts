import type { HeldTokens } from './client-driver.js';

/** What is sent in place of a good bearer token: an `Authorization` value, or a token in the address. */
export type BadAuthorization =
  { readonly header: string; readonly query?: never } | { readonly query: string; readonly header?: never };

function jwtParts(token: string): readonly [header: string, claims: string, signature: string] {
  const [header = '', claims = '', signature = ''] = token.split('.');
  return [header, claims, signature];
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Another last character: of a JWT's signature or of an opaque token, whichever it is. */
function altered(token: string): string {
  return `${token.slice(0, -6)}${[...token.slice(-6)].reverse().join('')}`.replace(/(.)$/, (last) =>
    last === 'A' ? 'B' : 'A',
  );
}

function withAlteredClaim(token: string): string {
  const [header, claims, signature] = jwtParts(token);
  const text = Buffer.from(claims, 'base64url').toString('utf8');
  return `${header}.${Buffer.from(text.replace('{', '{"altered":true,')).toString('base64url')}.${signature}`;
}

/** Ways to call the API that must not work, by the words of the features. */
export const badAuthorizations: Readonly<Record<string, (tokens: HeldTokens) => BadAuthorization>> = {
  'an unknown token': ({ accessToken }) => ({ header: `Bearer ${altered(accessToken)}` }),
  'a shortened access token': ({ accessToken }) => ({ header: `Bearer ${accessToken.slice(0, -1)}` }),
  'the refresh token': ({ refreshToken }) => ({ header: `Bearer ${refreshToken}` }),
  'the id_token': ({ idToken }) => ({ header: `Bearer ${idToken ?? 'absent'}` }),
  'the access token with an altered claim': ({ accessToken }) => ({
    header: `Bearer ${withAlteredClaim(accessToken)}`,
  }),
  'the access token unsigned': ({ accessToken }) => ({
    header: `Bearer ${encode({ alg: 'none', typ: 'at+jwt' })}.${jwtParts(accessToken)[1]}.`,
  }),
  'the access token in the address': ({ accessToken }) => ({ query: accessToken }),
  'the access token under Basic': ({ accessToken }) => ({ header: `Basic ${accessToken}` }),
};
