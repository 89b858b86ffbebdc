import { gatewayJson, resourceJson } from '../banks/bs2/gateway-answers.js';
import type { Bs2Resources } from '../banks/bs2/resources.js';
import type { Bs2 } from '../banks/bs2/bank.js';
import { asPlainText, withHeader } from './answer-changes.js';
import { withFinish } from './bank-patches.js';
import { bs2Mutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withResources(bank: Bs2, change: (honest: Bs2Resources) => Partial<Bs2Resources>): Bs2 {
  return { ...bank, resources: { ...bank.resources, ...change(bank.resources) } };
}

/** What only BS2's resources can get wrong. */
export const bs2ResourceMutants: readonly Mutant[] = [
  bs2Mutant({
    name: 'other-users-account-shown',
    description: 'Every token of a client shows the account of the user who consented last.',
    breaks: ['BS2-resource-e'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        accountOf: async (tenant, grant) => {
          const grants = await tenant.store.grants();
          const last = grants.findLast((other) => other.bank === 'bs2' && other.clientId === grant.clientId);
          return honest.accountOf(tenant, last ?? grant);
        },
      })),
  }),
  bs2Mutant({
    name: 'missing-scope-accepted',
    description: 'A token without the feature’s scope opens the feature.',
    breaks: ['BS2-resource-d'],
    patch: (bank) => withResources(bank, () => ({ hasScope: () => true })),
  }),
  bs2Mutant({
    name: 'refresh-token-opens-account',
    description: 'A refresh token works as an access token.',
    breaks: ['BS2-resource-b'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        bearer: async (exchange) => {
          const { store } = exchange.tenant;
          const sent = await honest.bearer(exchange);
          const refreshToken = typeof sent === 'string' ? undefined : await store.refreshToken(sent.token);
          const grant = refreshToken === undefined ? undefined : await store.grant(refreshToken.grantId);
          const newest = grant?.accessTokens.at(-1);
          return newest === undefined ? sent : { token: newest };
        },
      })),
  }),
  bs2Mutant({
    name: 'invalid-token-as-json',
    description: 'A token that does not work gets JSON where the plain text "Invalid token" is due.',
    breaks: ['BS2-resource-b'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        invalidToken: () => ({
          ...withHeader(honest.invalidToken(), 'content-type', 'application/json;charset=UTF-8'),
          body: gatewayJson([
            ['error', 'invalid_token'],
            ['error_description', 'Invalid token'],
          ]),
        }),
      })),
  }),
  bs2Mutant({
    name: 'unprovisioned-served',
    description: 'A client that is not provisioned gets 200 and the balance.',
    breaks: ['BS2-resource-c'],
    patch: (bank) => withResources(bank, () => ({ isProvisioned: () => true })),
  }),
  bs2Mutant({
    name: 'unprovisioned-explained',
    description: 'A client that is not provisioned gets 403 with a body.',
    breaks: ['BS2-resource-c'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        notProvisioned: () => ({ ...honest.notProvisioned(), body: 'Client not provisioned' }),
      })),
  }),
  bs2Mutant({
    name: 'anonymous-call-served',
    description: 'A call without any token is answered with an account.',
    breaks: ['BS2-resource-f', 'RFC6750-3-a'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        missingToken: () =>
          resourceJson(honest.balance({ bank: 'bs2', branch: '0001', number: '1', available: 1, blocked: 0 })),
      })),
  }),
  bs2Mutant({
    name: 'business-error-as-text',
    description: 'A call that makes no sense gets plain text where a list of tag and descricao is due.',
    breaks: ['BS2-resource-h'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'api' && answer.status === 400 ? asPlainText(answer, 'Erro') : answer,
      ),
  }),
  bs2Mutant({
    name: 'statement-without-limit',
    description: 'The statement has no limite.',
    breaks: ['BS2-resource-i'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'api' ? { ...answer, body: answer.body.replace(/"limite":\s*\d+,\s*/, '') } : answer,
      ),
  }),
  bs2Mutant({
    name: 'user-agent-code-ignored',
    description: 'In production a request without the bank’s code in its User-Agent is let in.',
    breaks: ['BS2-production-a'],
    patch: (bank) => ({ ...bank, gate: () => null }),
  }),
  bs2Mutant({
    name: 'balance-as-string',
    description: 'valor is a string.',
    breaks: ['BS2-resource-a', 'BS2-resource-j', 'BS2-resource-k'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        balance: (account) => ({ ...honest.balance(account), valor: String(account.available) }),
      })),
  }),
  bs2Mutant({
    name: 'blocked-balance-missing',
    description: 'The balance has no valorBloqueado.',
    breaks: ['BS2-resource-a', 'BS2-resource-j', 'BS2-resource-k'],
    patch: (bank) => withResources(bank, () => ({ balance: ({ available }) => ({ valor: available }) })),
  }),
];
