import type { Bank } from '../banks/bank.js';
import type { Answer } from '../banks/exchange.js';
import type { JsonMembers, JsonValue } from '../banks/json-members.js';
import { withGrantPolicy, withTokens } from '../mutants/bank-patches.js';
import { withMember, withoutMember } from '../mutants/jwt-changes.js';
import type { Acted, Alteration } from './alteration.js';
import { atBothBanks, btgAlteration } from './define-alterations.js';
import { maintenancePage } from './maintenance-page.js';

/** The members of a token response are others. A change of null leaves this response as it is. */
function withMembers<B extends Bank>(bank: B, acted: Acted, change: (members: JsonMembers) => JsonMembers | null): B {
  return withTokens(bank, (honest) => ({
    tokenMembers: async (exchange, given) => {
      const members = await honest.tokenMembers(exchange, given);
      const changed = change(members);
      if (changed === null) return members;
      acted();
      return changed;
    },
  }));
}

function withRenderedTokens<B extends Bank>(bank: B, acted: Acted, change: (answer: Answer) => Answer): B {
  return withTokens(bank, (honest) => ({
    renderTokens: (exchange, members) => {
      acted();
      return change(honest.renderTokens(exchange, members));
    },
  }));
}

/**
 * Gives an access token alone. It is the bank's decision for this one request, so that nothing has to be undone: a
 * refresh does not rotate, and the token that was sent stays the one that works.
 */
function withoutNewRefreshToken<B extends Bank>(bank: B, acted: Acted): B {
  let isWithheld = false;
  const keeping = withGrantPolicy(bank, (honest) => ({
    rotatesRefreshToken: () => {
      isWithheld = honest.rotatesRefreshToken();
      return false;
    },
  }));
  return withTokens(keeping, (honest) => ({
    givesRefreshToken: (grantType) => {
      isWithheld = honest.givesRefreshToken(grantType);
      return false;
    },
    tokenMembers: (exchange, given) => {
      if (isWithheld) acted();
      return honest.tokenMembers(exchange, given);
    },
  }));
}

function valueOf(members: JsonMembers, wanted: string): JsonValue | undefined {
  return members.find(([name]) => name === wanted)?.[1];
}

/** The members without one of them; null where it is absent already. */
function without(members: JsonMembers, unwanted: string): JsonMembers | null {
  return valueOf(members, unwanted) === undefined ? null : withoutMember(members, unwanted);
}

const lateAnswer = { both: ['RFC6749-5.1-c'] };
const noJson = { both: ['RFC6749-5.1-a'], bs2: ['BS2-code-j'], btg: ['BTG-token-f'] };

/** Successes of the token endpoint that are not what a client expects. The tokens in them work. */
export const tokenResponseAlterations: readonly Alteration[] = [
  ...atBothBanks(
    {
      name: 'token-response.unknown-members',
      description: 'The token response has members that no specification has: a text, a list and an object.',
      breaks: lateAnswer,
    },
    'token',
    (bank, acted) =>
      withMembers(bank, acted, (members) => [
        ...members,
        ['canal', 'conexão'],
        ['limites', [1, 2, 3]],
        ['titular', { tipo: 'PJ', verificado: true, observacao: null }],
      ]),
  ),
  ...atBothBanks(
    {
      name: 'token-response.token-type-case',
      description: 'The token_type is written bEARER.',
      breaks: { both: ['RFC6749-5.1-d'] },
    },
    'token',
    (bank, acted) => withMembers(bank, acted, (members) => withMember(members, 'token_type', 'bEARER')),
  ),
  ...atBothBanks(
    {
      name: 'token-response.token-type-unknown',
      description: 'The token_type is mac, which is no Bearer token’s.',
      breaks: { both: ['RFC6749-5.1-d'] },
    },
    'token',
    (bank, acted) => withMembers(bank, acted, (members) => withMember(members, 'token_type', 'mac')),
  ),
  ...atBothBanks(
    {
      name: 'token-response.expires-in-missing',
      description: 'The token response does not say how long the access token lives.',
      breaks: lateAnswer,
    },
    'token',
    (bank, acted) => withMembers(bank, acted, (members) => without(members, 'expires_in')),
  ),
  ...atBothBanks(
    {
      name: 'token-response.expires-in-string',
      description: 'expires_in is the right number, written as a string.',
      breaks: lateAnswer,
    },
    'token',
    (bank, acted) =>
      withMembers(bank, acted, (members) => {
        const seconds = valueOf(members, 'expires_in');
        return seconds === undefined ? null : withMember(members, 'expires_in', JSON.stringify(seconds));
      }),
  ),
  ...atBothBanks(
    {
      name: 'token-response.scope-missing',
      description: 'The token response does not repeat the scope, which is the one that was asked for.',
      breaks: { both: ['RFC6749-3.3-a'] },
    },
    'token',
    (bank, acted) => withMembers(bank, acted, (members) => without(members, 'scope')),
  ),
  ...atBothBanks(
    {
      name: 'token-response.refresh-token-missing',
      description:
        'The token response has no refresh token: a refresh leaves the one that was sent valid, a code gives none.',
      breaks: { both: ['RFC6749-6-d'] },
    },
    'token',
    withoutNewRefreshToken,
  ),
  ...atBothBanks(
    {
      name: 'token-response.html',
      description: 'The tokens were given; the answer is a page for people with status 200.',
      breaks: noJson,
    },
    'token',
    (bank, acted) => withRenderedTokens(bank, acted, maintenancePage),
  ),
  ...atBothBanks(
    {
      name: 'token-response.empty',
      description: 'The tokens were given; the answer has status 200 and nothing in it.',
      breaks: noJson,
    },
    'token',
    (bank, acted) => withRenderedTokens(bank, acted, (answer) => ({ ...answer, body: '' })),
  ),
  btgAlteration(
    {
      name: 'id-token.missing',
      description: 'The token response has no id_token.',
      breaks: ['OIDCC-3.1.3.3-a', 'BTG-token-f'],
    },
    'token',
    (bank, acted) => withMembers(bank, acted, (members) => without(members, 'id_token')),
  ),
  btgAlteration(
    {
      name: 'id-token.access-token',
      description: 'The id_token is the access token of the same response once more.',
      breaks: ['RFC8725-3.12-a'],
    },
    'token',
    (bank, acted) =>
      withMembers(bank, acted, (members) => {
        const accessToken = valueOf(members, 'access_token');
        const hasBoth = accessToken !== undefined && valueOf(members, 'id_token') !== undefined;
        return hasBoth ? withMember(members, 'id_token', accessToken) : null;
      }),
  ),
];
