import { readAccessTokenKey } from '../banks/btg/access-token.js';
import type { Btg } from '../banks/btg/bank.js';
import type { BtgResources } from '../banks/btg/resources.js';
import { findCompany } from '../banks/company-of-grant.js';
import { withFinish } from './bank-patches.js';
import { btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

function withResources(bank: Btg, change: (honest: BtgResources) => Partial<BtgResources>): Btg {
  return { ...bank, resources: { ...bank.resources, ...change(bank.resources) } };
}

/** What only BTG's resources can get wrong. */
export const btgResourceMutants: readonly Mutant[] = [
  btgMutant({
    name: 'other-users-accounts-shown',
    description: 'Every token of a client shows the accounts of the company that was consented for last.',
    breaks: ['BTG-resource-d'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        companyOpened: async (tenant, grant, companyId) => {
          const grants = await tenant.store.grants();
          const last = grants.findLast((other) => other.bank === 'btg' && other.clientId === grant.clientId);
          return honest.companyOpened(tenant, last ?? grant, companyId);
        },
      })),
  }),
  btgMutant({
    name: 'other-company-opened',
    description: 'A token of one company opens the accounts of every other.',
    breaks: ['BTG-resource-d'],
    patch: (bank) =>
      withResources(bank, () => ({
        isCompanyOf: () => true,
        companyOpened: (tenant, _grant, companyId) => findCompany(tenant, companyId),
      })),
  }),
  btgMutant({
    name: 'unknown-company-forbidden',
    description: 'In the sandbox a company other than its own gets 403 and not 404.',
    breaks: ['BTG-resource-e'],
    patch: (bank) => withResources(bank, () => ({ companyExists: () => true })),
  }),
  btgMutant({
    name: 'missing-scope-accepted',
    description: 'A token without a scope that opens the accounts opens them.',
    breaks: ['BTG-resource-c', 'BTG-scope-a'],
    patch: (bank) => withResources(bank, () => ({ hasScope: () => true })),
  }),
  btgMutant({
    name: 'required-scopes-unlisted',
    description: 'A token that is short of scope is not told which scopes would do.',
    breaks: ['BTG-resource-c'],
    patch: (bank) => withResources(bank, (honest) => ({ insufficientScope: () => honest.insufficientScope([]) })),
  }),
  btgMutant({
    name: 'client-credentials-open-banking',
    description: 'A token that no user consented to opens the accounts.',
    breaks: ['BTG-client-b'],
    patch: (bank) =>
      withResources(bank, (honest) => ({
        opensBanking: () => true,
        isCompanyOf: (grant, companyId) =>
          grant.origin === 'client_credentials' || honest.isCompanyOf(grant, companyId),
      })),
  }),
  btgMutant({
    name: 'developer-served-in-production',
    description: 'Where the bank wants operators, the tokens of a developer open the accounts too.',
    breaks: ['BTG-login-e'],
    patch: (bank) => withResources(bank, () => ({ mayCall: () => true })),
  }),
  btgMutant({
    name: 'developer-refused-in-sandbox',
    description: 'The tokens of a developer open nothing, not even in the sandbox.',
    breaks: ['BTG-login-f'],
    patch: (bank) => withResources(bank, (honest) => ({ mayCall: (user) => honest.mayCall(user, true) })),
  }),
  btgMutant({
    name: 'balance-without-currency',
    description: 'Amounts come without their currency.',
    breaks: ['BTG-resource-g'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'api' ? { ...answer, body: answer.body.replaceAll(',"currency":"BRL"', '') } : answer,
      ),
  }),
  btgMutant({
    name: 'account-without-branch',
    description: 'Accounts come without branchCode.',
    breaks: ['BTG-resource-h'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'api' ? { ...answer, body: answer.body.replaceAll(/"branchCode":"[^"]*",/g, '') } : answer,
      ),
  }),
  btgMutant({
    name: 'account-id-shortened',
    description: 'accountId is the account’s number alone.',
    breaks: ['BTG-resource-a'],
    patch: (bank) => withResources(bank, () => ({ accountId: (_companyId, { number }) => number })),
  }),
  btgMutant({
    name: 'token-signature-unchecked',
    description: 'An access token whose signature is wrong or missing opens the accounts.',
    breaks: ['BTG-resource-b', 'RFC6750-3.1-a'],
    patch: (bank) => ({
      ...bank,
      jwts: { ...bank.jwts, accessTokenKey: (token) => bank.jwts.accessTokenKey(token) ?? readAccessTokenKey(token) },
    }),
  }),
];
