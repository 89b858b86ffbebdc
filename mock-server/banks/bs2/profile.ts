import type { Bs2Settings, SettingsProfile } from '../../tenants/settings.js';
import type { HostProfile } from '../own-hosts.js';

/** BS2's own paths, below its base URL. */
export const bs2Paths = {
  authorization: '/api-banking/auth/oauth/v2/authorize',
  login: '/api-banking/auth/oauth/v2/authorize/login',
  consent: '/api-banking/auth/oauth/v2/authorize/consent',
  secondFactor: '/api-banking/auth/oauth/v2/authorize/consent/token',
  token: '/auth/oauth/v2/token',
  balance: '/pj/apibanking/forintegration/v2/contascorrentes/saldo',
  balanceV1: '/pj/apibanking/forintegration/v1/contascorrentes/saldo',
  statement: '/pj/apibanking/forintegration/v2/contascorrentes/extrato',
  statementV1: '/pj/apibanking/forintegration/v1/contascorrentes/extrato',
} as const;

/** BS2's hosts. That the authorization endpoint is on the API's host is inferred: no page names another. */
export const bs2Hosts: readonly HostProfile[] = [
  {
    host: 'apihmz.bancobonsucesso.com.br',
    environment: 'homologacao',
    serves: 'both',
    ports: [443],
    evidence: 'documented',
    source: 'devs.bs2.com/manual/pix-clientes/',
  },
  {
    host: 'api.bs2.com',
    environment: 'producao',
    serves: 'both',
    ports: [443, 8443],
    evidence: 'observed',
    source: 'latamgateway/bs2_api; an older client used port 8443',
  },
];

const consentPage = 'devs.bs2.com/docs/consent';

/** BS2's defaults, each with what stands behind it. */
export const bs2Profile: SettingsProfile<Bs2Settings> = {
  homologacao: {
    accessTokenLifetime: { value: 'PT7M', evidence: 'documented', source: 'devs.bs2.com/docs/authentication-co' },
    refreshTokenLifetime: { value: 'P30D', evidence: 'documented', source: consentPage },
    passwordRefreshTokenLifetime: { value: 'PT10M', evidence: 'documented', source: 'devs.bs2.com/manual/banking/' },
    authorizationCodeLifetime: {
      value: 'PT10M',
      evidence: 'inferred',
      source: 'RFC 6749 section 4.1.2: ten minutes at most',
    },
    loginSessionLifetime: { value: 'PT10M', evidence: 'inferred', source: 'as long as a code lives' },
    refreshTokenRotation: { value: true, evidence: 'documented', source: consentPage },
    refreshTokenReuse: {
      value: 'refuse',
      evidence: 'inferred',
      source: '"the last valid refresh_token generated", devs.bs2.com/docs/authentication-co',
    },
    codeReplayRevokesTokens: { value: true, evidence: 'inferred', source: 'RFC 6749 section 4.1.2' },
    requireState: {
      value: false,
      evidence: 'inferred',
      source: 'documented as mandatory on the redirect, as free in the request',
    },
    unregisteredScope: { value: 'refuse', evidence: 'inferred', source: 'the gateway’s code 3000115' },
    httpsRedirectUris: { value: false, evidence: 'inferred', source: 'homologation accepts test addresses' },
    smsTokenLifetime: { value: 'PT5M', evidence: 'inferred', source: 'common practice' },
    secondFactorAttempts: { value: 3, evidence: 'inferred', source: 'common practice' },
    secondFactorReplay: { value: 'refuse', evidence: 'inferred', source: 'RFC 6238 section 5.2' },
    rateLimit: {
      value: { requests: 10, window: 'PT1M' },
      evidence: 'documented',
      source: 'devs.bs2.com/docs/authentication_',
    },
    rateLimitStatus: { value: 429, evidence: 'inferred', source: 'RFC 6585 section 4' },
    clientIdentification: {
      value: 'either',
      evidence: 'documented',
      source: `Basic: ${consentPage}; client_id: devs.bs2.com/manual/consentimento/`,
    },
    requireScopeOnRefresh: { value: true, evidence: 'documented', source: consentPage },
    previousAccessTokenDies: {
      value: 'account',
      evidence: 'documented',
      source: 'devs.bs2.com/docs/authentication-co; per application and account for consents is inferred',
    },
    userAgentCode: {
      value: null,
      evidence: 'documented',
      source: 'devs.bs2.com/docs/first-steps: asked in production',
    },
    allowedAddresses: {
      value: 'any',
      evidence: 'documented',
      source: 'devs.bs2.com/docs/first-steps: homologation can bypass it',
    },
    wire: {
      value: [],
      evidence: 'inferred',
      source: 'answers are as their renderers have them until a sandbox shows otherwise',
    },
  },
  producao: {
    accessTokenLifetime: { value: 'PT5M', evidence: 'documented', source: 'devs.bs2.com/docs/authentication-co' },
    httpsRedirectUris: { value: true, evidence: 'inferred', source: 'RFC 9700 section 2.6' },
    userAgentCode: {
      value: 'codigo-de-teste',
      evidence: 'documented',
      source: 'devs.bs2.com/docs/first-steps; the code itself is this mock’s',
    },
    allowedAddresses: {
      value: ['127.0.0.0/8', '::1/128'],
      evidence: 'documented',
      source: 'devs.bs2.com/docs/first-steps; the ranges are this mock’s',
    },
  },
};

/** Scopes seen at BS2, with what the consent page calls them. The words are this mock's. */
export const bs2Features: Readonly<Record<string, { pt: string; en: string }>> = {
  saldo: { pt: 'Consultar o saldo da conta', en: 'Read the account balance' },
  extrato: { pt: 'Consultar o extrato da conta', en: 'Read the account statement' },
  pagamento: { pt: 'Fazer pagamentos', en: 'Make payments' },
  'pagamento-tributo': { pt: 'Pagar tributos', en: 'Pay taxes' },
  transferencia: { pt: 'Fazer transferências', en: 'Make transfers' },
  boleto: { pt: 'Emitir e consultar boletos', en: 'Issue and read boletos' },
  comprovante: { pt: 'Consultar comprovantes', en: 'Read receipts' },
  aprovacoes: { pt: 'Consultar aprovações', en: 'Read approvals' },
  'cob.read': { pt: 'Consultar cobranças', en: 'Read charges' },
  'cob.write': { pt: 'Alterar cobranças', en: 'Change charges' },
  'cobv.read': { pt: 'Consultar cobranças com vencimento', en: 'Read charges with a due date' },
  'cobv.write': { pt: 'Alterar cobranças com vencimento', en: 'Change charges with a due date' },
  'pix.read': { pt: 'Consultar Pix', en: 'Read Pix' },
  'pix.write': { pt: 'Alterar Pix', en: 'Change Pix' },
  'dict.read': { pt: 'Consultar chaves Pix', en: 'Read Pix keys' },
  'dict.write': { pt: 'Alterar chaves Pix', en: 'Change Pix keys' },
  'webhook.read': { pt: 'Consultar webhooks', en: 'Read webhooks' },
  'webhook.write': { pt: 'Alterar webhooks', en: 'Change webhooks' },
  'webhook-mov-conta': { pt: 'Avisar movimentações da conta', en: 'Notify account movements' },
  'webhook-conclusao-transf': { pt: 'Avisar a conclusão de transferências', en: 'Notify finished transfers' },
  'webhook-conclusao-pag': { pt: 'Avisar a conclusão de pagamentos', en: 'Notify finished payments' },
  'onboarding-pj': { pt: 'Abrir conta para empresa', en: 'Open a company account' },
  forintegration: { pt: 'Integração Banking v1', en: 'Banking v1 integration' },
};
