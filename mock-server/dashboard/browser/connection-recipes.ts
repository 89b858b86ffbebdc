import type { BankId, Tenant } from './api-types.js';

/** Lines to copy for one stack. */
export interface Recipe {
  readonly id: string;
  readonly label: string;
  readonly where: string;
  readonly lines: (values: readonly (readonly [string, string])[], tenant: Tenant, bank: BankId) => string;
}

/** What an application must be told, by the names of `examples/` and docs. */
export function connectionValues(tenant: Tenant, bank: BankId): (readonly [string, string])[] {
  const of = tenant[bank];
  const prefix = bank.toUpperCase();
  const client = of.client;
  const names = bank === 'bs2' ? (['API_KEY', 'API_SECRET'] as const) : (['CLIENT_ID', 'CLIENT_SECRET'] as const);
  return [
    [`${prefix}_BASE_URL`, of.baseUrl],
    ...('issuer' in of ? [[`${prefix}_ISSUER`, of.issuer] as const] : []),
    [`${prefix}_AUTHORIZATION_ENDPOINT`, of.authorizationEndpoint],
    [`${prefix}_TOKEN_ENDPOINT`, of.tokenEndpoint],
    [
      'balanceEndpoint' in of ? `${prefix}_BALANCE_ENDPOINT` : `${prefix}_ACCOUNTS_ENDPOINT`,
      'balanceEndpoint' in of ? of.balanceEndpoint : of.accountsEndpoint,
    ],
    [`${prefix}_${names[0]}`, client?.id ?? ''],
    [`${prefix}_${names[1]}`, client?.secret ?? ''],
    [`${prefix}_REDIRECT_URI`, client?.redirectUris[0] ?? ''],
    [`${prefix}_SCOPE`, client?.scope ?? ''],
  ];
}

const quoted = (value: string): string => (/^[\w@%+=:,./-]*$/.test(value) ? value : `'${value}'`);

export const recipes: readonly Recipe[] = [
  {
    id: 'dotenv',
    label: '.env',
    where: 'Node, Laravel, Django, Rails: a file .env',
    lines: (values) => values.map(([name, value]) => `${name}=${/\s/.test(value) ? `"${value}"` : value}`).join('\n'),
  },
  {
    id: 'shell',
    label: 'Shell',
    where: 'In the shell that starts your application',
    lines: (values) => values.map(([name, value]) => `export ${name}=${quoted(value)}`).join('\n'),
  },
  {
    id: 'compose',
    label: 'Docker Compose',
    where: 'In the service of your application; from a container the mock is not at 127.0.0.1',
    lines: (values) => `environment:\n${values.map(([name, value]) => `  ${name}: "${value}"`).join('\n')}`,
  },
  {
    id: 'spring',
    label: 'Spring Boot',
    where: 'src/main/resources/application-homologa.yml',
    lines: (_values, tenant, bank) => spring(tenant, bank),
  },
  {
    id: 'aspnet',
    label: 'ASP.NET',
    where: 'appsettings.Development.json',
    lines: (values, _tenant, bank) => {
      const prefix = bank.toUpperCase();
      const entries = values.map(([name, value]) => [pascal(name.slice(prefix.length + 1)), value]);
      return JSON.stringify({ [bank === 'bs2' ? 'Bs2' : 'Btg']: Object.fromEntries(entries) as unknown }, null, 2);
    },
  },
  {
    id: 'node',
    label: 'openid-client',
    where: 'Node with openid-client 6',
    lines: (_values, tenant, bank) => openidClient(tenant, bank),
  },
];

function pascal(name: string): string {
  return name
    .toLowerCase()
    .split('_')
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join('');
}

function spring(tenant: Tenant, bank: BankId): string {
  const { client, authorizationEndpoint, tokenEndpoint } = tenant[bank];
  return `spring:
  security:
    oauth2:
      client:
        registration:
          ${bank}:
            client-id: "${client?.id ?? ''}"
            client-secret: "${client?.secret ?? ''}"
            client-authentication-method: client_secret_basic
            authorization-grant-type: authorization_code
            redirect-uri: "${client?.redirectUris[0] ?? ''}"
            scope: "${client?.scope.split(' ').join(',') ?? ''}"
        provider:
          ${bank}:
            authorization-uri: "${authorizationEndpoint}"
            token-uri: "${tokenEndpoint}"`;
}

function openidClient(tenant: Tenant, bank: BankId): string {
  const { client, authorizationEndpoint, tokenEndpoint, baseUrl } = tenant[bank];
  const issuer = bank === 'btg' ? tenant.btg.issuer : baseUrl;
  return `import * as oidc from 'openid-client';

const config = new oidc.Configuration(
  {
    issuer: '${issuer}',
    authorization_endpoint: '${authorizationEndpoint}',
    token_endpoint: '${tokenEndpoint}',
  },
  '${client?.id ?? ''}',
  ${bank === 'btg' ? "{ id_token_signed_response_alg: 'HS256' }" : '{}'},
  oidc.ClientSecretBasic('${client?.secret ?? ''}'),
);
// The mock is plain http on this machine; the bank is not.
oidc.allowInsecureRequests(config);`;
}
