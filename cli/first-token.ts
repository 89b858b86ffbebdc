import type { TenantDescription } from '../mock-server/control/tenant-schema.js';
import { quoteWord } from './quote-word.js';

type Client = NonNullable<TenantDescription['bs2']['client']>;

/** What the first request depends on besides the tenant's description. */
export interface FirstTokenContext {
  /** The socket's origin: the one that the shell which started the mock reaches. */
  readonly listen: string;
  /** Whether the control API wants the token of `HOMOLOGA_CONTROL_TOKEN`. */
  readonly needsControlToken: boolean;
  readonly userAgentCode: string | null;
  readonly httpsRedirectUris: boolean;
  /** A certificate to trust the mock's by; null where it is none of ours, and curl is told not to look. */
  readonly caFile: string | null;
}

/**
 * Lines for a POSIX shell that end in a token answer of BS2: a consent that the control API plays, then the exchange
 * of its code. Where BS2 would refuse the client's redirect URI (http in production), the client's own token instead.
 * Null where the tenant has no BS2 client with a secret.
 */
export function firstTokenLines(tenant: TenantDescription, context: FirstTokenContext): string[] | null {
  const { client } = tenant.bs2;
  if (client === null || client.secret === null) return null;
  const tls = tlsFlag(context);
  const agent = context.userAgentCode === null ? '' : ` -A ${quoteWord(context.userAgentCode)}`;
  const token = quoteWord(`${context.listen}${new URL(tenant.bs2.tokenEndpoint).pathname}`);
  const ask = `curl -si${tls}${agent} -u ${quoteWord(`${client.id}:${client.secret}`)} ${token}`;
  const redirectUri = usableRedirectUri(client, context);
  if (redirectUri === undefined) {
    return [
      `${ask} \\`,
      `  -d grant_type=client_credentials --data-urlencode ${quoteWord(`scope=${firstScope(client)}`)}`,
    ];
  }
  const bearer = context.needsControlToken ? ' -H "Authorization: Bearer $HOMOLOGA_CONTROL_TOKEN"' : '';
  const consent = { authorizationUrl: authorizationUrl(tenant, client, redirectUri), decision: 'approve' };
  return [
    `CODE=$(curl -s${tls}${agent} ${quoteWord(`${tenant.control}/consents`)} \\`,
    `  -H 'Content-Type: application/json'${bearer} \\`,
    `  -d ${quoteWord(JSON.stringify(consent))} \\`,
    `  | sed 's/.*[?&]code=\\([^&"]*\\).*/\\1/')`,
    `${ask} \\`,
    `  -d grant_type=authorization_code -d "code=$CODE" \\`,
    `  --data-urlencode ${quoteWord(`redirect_uri=${redirectUri}`)}`,
  ];
}

function tlsFlag({ listen, caFile }: FirstTokenContext): string {
  if (!listen.startsWith('https:')) return '';
  return caFile === null ? ' --insecure' : ` --cacert ${quoteWord(caFile)}`;
}

function usableRedirectUri(client: Client, { httpsRedirectUris }: FirstTokenContext): string | undefined {
  return client.redirectUris.find((uri) => !httpsRedirectUris || uri.startsWith('https:'));
}

function authorizationUrl(tenant: TenantDescription, client: Client, redirectUri: string): string {
  const url = new URL(tenant.bs2.authorizationEndpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    scope: firstScope(client),
    state: 'first-request',
  }).toString();
  return url.href;
}

/** One is enough, and keeps the lines short. */
function firstScope({ scope }: Client): string {
  return scope.split(' ', 1).join('');
}
