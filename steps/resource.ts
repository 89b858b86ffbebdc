import * as v from 'valibot';
import { joinUrl } from '../client/banks/bank-profile.js';
import type { HttpAnswer } from '../client/http-answer.js';
import { exchange } from '../client/http-transport.js';
import { safeText } from '../client/safe-text.js';
import type { BankUnderTest, UserUnderTest } from './target.js';
import { parseJson } from './token-answer.js';

/** The resource that proves a token: BS2's balance, BTG's list of a company's accounts. */
export function resourceUrl({ bank, endpoints, company }: BankUnderTest, otherCompany?: string): string {
  const path =
    bank === 'bs2'
      ? '/pj/apibanking/forintegration/v2/contascorrentes/saldo'
      : `/${otherCompany ?? company}/banking/accounts`;
  return joinUrl(endpoints.api, path);
}

/** Calls the resource with an `Authorization` value; null sends none. */
export async function callResource(
  bank: BankUnderTest,
  authorization: string | null,
  url: string = resourceUrl(bank),
): Promise<HttpAnswer> {
  const headers = new Headers({ accept: 'application/json' });
  if (authorization !== null) headers.set('authorization', authorization);
  return exchange(bank.fetch, new Request(url, { headers, redirect: 'manual' }));
}

const balance = v.object({ valor: v.number(), valorBloqueado: v.number() });
const accounts = v.object({ data: v.array(v.object({ accountId: v.string() })) });

/** What of a user's accounts an answer shows: amounts at BS2, account ids at BTG; null where it is no such answer. */
export function shownData(bank: BankUnderTest, answer: HttpAnswer): readonly string[] | null {
  if (answer.status !== 200) return null;
  const json = parseJson(answer.body);
  if (bank.bank === 'bs2') {
    const read = v.safeParse(balance, json);
    return read.success
      ? [`valor ${String(read.output.valor)}, valorBloqueado ${String(read.output.valorBloqueado)}`]
      : null;
  }
  const read = v.safeParse(accounts, json);
  return read.success ? read.output.data.map(({ accountId }) => accountId) : null;
}

/** What a user's accounts are, as {@link shownData} shows them; null where the target has no control to ask. */
export async function ownData(
  { bank, control, company }: BankUnderTest,
  { username }: UserUnderTest,
  ofCompany: string = company,
): Promise<readonly string[] | null> {
  if (control === null) return null;
  const { companies } = await control.users.get(username);
  const own =
    companies.find(({ cnpj }) => cnpj === ofCompany)?.accounts.filter((account) => account.bank === bank) ?? [];
  return bank === 'bs2'
    ? own.slice(0, 1).map((first) => `valor ${String(first.available)}, valorBloqueado ${String(first.blocked)}`)
    : own.map(({ branch, number }) => `${ofCompany}-208-${branch}-${number}`);
}

/** An API answer in a few words, without a secret. */
export function describeApiAnswer(answer: HttpAnswer): string {
  const body = answer.body === '' ? 'an empty body' : `"${safeText(answer.body, [], 120)}"`;
  return `${String(answer.status)} with ${body}`;
}
