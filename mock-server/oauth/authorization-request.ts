import type { AuthorizationErrorCode } from './oauth-error.js';
import type { AuthorizationFault, AuthorizationPolicy, UnsafeRedirectReason } from './authorization-policy.js';
import type { RedirectUriRegistration } from './redirect-uri.js';
import type { RequestParameters } from './request-parameters.js';

/** What of a registered client its authorization requests are judged by. */
export interface AuthorizationClient extends RedirectUriRegistration {
  readonly type: 'confidential' | 'public';
  /** The scope tokens that it registered. */
  readonly registeredScope: readonly string[];
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

/**
 * Judges an authorization request of a known client (RFC 6749 section 4.1.1, RFC 7636 section 4.4.1, OpenID Connect
 * Core section 3.1.2.2). Nothing is redirected before the redirection URI is known to be the client's own.
 */
export function judgeAuthorizationRequest(
  parameters: RequestParameters,
  client: AuthorizationClient,
  policy: AuthorizationPolicy,
): AuthorizationDecision {
  if (parameters.malformed) return { kind: 'page', why: 'malformed' };
  const redirectUri = policy.redirectUri(parameters, client);
  if ('why' in redirectUri) return { kind: 'page', why: redirectUri.why };

  const state = parameters.isRepeated('state') ? null : (parameters.get('state') ?? null);
  const refuse = (fault: AuthorizationFault): AuthorizationDecision => ({
    kind: 'redirect',
    redirectUri: redirectUri.uri,
    state,
    ...fault,
  });
  const fault =
    policy.repetitionFault(parameters) ??
    policy.responseTypeFault(parameters.get('response_type')) ??
    policy.stateFault(state);
  if (fault !== null) return refuse(fault);
  const scope = policy.scopeToGrant(parameters.get('scope'), client);
  if ('error' in scope) return refuse(scope);

  const request = { redirectUri: redirectUri.uri, state, scope: scope.granted };
  if (!policy.knowsOpenIdConnect()) {
    return { kind: 'accepted', request: { ...request, nonce: null, codeChallenge: null, maxAgeSeconds: null } };
  }
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  const maxAge = parameters.get('max_age');
  const openIdFault =
    policy.requestObjectFault(parameters) ??
    policy.challengeFault(client, challenge, method) ??
    policy.promptFault(parameters.get('prompt')) ??
    policy.responseModeFault(parameters.get('response_mode')) ??
    policy.maxAgeFault(maxAge);
  if (openIdFault !== null) return refuse(openIdFault);
  return {
    kind: 'accepted',
    request: {
      ...request,
      nonce: parameters.get('nonce') ?? null,
      codeChallenge: challenge === undefined ? null : policy.challengeToKeep(challenge, method),
      maxAgeSeconds: maxAge === undefined ? null : Number(maxAge),
    },
  };
}
