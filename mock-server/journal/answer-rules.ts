import type { BankId } from '../banks/bank-id.js';
import type { Endpoint } from '../banks/exchange.js';
import type { GrantRefusal } from '../oauth/code-redemption.js';
import type { VerifierFault } from '../oauth/pkce.js';
import { requirementsAt } from './findings/finding.js';

/** Which rule of a bank gave an answer, and what stands behind it. */
export interface AnswerRule {
  /** One sentence: what the bank looked at, and what it did. */
  readonly text: string;
  /** Ids of the register of requirements. */
  readonly requirements: readonly string[];
}

interface AnswerRow extends AnswerRule {
  readonly endpoints: readonly Endpoint[];
  /** Outcomes of the journal that this rule gives; of one with a colon, what stands behind it. */
  readonly outcomes: readonly string[];
  readonly bank?: BankId;
}

const token: readonly Endpoint[] = ['token'];
const tokenAndRevoke: readonly Endpoint[] = ['token', 'revoke'];
const pages: readonly Endpoint[] = ['login', 'consent', 'second-factor', 'scopes', 'company'];
const frontChannel: readonly Endpoint[] = ['authorize', ...pages];
const api: readonly Endpoint[] = ['api'];

function row(
  endpoints: readonly Endpoint[],
  outcomes: readonly string[],
  text: string,
  requirements: readonly string[] = [],
  bank?: BankId,
): AnswerRow {
  return { endpoints, outcomes, text, requirements, ...(bank === undefined ? {} : { bank }) };
}

/** In the order of the checks: a request is answered by the first rule that has something to say. */
const rows: readonly AnswerRow[] = [
  row(
    frontChannel,
    [
      'malformed',
      'Missing or duplicate parameters',
      'The request cannot be read',
      'The body is not application/x-www-form-urlencoded',
      'client_id is repeated',
      'client_id is missing',
      'redirect-uri-repeated',
    ],
    'The request cannot be read as it stands, or names no client: the user stays at the bank.',
    ['RFC6749-3.1-c', 'BS2-consent-g', 'BTG-request-f'],
  ),
  row(
    ['authorize'],
    ['The given client credentials were not valid'],
    'The client is unknown, or its API Secret is wrong: nobody is led to a login.',
    ['BS2-consent-b', 'BS2-error-g'],
  ),
  row(
    ['authorize'],
    ['unknown-client'],
    'The client is not known in this environment: the bank stops before the login and redirects nowhere.',
    ['BTG-request-b'],
  ),
  row(
    ['authorize'],
    [
      'redirect-uri-missing',
      'redirect-uri-mismatch',
      'redirect-uri-insecure',
      'redirect_uri is missing',
      'redirect_uri is not registered for this application',
      'redirect_uri is repeated',
      'redirect_uri must use https',
    ],
    'The redirect_uri is not one that the client registered, character by character: the user is never sent there.',
    ['RFC6749-3.1.2.4-a', 'RFC9700-2.1-a', 'BS2-consent-f', 'BTG-request-a'],
  ),
  row(['authorize'], ['login'], 'The authorization request is right: the user is led to the login.', [
    'BS2-consent-h',
    'BTG-request-g',
  ]),
  row(
    ['authorize'],
    ['unsupported_response_type'],
    'Only response_type=code is offered: the error goes back on the redirect.',
    ['RFC6749-3.1.1-a', 'BS2-consent-k'],
  ),
  row(
    ['authorize'],
    ['invalid_scope'],
    'The scope is missing, or holds what the client may not ask for: the error goes back on the redirect.',
    ['BTG-request-c', 'BTG-request-d', 'BS2-error-d'],
  ),
  row(
    ['authorize'],
    ['invalid_request'],
    'A parameter is missing, repeated or not understood: the error goes back on the redirect.',
    ['RFC6749-3.1-c', 'BS2-consent-n', 'BTG-pkce-c'],
  ),
  row(
    ['authorize'],
    ['login_required', 'consent_required', 'interaction_required'],
    'The client asked that no page be shown, and without one nobody can consent.',
    ['OIDCC-3.1.2.1-c'],
  ),
  row(pages, ['wrong-credentials'], 'Username and password do not belong together: the login is shown again.', [
    'BS2-holder-e',
    'BTG-login-c',
  ]),
  row(pages, ['consent', 'scopes', 'company', 'second-factor', 'login'], 'The user went on to the next page.', [
    'BS2-holder-b',
    'BTG-login-a',
  ]),
  row(pages, ['wrong-token'], 'The second factor is wrong: the page is shown again.', ['BS2-holder-f', 'BTG-login-d']),
  row(pages, ['expired-token'], 'The SMS token is older than it may be: the page is shown again.', [
    'BS2-holder-i',
    'BTG-login-d',
  ]),
  row(pages, ['spent-token'], 'An app token confirms one consent and no other.', ['BS2-holder-h', 'RFC6238-5.2-a']),
  row(pages, ['nothing-chosen'], 'The form came without a choice: the page is shown again.', ['BS2-holder-b']),
  row(
    frontChannel,
    ['code'],
    'The user consented: an authorization code goes to the redirect_uri, with the state that was sent.',
    ['BS2-holder-c', 'BS2-holder-d', 'BTG-code-a', 'RFC6749-4.1.2-f'],
  ),
  row(
    frontChannel,
    ['access_denied'],
    'The user denied, or typed three wrong tokens: the client learns of it on its redirect_uri.',
    ['BS2-holder-k', 'BS2-holder-g', 'BTG-code-b'],
  ),
  row(
    pages,
    ['unknown-session', 'session-over'],
    'The login is over: it took longer than ten minutes, ended already, or its form was sent twice.',
    ['BS2-holder-j', 'BS2-holder-q', 'BTG-login-i'],
  ),
  row(pages, ['locked-user', 'no-company'], 'This user may not consent here: the login ends.', [
    'BS2-holder-e',
    'BTG-login-c',
  ]),
  row(pages, ['forged'], 'The form is not one that the bank showed to this browser.', ['RFC6749-10.12-b']),
  row(
    tokenAndRevoke,
    ['the body is not application/x-www-form-urlencoded'],
    'Token requests are forms: another content type is refused before anything is read.',
    ['BS2-grants-e', 'BTG-token-e'],
  ),
  row(
    tokenAndRevoke,
    ['the body is malformed', 'a parameter is repeated'],
    'A parameter comes twice, or the body cannot be decoded.',
    ['RFC6749-3.1-c'],
  ),
  row(tokenAndRevoke, ['several'], 'The client may name itself in one way at a time: by Basic or in the body.', [
    'RFC6749-2.3.1-a',
    'BTG-token-h',
  ]),
  row(tokenAndRevoke, ['missing', 'secret-missing'], 'A token request must say who sends it, with the secret.', [
    'BS2-code-h',
    'BS2-refresh-a',
    'BTG-token-d',
    'RFC6749-4.1.3-b',
  ]),
  row(
    tokenAndRevoke,
    ['unknown-client', 'wrong-secret', 'method'],
    'The client is unknown, its secret is wrong, or it came in a way that this bank does not take.',
    ['BS2-error-a', 'BTG-error-a', 'BTG-error-b', 'RFC6749-5.2-b'],
  ),
  row(['revoke'], ['malformed'], 'The Authorization header cannot be read as Basic.', ['RFC7009-2.1-a']),
  row(token, ['malformed'], 'The Authorization header cannot be read as Basic.', [
    'RFC6749-2.3.1-a',
    'BS2-error-a',
    'BTG-error-a',
  ]),
  row(
    token,
    ['over the limit'],
    'The client made more token requests in the sliding window than it may: 429, and Retry-After says when to come back.',
    ['BS2-limit-a', 'BS2-limit-b', 'BS2-limit-c', 'BTG-refresh-g'],
  ),
  row(token, ['grant_type is missing'], 'A token request names its grant_type.', ['BS2-error-c', 'RFC6749-5.2-a']),
  row(token, ['the bank does not offer this grant type'], 'This bank does not offer that grant type.', [
    'BS2-error-e',
    'BTG-client-c',
  ]),
  row(token, ['code is missing'], 'An exchange brings its code.', ['BS2-code-f', 'BS2-error-c']),
  row(
    token,
    ['redirect_uri is missing', 'other-redirect-uri'],
    'The exchange repeats the redirect_uri of the authorization request.',
    ['BS2-code-i', 'RFC6749-4.1.3-c'],
  ),
  row(
    token,
    ['verifier-missing', 'verifier-malformed', 'verifier-mismatch'],
    'The authorization request had a code_challenge, and the code_verifier is missing or another one’s.',
    ['RFC7636-4.6-a', 'RFC9700-2.1.1-b'],
  ),
  row(token, ['verifier-unexpected'], 'A code_verifier came, and the authorization request had no code_challenge.', [
    'RFC9700-2.1.1-c',
  ]),
  row(token, ['refresh_token is missing'], 'A refresh brings its refresh token.', ['BS2-refresh-d', 'BS2-error-c']),
  row(token, ['scope-missing'], 'At this bank a refresh must name the scope.', ['BS2-refresh-b']),
  row(token, ['scope-beyond-grant'], 'A refresh cannot ask for more than the user consented to.', [
    'RFC9700-4.14.2-a',
    'BS2-error-d',
  ]),
  row(
    token,
    ['scope has characters that no scope can have', 'the client did not register this scope'],
    'The client may not have this scope.',
    ['BS2-error-d', 'BTG-request-d'],
  ),
  row(token, ['username or password is missing', 'resource-owner'], 'Username and password are wrong or missing.', [
    'BS2-grants-b',
  ]),
  row(
    tokenAndRevoke,
    ['a public client has no credentials', 'the token is of another client'],
    'Only the client that something was given to may use it, and it must prove who it is.',
    ['RFC7009-2.1-b', 'BTG-revoke-d', 'BTG-client-a'],
  ),
  row(['revoke'], ['token is missing'], 'A revocation names the token.', ['RFC7009-2.2.1-a']),
  row(['revoke'], ['revoked'], 'The token is ended; with a refresh token, its grant.', [
    'BTG-revoke-a',
    'BTG-revoke-b',
  ]),
  row(['revoke'], ['nothing to revoke'], 'The bank does not know the token, and answers as if it had been revoked.', [
    'BTG-revoke-c',
    'RFC7009-2.2-a',
  ]),
  row(
    ['discovery', 'jwks'],
    ['metadata', 'discovery is off'],
    'Nothing shows that the bank has metadata; the setting btg.discovery turns them on.',
    ['BTG-metadata-a'],
  ),
  row(api, ['missing', 'malformed'], 'A call brings its access token as Authorization: Bearer, and one token only.', [
    'BS2-resource-f',
    'BS2-resource-b',
    'BTG-resource-b',
    'RFC6750-2.1-a',
  ]),
  row(
    api,
    ['unknown', 'unknown-client'],
    'The bank has no such access token: it is of another tenant, environment or time, or was changed.',
    ['BS2-resource-b', 'BTG-resource-b', 'RFC6750-3.1-a'],
  ),
  row(api, ['expired'], 'The access token is past its life, to the second.', [
    'BS2-tokens-d',
    'BS2-resource-b',
    'BTG-access-token-d',
    'BTG-resource-b',
  ]),
  row(api, ['dead'], 'A newer access token of this application and account ended this one, or the client revoked it.', [
    'BS2-tokens-g',
    'BS2-tokens-l',
    'BTG-revoke-d',
  ]),
  row(api, ['revoked'], 'The grant behind the access token was revoked.', ['BS2-resource-b', 'BTG-revoke-b']),
  row(api, ['not-provisioned'], 'The client is not provisioned for this resource.', ['BS2-resource-c']),
  row(api, ['insufficient-scope'], 'The access token lacks the scope of this resource.', [
    'BS2-resource-d',
    'BTG-resource-c',
  ]),
  row(api, ['unknown-company'], 'The company does not exist in this environment.', ['BTG-resource-e']),
  row(
    api,
    ['no-account', 'other-company', 'unknown-account'],
    'A token opens what its user consented to, and nothing else.',
    ['BS2-resource-e', 'BTG-resource-d'],
  ),
  row(api, ['client-credentials', 'no-user', 'developer'], 'A token without a user who may operate opens no banking.', [
    'BTG-client-b',
    'BTG-login-e',
  ]),
  row(api, ['business-error'], 'The call makes no sense to the resource.', ['BS2-resource-h']),
  row(api, ['balance'], 'The token is good: the balance of the account that its user consented to.', [
    'BS2-resource-a',
    'BS2-resource-e',
  ]),
  row(api, ['statement'], 'The token is good: the statement of the account that its user consented to.', [
    'BS2-resource-i',
  ]),
  row(api, ['accounts'], 'The token is good: the accounts of the company that its user consented for.', [
    'BTG-resource-a',
    'BTG-resource-d',
  ]),
  row(api, ['balances'], 'The token is good: the balances of that account.', ['BTG-resource-g']),
  row(
    [...frontChannel, ...tokenAndRevoke, ...api],
    ['address-not-allowed'],
    'In production the bank lets in only the addresses that the application listed.',
    ['BS2-production-b'],
  ),
  row(
    [...frontChannel, ...tokenAndRevoke, ...api],
    ['user-agent-code-missing'],
    'In production every request of a backend carries the bank’s code in its User-Agent.',
    ['BS2-production-a'],
  ),
];

/** Answers that say nothing of why, by their status. */
const silentAnswers: readonly (AnswerRule & { readonly endpoints: readonly Endpoint[]; readonly status: number })[] = [
  {
    endpoints: pages,
    status: 200,
    text: 'The page of this step is shown.',
    requirements: ['BS2-holder-a', 'BS2-consent-e', 'BTG-login-a'],
  },
  { endpoints: pages, status: 302, text: 'The login is at another step: the user is led there.', requirements: [] },
  {
    endpoints: [...frontChannel, ...tokenAndRevoke, ...api, 'discovery', 'jwks'],
    status: 405,
    text: 'This address takes another method.',
    requirements: ['BS2-consent-h', 'BTG-request-g'],
  },
  {
    endpoints: [...frontChannel, ...tokenAndRevoke, ...api],
    status: 413,
    text: 'The body is larger than any form of the bank can be.',
    requirements: [],
  },
];

/** What a grant type gives, where tokens came of it. */
const givings: Readonly<Record<string, AnswerRule>> = {
  authorization_code: {
    text: 'Client, code and redirect_uri belong together: tokens.',
    requirements: ['BS2-code-a', 'BS2-code-b', 'BTG-token-a', 'BTG-token-b'],
  },
  refresh_token: {
    text: 'The refresh token is good: new tokens, and what came before them ends where this bank ends it.',
    requirements: [
      'BS2-tokens-c',
      'BS2-tokens-g',
      'BS2-tokens-h',
      'BS2-tokens-i',
      'BTG-refresh-a',
      'BTG-refresh-c',
      'BTG-refresh-d',
    ],
  },
  client_credentials: {
    text: 'The client gets a token for itself, with no user.',
    requirements: ['BS2-grants-a', 'BTG-client-a'],
  },
  password: { text: 'The user’s password gives tokens.', requirements: ['BS2-grants-b'] },
};

/** Refusals of which code and refresh token have one of their own each. */
type DeadValue = Exclude<GrantRefusal, VerifierFault | 'other-redirect-uri'>;

/** What a code or refresh token that does not work is refused with; it depends on which of the two was sent. */
const deadValues: Readonly<Record<DeadValue, Readonly<Record<'authorization_code' | 'refresh_token', AnswerRule>>>> = {
  unknown: {
    authorization_code: {
      text: 'The bank never gave this code, or gave it long ago.',
      requirements: ['BS2-error-b', 'RFC6749-5.2-c'],
    },
    refresh_token: {
      text: 'The bank never gave this refresh token, or gave it long ago.',
      requirements: ['BS2-error-b', 'RFC6749-5.2-c'],
    },
  },
  expired: {
    authorization_code: {
      text: 'The code is older than ten minutes.',
      requirements: ['BS2-code-c', 'BTG-token-c', 'RFC6749-4.1.2-a'],
    },
    refresh_token: {
      text: 'The refresh token is past its life: only a new consent helps.',
      requirements: ['BS2-tokens-a', 'BTG-refresh-b'],
    },
  },
  spent: {
    authorization_code: {
      text: 'The code was redeemed before: it is refused, and what it gave is revoked.',
      requirements: ['RFC6749-4.1.2-c', 'RFC6749-4.1.2-d'],
    },
    refresh_token: {
      text: 'The refresh token was exchanged before: only the newest works.',
      requirements: ['BS2-tokens-h', 'BS2-tokens-j', 'BTG-refresh-d', 'RFC9700-4.14.2-b'],
    },
  },
  revoked: {
    authorization_code: { text: 'The grant behind the code was revoked.', requirements: ['RFC6749-5.2-c'] },
    refresh_token: {
      text: 'The grant behind the refresh token was revoked: only a new consent helps.',
      requirements: ['BS2-error-b', 'BTG-revoke-a', 'RFC6749-5.2-c'],
    },
  },
  'other-client': {
    authorization_code: {
      text: 'The code was given to another client.',
      requirements: ['RFC6749-4.1.2-e', 'RFC6749-4.1.3-b'],
    },
    refresh_token: { text: 'The refresh token was given to another client.', requirements: ['RFC6749-6-c'] },
  },
};

/** The rule that gave an answer, worked out when somebody asks: no request waits for it. Null for one that is not known. */
export function answerRuleOf(entry: {
  readonly bank: BankId;
  readonly endpoint: Endpoint;
  readonly outcome: string | null;
  readonly grantType: string | null;
  readonly response: { readonly status: number };
}): AnswerRule | null {
  const { bank, endpoint, outcome, grantType, response } = entry;
  if (outcome === null) {
    const silent = silentAnswers.find(
      ({ endpoints, status }) => status === response.status && endpoints.includes(endpoint),
    );
    return silent === undefined ? null : { text: silent.text, requirements: requirementsAt(silent, bank) };
  }
  const why = outcome.replace(/^[a-z_]+: /, '');
  const rule =
    tokenRule(endpoint, why, grantType) ?? rows.find((candidate) => isRuleOf(candidate, bank, endpoint, why));
  return rule === undefined ? null : { text: rule.text, requirements: requirementsAt(rule, bank) };
}

function tokenRule(endpoint: Endpoint, why: string, grantType: string | null): AnswerRule | undefined {
  if (endpoint !== 'token') return undefined;
  if (why === 'tokens') return givings[grantType ?? ''];
  const isDead = (text: string): text is DeadValue => Object.hasOwn(deadValues, text);
  if (grantType !== 'authorization_code' && grantType !== 'refresh_token') return undefined;
  return isDead(why) ? deadValues[why][grantType] : undefined;
}

function isRuleOf(candidate: AnswerRow, bank: BankId, endpoint: Endpoint, why: string): boolean {
  return (
    candidate.endpoints.includes(endpoint) &&
    candidate.outcomes.includes(why) &&
    (candidate.bank === undefined || candidate.bank === bank)
  );
}

/** Every requirement that a rule cites, for the test that each is in the register. */
export function citedRequirements(): string[] {
  const dead = Object.values(deadValues).flatMap(({ authorization_code: code, refresh_token: refresh }) => [
    code,
    refresh,
  ]);
  return [...rows, ...silentAnswers, ...Object.values(givings), ...dead].flatMap(({ requirements }) => requirements);
}
