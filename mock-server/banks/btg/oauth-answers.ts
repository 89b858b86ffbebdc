import { answer } from '../exchange.js';
import type { Answer } from '../exchange.js';
import { orderedJson } from './ordered-json.js';
import type { JsonMembers } from '../json-members.js';

type Headers = readonly (readonly [string, string])[];

const jsonType = ['content-type', 'application/json'] as const;
const noStore = [
  ['cache-control', 'no-store'],
  ['pragma', 'no-cache'],
] as const;

/** Compact JSON that no cache keeps (RFC 6749 section 5.1); the content type is that of BTG's sample, without a charset. */
export function btgJson(status: number, members: JsonMembers, headers: Headers = []): Answer {
  return answer(status, [...headers, jsonType, ...noStore], orderedJson(members));
}

/**
 * An error of BTG Id or of its APIs. No error body is documented; a partner reads `error` and `error_description`, so
 * the shape of RFC 6749 section 5.2 is inferred, for the APIs too.
 */
export function oauthError(status: number, error: string, description: string, headers: Headers = []): Answer {
  return btgJson(
    status,
    [
      ['error', error],
      ['error_description', describable(description)],
    ],
    headers,
  );
}

/** Only what `error_description` may hold (RFC 6749 section 5.2): printable ASCII without `"` and `\`. */
function describable(text: string): string {
  return text.replaceAll(/[^\x20-\x21\x23-\x5B\x5D-\x7E]/g, '?');
}

/** What BTG calls an application that it does not know in this environment. */
export const appNotFoundName = 'AppNotFoundError';

/** The message that was seen with it. The id is the caller's own text: shortened here, escaped by whoever shows it. */
export function appNotFoundMessage(clientId: string): string {
  return `App client not found with id ${clientId.length > 100 ? `${clientId.slice(0, 100)}...` : clientId}`;
}

/**
 * An unknown application: a member `brn` whose text contains `app-not-found` was observed; the rest of that text, the
 * status and the other members are inferred.
 */
export function appNotFound(status: 401 | 404, error: string, clientId: string, headers: Headers = []): Answer {
  return btgJson(
    status,
    [
      ['error', error],
      ['error_description', describable(appNotFoundMessage(clientId))],
      ['brn', 'brn:btg:id:error:app-not-found'],
    ],
    headers,
  );
}

/** The challenge with every 401 of the token and revocation endpoints (RFC 6749 section 5.2); its realm is inferred. */
export const basicChallenge = ['www-authenticate', 'Basic realm="BTG Id"'] as const;

/** A challenge of the APIs (RFC 6750 section 3): without an error where no token was sent. The realm is inferred. */
export function bearerChallenge(error: 'invalid_token' | 'insufficient_scope' | null): readonly [string, string] {
  return ['www-authenticate', `Bearer realm="BTG"${error === null ? '' : `, error="${error}"`}`];
}

/** There is nothing at this address. */
export function nothingHere(): Answer {
  return oauthError(404, 'not_found', 'There is nothing at this address');
}
