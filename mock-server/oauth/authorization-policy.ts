import type { AuthorizationClient } from './authorization-request.js';
import type { AuthorizationErrorCode } from './oauth-error.js';
import { isS256Challenge } from './pkce.js';
import { isRegisteredRedirectUri } from './redirect-uri.js';
import type { RequestParameters } from './request-parameters.js';
import { intersectScope, isScopeWithin, parseScope } from './scope.js';

/** What a bank's settings decide of its authorization requests. */
export interface AuthorizationRules {
  readonly requireState: boolean;
  readonly requiredScope: readonly string[];
  readonly missingScopeError: 'invalid_request' | 'invalid_scope';
  readonly unregisteredScope: 'refuse' | 'ignore';
  readonly httpsRedirectUris: boolean;
  /** False where a bank knows neither PKCE, `nonce` nor `prompt`: they are unknown parameters then, and ignored. */
  readonly openIdConnect: boolean;
}

/** Why the user agent must not be redirected: the bank tells the user on a page of its own. */
export type UnsafeRedirectReason =
  'malformed' | 'redirect-uri-repeated' | 'redirect-uri-missing' | 'redirect-uri-mismatch' | 'redirect-uri-insecure';

/** What the client is told on its redirection URI. */
export interface AuthorizationFault {
  readonly error: AuthorizationErrorCode;
  /** For people: what was expected. */
  readonly description: string;
}

/**
 * The decisions that an authorization request is judged by, one function each; null where nothing is wrong. A bank's
 * settings build it; a mutant replaces one function.
 */
export interface AuthorizationPolicy {
  /** Where the user goes in the end. Until this is known to be the client's own address nothing is redirected. */
  redirectUri(
    parameters: RequestParameters,
    client: AuthorizationClient,
  ): { readonly uri: string } | { readonly why: UnsafeRedirectReason };
  repetitionFault(parameters: RequestParameters): AuthorizationFault | null;
  responseTypeFault(responseType: string | undefined): AuthorizationFault | null;
  stateFault(state: string | null): AuthorizationFault | null;
  scopeToGrant(
    scope: string | undefined,
    client: AuthorizationClient,
  ): { readonly granted: readonly string[] } | AuthorizationFault;
  knowsOpenIdConnect(): boolean;
  requestObjectFault(parameters: RequestParameters): AuthorizationFault | null;
  challengeFault(
    client: AuthorizationClient,
    challenge: string | undefined,
    method: string | undefined,
  ): AuthorizationFault | null;
  /** The S256 challenge that the code is bound to. */
  challengeToKeep(challenge: string, method: string | undefined): string;
  promptFault(prompt: string | undefined): AuthorizationFault | null;
  responseModeFault(responseMode: string | undefined): AuthorizationFault | null;
  maxAgeFault(maxAge: string | undefined): AuthorizationFault | null;
}

const knownPrompts = new Set(['login', 'consent', 'select_account', 'none']);

function invalidRequest(description: string): AuthorizationFault {
  return { error: 'invalid_request', description };
}

function invalidScope(description: string): AuthorizationFault {
  return { error: 'invalid_scope', description };
}

/** The policy of a strict server, where the rules do not say otherwise. */
export function strictAuthorizationPolicy(rules: AuthorizationRules): AuthorizationPolicy {
  return {
    redirectUri: (parameters, client) => {
      if (parameters.isRepeated('redirect_uri')) return { why: 'redirect-uri-repeated' };
      const uri = parameters.get('redirect_uri');
      if (uri === undefined) return { why: 'redirect-uri-missing' };
      if (!isRegisteredRedirectUri(client, uri)) return { why: 'redirect-uri-mismatch' };
      if (rules.httpsRedirectUris && !uri.startsWith('https:')) return { why: 'redirect-uri-insecure' };
      return { uri };
    },
    repetitionFault: ({ hasRepeated }) => (hasRepeated ? invalidRequest('Missing or duplicate parameters') : null),
    responseTypeFault: (responseType) => {
      if (responseType === undefined) return invalidRequest('response_type is missing');
      if (responseType === 'code') return null;
      return { error: 'unsupported_response_type', description: 'Only response_type=code is supported' };
    },
    stateFault: (state) => (rules.requireState && state === null ? invalidRequest('state is missing') : null),
    scopeToGrant: (scope, client) => judgeScope(scope, client, rules),
    knowsOpenIdConnect: () => rules.openIdConnect,
    // OpenID Connect Core sections 6.1 and 6.2: a server without request objects says so rather than ignore them.
    requestObjectFault: (parameters) => {
      if (parameters.get('request') !== undefined) {
        return { error: 'request_not_supported', description: 'request is not supported' };
      }
      if (parameters.get('request_uri') === undefined) return null;
      return { error: 'request_uri_not_supported', description: 'request_uri is not supported' };
    },
    challengeFault: judgeChallenge,
    challengeToKeep: (challenge) => challenge,
    promptFault: judgePrompt,
    responseModeFault: (mode) =>
      mode === undefined || mode === 'query' ? null : invalidRequest('Only response_mode=query is supported'),
    maxAgeFault: (maxAge) =>
      maxAge === undefined || /^\d{1,9}$/.test(maxAge) ? null : invalidRequest('max_age is not a number of seconds'),
  };
}

function judgeScope(
  scope: string | undefined,
  client: AuthorizationClient,
  rules: AuthorizationRules,
): { readonly granted: readonly string[] } | AuthorizationFault {
  if (scope === undefined) return { error: rules.missingScopeError, description: 'scope is missing' };
  const requested = parseScope(scope);
  if (requested === null) return invalidScope('scope has characters that no scope can have');
  const missing = rules.requiredScope.find((token) => !requested.includes(token));
  if (missing !== undefined) return invalidScope(`scope must contain ${missing}`);
  const granted = intersectScope(requested, client.registeredScope);
  if (granted.length === 0 || (rules.unregisteredScope === 'refuse' && !isScopeWithin(requested, granted))) {
    return invalidScope('No registered scope value for this client has been requested');
  }
  return { granted };
}

function judgeChallenge(
  client: AuthorizationClient,
  challenge: string | undefined,
  method: string | undefined,
): AuthorizationFault | null {
  if (challenge === undefined) {
    if (method !== undefined) return invalidRequest('code_challenge is missing');
    if (client.type === 'confidential') return null;
    return invalidRequest('A public client must send code_challenge with code_challenge_method=S256');
  }
  if (method !== 'S256') return invalidRequest('code_challenge_method must be S256');
  return isS256Challenge(challenge) ? null : invalidRequest('code_challenge is not an S256 challenge');
}

function judgePrompt(prompt: string | undefined): AuthorizationFault | null {
  const prompts = prompt?.split(' ').filter((value) => value !== '') ?? [];
  if (!prompts.every((value) => knownPrompts.has(value))) return invalidRequest('prompt has an unknown value');
  if (!prompts.includes('none')) return null;
  if (prompts.length > 1) return invalidRequest('prompt=none goes with no other value');
  return { error: 'login_required', description: 'The user must log in, and prompt=none forbids asking' };
}
