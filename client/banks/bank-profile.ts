/** How far a value can be trusted: the bank wrote it, a third party recorded it, or it was deduced. */
export interface Evidence {
  readonly mark: 'documented' | 'observed' | 'inferred';
  /** The page, recording or reasoning, for people. */
  readonly source: string;
}

/** What one bank asks of a client. Data only: every rule that reads it lives elsewhere. */
export interface BankBehaviour {
  /** Path of the authorization endpoint below the base URL. */
  readonly authorizationPath: string;
  /** Path of the token endpoint below the base URL. */
  readonly tokenPath: string;
  /** Path of the revocation endpoint (RFC 7009) below the base URL; null where the bank shows none. */
  readonly revocationPath: string | null;
  /**
   * `query`: the browser brings `client_id`. `basic`: a backend makes the GET with HTTP Basic and hands on the
   * `Location`.
   */
  readonly clientIdentification: 'basic' | 'query';
  /**
   * How a client that has a secret authenticates at the token endpoint (RFC 6749 2.3.1). Without a secret it is
   * always `none`.
   */
  readonly tokenEndpointAuthentication: 'basic' | 'body';
  /** Send an S256 challenge (RFC 7636). */
  readonly usesPkce: boolean;
  /** Send a `nonce` and expect it in the id_token (OpenID Connect Core 3.1.2.1). */
  readonly usesNonce: boolean;
  /** Scope values without which the bank refuses the request. */
  readonly requiredScopes: readonly string[];
  /** Parameters that the bank's own example adds to the authorization request. */
  readonly authorizationParameters: Readonly<Record<string, string>>;
  /** Repeat `scope` when refreshing; optional in RFC 6749 6, mandatory at BS2. */
  readonly sendsScopeOnRefresh: boolean;
  /**
   * Where `iss` (RFC 9207) must be present. `never`: a response that carries one belongs to another bank and is
   * refused.
   */
  readonly issInRedirect: 'always' | 'on-success' | 'never';
  /** The one algorithm accepted for id_tokens; null where the bank issues none. */
  readonly idTokenAlgorithm: 'HS256' | null;
  /** Life of a refresh token from the moment it was received, in seconds. */
  readonly refreshTokenLifetimeSeconds: number;
  /** Token requests of any grant that one client may make in a minute; null where no number is published. */
  readonly tokenRequestsPerMinute: number | null;
  /** A 4xx answer with exactly this text is a rejected access token, whatever its status; null: only 401 is. */
  readonly rejectedTokenBody: string | null;
}

/** One bank as the client sees it. A third bank is one more of these. */
export interface BankProfile extends BankBehaviour {
  /** Short stable name: `bs2`, `btg`. */
  readonly bank: string;
  /** Where each value comes from. */
  readonly evidence: Readonly<Record<keyof BankBehaviour, Evidence>>;
}

/** Absolute addresses of one environment of a bank. */
export interface BankEndpoints {
  readonly authorization: string;
  readonly token: string;
  readonly revocation: string | null;
  /** Base URL of the bank's resources; the only place where access tokens are sent. */
  readonly api: string;
}

/** Where an environment of a bank is found; `endpoints` overrides single addresses. */
export interface BankLocation {
  /** For example `https://id.sandbox.btgpactual.com`, or a mock's `http://127.0.0.1:4010/bs2`. */
  readonly baseUrl: string;
  /** Base URL of the resources where it differs from `baseUrl`. */
  readonly apiBaseUrl?: string | undefined;
  readonly endpoints?: { readonly [Name in keyof BankEndpoints]?: BankEndpoints[Name] | undefined } | undefined;
}

/** Joins a base URL and a path with exactly one slash between them. */
export function joinUrl(baseUrl: string, path: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
}

/** The addresses of a bank at a location: the bank's own paths below `baseUrl`, except those overridden one by one. */
export function resolveEndpoints(profile: BankBehaviour, location: BankLocation): BankEndpoints {
  const { baseUrl, endpoints = {} } = location;
  const revocation = profile.revocationPath === null ? null : joinUrl(baseUrl, profile.revocationPath);
  return {
    authorization: endpoints.authorization ?? joinUrl(baseUrl, profile.authorizationPath),
    token: endpoints.token ?? joinUrl(baseUrl, profile.tokenPath),
    revocation: endpoints.revocation === undefined ? revocation : endpoints.revocation,
    api: endpoints.api ?? location.apiBaseUrl ?? baseUrl,
  };
}
