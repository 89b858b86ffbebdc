import type { Bank } from '../banks/bank.js';
import type { BankId } from '../banks/bank-id.js';
import type { Bs2 } from '../banks/bs2/bank.js';
import type { Bs2Resources } from '../banks/bs2/resources.js';
import { companyOfGrant } from '../banks/company-of-grant.js';
import type { Btg } from '../banks/btg/bank.js';
import type { BtgResources } from '../banks/btg/resources.js';
import { withFinish, withGrantPolicy } from '../mutants/bank-patches.js';
import type { Tenant } from '../tenants/tenant.js';
import type { Account } from '../tenants/user.js';
import type { Acted, Alteration } from './alteration.js';
import { atBothBanks, bs2Alteration, btgAlteration } from './define-alterations.js';
import { maintenancePage } from './maintenance-page.js';

function withBs2Resources(bank: Bs2, change: (honest: Bs2Resources) => Partial<Bs2Resources>): Bs2 {
  return { ...bank, resources: { ...bank.resources, ...change(bank.resources) } };
}

function withBtgResources(bank: Btg, change: (honest: BtgResources) => Partial<BtgResources>): Btg {
  return { ...bank, resources: { ...bank.resources, ...change(bank.resources) } };
}

/** A token that works is judged dead; for one that does not, the bank says the same without this. */
function withDeadToken<B extends Bank>(bank: B, acted: Acted): B {
  return withGrantPolicy(bank, (honest) => ({
    isAccessTokenDead: (token) => {
      if (!honest.isAccessTokenDead(token)) acted();
      return true;
    },
  }));
}

interface AccountsOfCompany {
  readonly cnpj: string;
  readonly accounts: readonly Account[];
}

/** A company that is not this one, with its accounts at a bank; undefined where the tenant has no other. */
function otherCompany(tenant: Tenant, bank: BankId, cnpj: string | undefined): AccountsOfCompany | undefined {
  return tenant.users
    .list()
    .flatMap(({ companies }) => companies)
    .map((company) => ({ cnpj: company.cnpj, accounts: company.accounts.filter((account) => account.bank === bank) }))
    .find((company) => company.cnpj !== cnpj && company.accounts.length > 0);
}

function otherAccountAtBs2(bank: Bs2, acted: Acted): Bs2 {
  return withBs2Resources(bank, (honest) => ({
    accountOf: async (tenant, grant) => {
      const own = await honest.accountOf(tenant, grant);
      const other = otherCompany(tenant, 'bs2', companyOfGrant(tenant, grant)?.cnpj)?.accounts[0];
      if (own === undefined || other === undefined) return own;
      acted();
      return other;
    },
  }));
}

function otherAccountsAtBtg(bank: Btg, acted: Acted): Btg {
  return withBtgResources(bank, (honest) => ({
    accountList: (exchange, companyId, accounts) => {
      const other = otherCompany(exchange.tenant, 'btg', companyId);
      if (other === undefined) return honest.accountList(exchange, companyId, accounts);
      acted();
      return honest.accountList(exchange, other.cnpj, other.accounts);
    },
    balance: (exchange, companyId, account) => {
      const other = otherCompany(exchange.tenant, 'btg', companyId);
      const [shown] = other?.accounts ?? [];
      if (other === undefined || shown === undefined) return honest.balance(exchange, companyId, account);
      acted();
      return honest.balance(exchange, other.cnpj, shown);
    },
  }));
}

const wrongCompany = 'The answer is another company’s.';

/** Answers of the APIs to calls with a token that works. */
export const resourceAlterations: readonly Alteration[] = [
  ...atBothBanks(
    {
      name: 'api.unauthorized',
      description: 'A token that works is refused as one that does not, in the bank’s own words; it goes on working.',
      breaks: { both: ['RFC6750-3.1-a'], bs2: ['BS2-resource-b'], btg: ['BTG-resource-b'] },
    },
    'api',
    withDeadToken,
  ),
  bs2Alteration(
    {
      name: 'api.forbidden',
      description: 'A client that may use the API gets 403 and nothing in it, as one that is not provisioned.',
      breaks: ['BS2-resource-c', 'RFC6750-3.1-a'],
    },
    'api',
    (bank, acted) =>
      withBs2Resources(bank, (honest) => ({
        isProvisioned: (client) => {
          if (honest.isProvisioned(client)) acted();
          return false;
        },
      })),
  ),
  btgAlteration(
    {
      name: 'api.forbidden',
      description: 'A token of the company gets 403, as one of another company.',
      breaks: ['BTG-resource-d', 'RFC6750-3.1-a'],
    },
    'api',
    (bank, acted) =>
      withBtgResources(bank, (honest) => ({
        isCompanyOf: (grant, companyId) => {
          if (honest.isCompanyOf(grant, companyId)) acted();
          return false;
        },
      })),
  ),
  btgAlteration(
    {
      name: 'api.insufficient-scope',
      description: 'A token with the scope gets 403 and the list of the scopes that would do.',
      breaks: ['BTG-resource-c', 'BTG-scope-a'],
    },
    'api',
    (bank, acted) =>
      withBtgResources(bank, (honest) => ({
        hasScope: (token, accepted) => {
          if (honest.hasScope(token, accepted)) acted();
          return false;
        },
      })),
  ),
  bs2Alteration(
    { name: 'api.wrong-company', description: wrongCompany, breaks: ['BS2-resource-e'] },
    'api',
    otherAccountAtBs2,
  ),
  btgAlteration(
    { name: 'api.wrong-company', description: wrongCompany, breaks: ['BTG-resource-d'] },
    'api',
    otherAccountsAtBtg,
  ),
  ...atBothBanks(
    {
      name: 'api.html',
      description: 'The answer is a page for people with status 200.',
      breaks: { both: [], bs2: ['BS2-resource-a'], btg: ['BTG-resource-a'] },
    },
    'api',
    (bank, acted) =>
      withFinish(bank, (answer, endpoint) => {
        if (endpoint !== 'api' || answer.status !== 200) return answer;
        acted();
        return maintenancePage(answer);
      }),
  ),
];
