import type { AuthorizationErrorCode } from './oauth-error.js';
import { isS256Challenge } from './pkce.js';
import { isRegisteredRedirectUri } from './redirect-uri.js';
import type { RedirectUriRegistration } from './redirect-uri.js';
import type { RequestParameters } from './request-parameters.js';
import { intersectScope, isScopeWithin, parseScope } from './scope.js';

/** What of a registered client its authorization requests are judged by. */
export interface AuthorizationClient extends RedirectUriRegistration {
  readonly type: 'confidential' | 'public';
  /** The scope tokens that it registered. */
  readonly registeredScope: readonly string[];
}

/** What a bank asks of authorization requests. */
export interface AuthorizationRules {
  readonly requireState: boolean;
  readonly requiredScope: readonly string[];
  readonly missingScopeError: 'invalid_request' | 'invalid_scope';
  readonly unregisteredScope: 'refuse' | 'ignore';
  readonly httpsRedirectUris: boolean;
  /** False where a bank knows neither PKCE, `nonce` nor `prompt`: they are unknown parameters then, and ignored. */
  readonly openIdConnect: boolean;
}

/** An authorization request that may go on to the login. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string | null;
  readonly scope: readonly string[];
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  /** Seconds, as sent in `max_age`. */
  readonly maxAgeSeconds: number | null;
}

/** Why the user agent must not be redirected: the bank tells the user on a page of its own. */
export type UnsafeRedirectReason =
  'malformed' | 'redirect-uri-repeated' | 'redirect-uri-missing' | 'redirect-uri-mismatch' | 'redirect-uri-insecure';

export type AuthorizationDecision =
  | { readonly kind: 'accepted'; readonly request: AuthorizationRequest }
  | { readonly kind: 'page'; readonly why: UnsafeRedirectReason }
  | {
      readonly kind: 'redirect';
      readonly redirectUri: string;
      readonly state: string | null;
      readonly error: AuthorizationErrorCode;
      /** For people: what was expected. */
      readonly description: string;
    };

const knownPrompts = new Set(['login', 'consent', 'select_account', 'none']);

/**
 * Judges an authorization request of a known client (RFC 6749 section 4.1.1, RFC 7636 section 4.4.1, OpenID Connect
 * Core section 3.1.2.2). Nothing is redirected before the redirection URI is known to be the client's own.
 */
export function judgeAuthorizationRequest(
  parameters: RequestParameters,
  client: AuthorizationClient,
  rules: AuthorizationRules,
): AuthorizationDecision {
  if (parameters.malformed) return { kind: 'page', why: 'malformed' };
  if (parameters.isRepeated('redirect_uri')) return { kind: 'page', why: 'redirect-uri-repeated' };
  const redirectUri = parameters.get('redirect_uri');
  if (redirectUri === undefined) return { kind: 'page', why: 'redirect-uri-missing' };
  if (!isRegisteredRedirectUri(client, redirectUri)) return { kind: 'page', why: 'redirect-uri-mismatch' };
  if (rules.httpsRedirectUris && !redirectUri.startsWith('https:')) {
    return { kind: 'page', why: 'redirect-uri-insecure' };
  }

  const state = parameters.isRepeated('state') ? null : (parameters.get('state') ?? null);
  const refuse = (error: AuthorizationErrorCode, description: string): AuthorizationDecision => ({
    kind: 'redirect',
    redirectUri,
    state,
    error,
    description,
  });

  if (parameters.hasRepeated) return refuse('invalid_request', 'Missing or duplicate parameters');
  const responseType = parameters.get('response_type');
  if (responseType === undefined) return refuse('invalid_request', 'response_type is missing');
  if (responseType !== 'code') return refuse('unsupported_response_type', 'Only response_type=code is supported');
  if (rules.requireState && state === null) return refuse('invalid_request', 'state is missing');

  const scopeParameter = parameters.get('scope');
  if (scopeParameter === undefined) return refuse(rules.missingScopeError, 'scope is missing');
  const requested = parseScope(scopeParameter);
  if (requested === null) return refuse('invalid_scope', 'scope has characters that no scope can have');
  const missing = rules.requiredScope.find((token) => !requested.includes(token));
  if (missing !== undefined) return refuse('invalid_scope', `scope must contain ${missing}`);
  const scope = intersectScope(requested, client.registeredScope);
  if (scope.length === 0 || (rules.unregisteredScope === 'refuse' && !isScopeWithin(requested, scope))) {
    return refuse('invalid_scope', 'No registered scope value for this client has been requested');
  }

  if (!rules.openIdConnect) {
    return {
      kind: 'accepted',
      request: { redirectUri, state, scope, nonce: null, codeChallenge: null, maxAgeSeconds: null },
    };
  }

  // OpenID Connect Core sections 6.1 and 6.2: a server without request objects says so rather than ignore them.
  if (parameters.get('request') !== undefined) return refuse('request_not_supported', 'request is not supported');
  if (parameters.get('request_uri') !== undefined) {
    return refuse('request_uri_not_supported', 'request_uri is not supported');
  }

  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined && method !== undefined) return refuse('invalid_request', 'code_challenge is missing');
  if (challenge === undefined && client.type === 'public') {
    return refuse('invalid_request', 'A public client must send code_challenge with code_challenge_method=S256');
  }
  if (challenge !== undefined && method !== 'S256') {
    return refuse('invalid_request', 'code_challenge_method must be S256');
  }
  if (challenge !== undefined && !isS256Challenge(challenge)) {
    return refuse('invalid_request', 'code_challenge is not an S256 challenge');
  }

  const prompts =
    parameters
      .get('prompt')
      ?.split(' ')
      .filter((value) => value !== '') ?? [];
  if (!prompts.every((value) => knownPrompts.has(value)))
    return refuse('invalid_request', 'prompt has an unknown value');
  if (prompts.includes('none')) {
    if (prompts.length > 1) return refuse('invalid_request', 'prompt=none goes with no other value');
    return refuse('login_required', 'The user must log in, and prompt=none forbids asking');
  }

  const responseMode = parameters.get('response_mode');
  if (responseMode !== undefined && responseMode !== 'query') {
    return refuse('invalid_request', 'Only response_mode=query is supported');
  }
  const maxAge = parameters.get('max_age');
  if (maxAge !== undefined && !/^\d{1,9}$/.test(maxAge))
    return refuse('invalid_request', 'max_age is not a number of seconds');

  return {
    kind: 'accepted',
    request: {
      redirectUri,
      state,
      scope,
      nonce: parameters.get('nonce') ?? null,
      codeChallenge: challenge ?? null,
      maxAgeSeconds: maxAge === undefined ? null : Number(maxAge),
    },
  };
}
