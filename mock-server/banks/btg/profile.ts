import type { BtgSettings, SettingsProfile } from '../../tenants/settings.js';
import type { HostProfile } from '../own-hosts.js';
import type { Text } from '../page.js';

/** BTG Id's own paths, below its base URL. Discovery and JWKS answer only when the setting `discovery` is on. */
export const btgPaths = {
  authorization: '/oauth2/authorize',
  login: '/oauth2/authorize/login',
  scopes: '/oauth2/authorize/scopes',
  company: '/oauth2/authorize/company',
  secondFactor: '/oauth2/authorize/token',
  token: '/oauth2/token',
  revocation: '/oauth2/revoke',
  accounts: '/:companyId/banking/accounts',
  balances: '/:companyId/banking/accounts/:accountId/balances',
  discovery: '/.well-known/openid-configuration',
  jwks: '/oauth2/jwks',
} as const;

/** What the pages of the test bank are headed with. */
export const btgBankName: Text = { pt: 'BTG Id (teste)', en: 'BTG Id (test)' };

/** The company that consents of the sandbox are for. */
export const dedicatedCompany = '30306294000145';

const docs = 'developers.empresas.btgpactual.com/docs';

const sandboxClients = 'iacapuca/btg-cli and a dozen others';

/** BTG Id's hosts, and those of the APIs that its tokens open. */
export const btgHosts: readonly HostProfile[] = [
  {
    host: 'id.sandbox.btgpactual.com',
    environment: 'homologacao',
    serves: 'authorization',
    ports: [443],
    evidence: 'observed',
    source: sandboxClients,
  },
  {
    host: 'api.sandbox.empresas.btgpactual.com',
    environment: 'homologacao',
    serves: 'resources',
    ports: [443],
    evidence: 'observed',
    source: sandboxClients,
  },
  {
    host: 'id.btgpactual.com',
    environment: 'producao',
    serves: 'authorization',
    ports: [443],
    evidence: 'documented',
    source: `${docs}/authorization-code`,
  },
  {
    host: 'api.empresas.btgpactual.com',
    environment: 'producao',
    serves: 'resources',
    ports: [443],
    evidence: 'documented',
    source: `${docs}/pagamentos`,
  },
];

/** BTG Id's defaults, each with what stands behind it. */
export const btgProfile: SettingsProfile<BtgSettings> = {
  homologacao: {
    accessTokenLifetime: { value: 'PT24H', evidence: 'documented', source: `${docs}/btg-id` },
    refreshTokenLifetime: { value: 'P10D', evidence: 'documented', source: `${docs}/btg-id` },
    idTokenLifetime: { value: 'PT24H', evidence: 'inferred', source: 'as long as the access token' },
    authorizationCodeLifetime: {
      value: 'PT10M',
      evidence: 'inferred',
      source: 'RFC 6749 section 4.1.2: ten minutes at most',
    },
    loginSessionLifetime: { value: 'PT10M', evidence: 'inferred', source: 'as long as a code lives' },
    refreshTokenRotation: {
      value: true,
      evidence: 'inferred',
      source: `"Optional Refresh Token", ${docs}/refresh-token`,
    },
    refreshTokenReuse: { value: 'refuse', evidence: 'inferred', source: 'a strict server’s answer' },
    codeReplayRevokesTokens: { value: true, evidence: 'inferred', source: 'RFC 6749 section 4.1.2' },
    requireState: {
      value: false,
      evidence: 'documented',
      source: `absent from the request of ${docs}/authorization-code`,
    },
    unregisteredScope: {
      value: 'refuse',
      evidence: 'documented',
      source: `${docs}/meu-primeiro-access-token: only scopes enabled for the app`,
    },
    httpsRedirectUris: { value: false, evidence: 'inferred', source: 'sandbox accepts test addresses' },
    smsTokenLifetime: { value: 'PT5M', evidence: 'inferred', source: 'common practice' },
    secondFactorAttempts: { value: 3, evidence: 'inferred', source: 'common practice' },
    secondFactorReplay: { value: 'refuse', evidence: 'inferred', source: 'RFC 6238 section 5.2' },
    refreshQuota: {
      value: 'off',
      evidence: 'inferred',
      source: `${docs}/fluxos-de-autenticação names a quota per hour and no number`,
    },
    secondFactor: { value: 'off', evidence: 'inferred', source: 'no page mentions one' },
    discovery: { value: false, evidence: 'inferred', source: 'no page mentions it' },
    issuer: { value: null, evidence: 'documented', source: `${docs}/authorization-code: the base URL` },
    bodyCredentials: { value: false, evidence: 'documented', source: `${docs}/authorization-code shows Basic` },
    companies: {
      value: 'dedicated',
      evidence: 'documented',
      source: `${docs}/authorization-code, "Sandbox vs Produção"`,
    },
    requireOperator: {
      value: false,
      evidence: 'documented',
      source: `${docs}/authorization-code, "Sandbox vs Produção"`,
    },
    signingKey: { value: 'first', evidence: 'inferred', source: 'a test key of this mock' },
    wire: {
      value: [],
      evidence: 'inferred',
      source: 'answers are as their renderers have them until a sandbox shows otherwise',
    },
  },
  producao: {
    httpsRedirectUris: { value: true, evidence: 'inferred', source: 'RFC 9700 section 2.6' },
    companies: { value: 'linked', evidence: 'documented', source: `${docs}/authorization-code, "Sandbox vs Produção"` },
    requireOperator: {
      value: true,
      evidence: 'documented',
      source: `${docs}/authorization-code, "Sandbox vs Produção"`,
    },
  },
};

/** Scopes seen at BTG, with what the scopes page calls them. The words are this mock's. */
export const btgScopes: Readonly<Record<string, { pt: string; en: string }>> = {
  openid: { pt: 'Identificar você', en: 'Identify you' },
  email: { pt: 'Ver seu e-mail', en: 'See your e-mail address' },
  profile: { pt: 'Ver seu nome', en: 'See your name' },
  apps: { pt: 'Administrar aplicativos', en: 'Manage applications' },
  webhooks: { pt: 'Administrar webhooks', en: 'Manage webhooks' },
  offline_access: { pt: 'Manter o acesso', en: 'Keep access' },
  'empresas.btgpactual.com/accounts': { pt: 'Contas', en: 'Accounts' },
  'empresas.btgpactual.com/accounts.readonly': { pt: 'Consultar contas e saldos', en: 'Read accounts and balances' },
  'brn:btg:empresas:openfinance:accounts:info.readonly': {
    pt: 'Consultar contas (Open Finance)',
    en: 'Read accounts (Open Finance)',
  },
  'brn:btg:empresas:openfinance:accounts:balances.readonly': {
    pt: 'Consultar saldos (Open Finance)',
    en: 'Read balances (Open Finance)',
  },
  'empresas.btgpactual.com/payments': { pt: 'Pagamentos (obsoleto)', en: 'Payments (deprecated)' },
  'brn:btg:empresas:banking:payments': { pt: 'Consultar e iniciar pagamentos', en: 'Read and start payments' },
  'brn:btg:empresas:banking:payments.readonly': { pt: 'Consultar pagamentos', en: 'Read payments' },
  'brn:btg:empresas:banking:collections': { pt: 'Cobranças', en: 'Collections' },
  'brn:btg:empresas:banking:collections.readonly': { pt: 'Consultar cobranças', en: 'Read collections' },
  'empresas.btgpactual.com/pix-cash-in': { pt: 'Receber Pix', en: 'Receive Pix' },
  'empresas.btgpactual.com/pix-cash-in.readonly': { pt: 'Consultar Pix recebidos', en: 'Read Pix received' },
  'empresas.btgpactual.com/bank-slips': { pt: 'Boletos', en: 'Bank slips' },
  'empresas.btgpactual.com/bank-slips.readonly': { pt: 'Consultar boletos', en: 'Read bank slips' },
};
