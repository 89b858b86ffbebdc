import { joinUrl } from '../client/banks/bank-profile.js';
import type { BankUnderTest } from './target.js';

const bs2Accounts = '/pj/apibanking/forintegration';
/** Any month will do: what is read is the form of the answer. */
const month = 'movimentoInicial=2026-01-01&movimentoFinal=2026-01-31&inicio=0';

/** Resources of the banks by the words of the features; the account is one of the company's, where one is needed. */
export const resourcePaths: Readonly<Record<string, (company: string, account: string) => string>> = {
  'the balance': () => `${bs2Accounts}/v2/contascorrentes/saldo`,
  'the older balance': () => `${bs2Accounts}/v1/contascorrentes/saldo`,
  'the balance of a day': () => `${bs2Accounts}/v2/contascorrentes/saldo?dataReferencia=2026-01-31`,
  'the balance of no day': () => `${bs2Accounts}/v2/contascorrentes/saldo?dataReferencia=not-a-day`,
  'the statement': () => `${bs2Accounts}/v2/contascorrentes/extrato?${month}`,
  'the older statement': () => `${bs2Accounts}/v1/contascorrentes/extrato?${month}`,
  'the accounts': (company) => `/${company}/banking/accounts`,
  'the balances of an account': (company, account) => `/${company}/banking/accounts/${account}/balances`,
};

/** The address of a resource. */
export function resourceAddress({ endpoints, company }: BankUnderTest, resource: string, account = 'unknown'): string {
  return joinUrl(endpoints.api, resourcePaths[resource]?.(company, account) ?? '/');
}
