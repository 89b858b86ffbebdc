import { HomologaError } from '../foundation/homologa-error.js';

/**
 * The caller asked for something that cannot be right, before anything was sent. Codes:
 *
 * - `ERR_REDIRECT_URI_INVALID`: not an absolute URI without fragment (RFC 6749 3.1.2);
 * - `ERR_SCOPE_MISSING`: a scope that the bank demands is absent (BTG: `openid`);
 * - `ERR_ADDRESS_INVALID`: `baseUrl`, `apiBaseUrl` or one of `endpoints` is no absolute URL;
 * - `ERR_CLIENT_ID_MISSING`: the client has no id, as where an environment variable is not set;
 * - `ERR_CLIENT_SECRET_MISSING`: this step needs a secret and the client has none;
 * - `ERR_PUBLIC_CLIENT_WITHOUT_PKCE`: a client without secret at a bank profile without PKCE (RFC 9700 2.1.1);
 * - `ERR_ISSUER_UNKNOWN`: the bank names its issuer and none was configured;
 * - `ERR_TRANSACTION_OF_OTHER_BANK`: the transaction was started at another bank or for another client;
 * - `ERR_REFRESH_TOKEN_MISSING`: a refresh was asked for without a refresh token;
 * - `ERR_REVOCATION_UNSUPPORTED`: the bank has no known revocation endpoint;
 * - `ERR_BEARER_ADDRESS`: an access token would go to an address that is not the bank's API;
 * - `ERR_BEARER_TWICE`: the request already carries a token of its own (RFC 6750 2).
 */
export class ClientConfigurationError extends HomologaError {}
