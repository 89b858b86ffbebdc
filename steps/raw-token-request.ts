import type { HttpAnswer } from '../client/http-answer.js';
import { exchange } from '../client/http-transport.js';
import { HarnessFault } from './check-failure.js';
import type { BankUnderTest } from './target.js';
import { readTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** A request of the token or revocation endpoint, part by part: for what no client library would send. */
export interface RawRequest {
  /** A name may come twice. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** The `Authorization` value; null sends none. */
  readonly authorization: string | null;
  /** `json` sends the parameters as a JSON object instead of a form. */
  readonly encoding?: 'form' | 'json';
}

/** Sends a token request as it is. */
export async function sendTokenRequest(bank: BankUnderTest, raw: RawRequest): Promise<TokenAnswer> {
  return readTokenAnswer(await send(bank, bank.endpoints.token, raw));
}

/** Sends a revocation as it is. */
export async function sendRevocation(bank: BankUnderTest, raw: RawRequest): Promise<HttpAnswer> {
  const { revocation } = bank.endpoints;
  if (revocation === null) throw new HarnessFault(`${bank.bank} has no revocation endpoint.`);
  return send(bank, revocation, raw);
}

async function send(bank: BankUnderTest, url: string, raw: RawRequest): Promise<HttpAnswer> {
  const { parameters, authorization, encoding = 'form' } = raw;
  const isForm = encoding === 'form';
  const headers = new Headers({
    accept: 'application/json',
    'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
  });
  if (authorization !== null) headers.set('authorization', authorization);
  const body = isForm
    ? new URLSearchParams(parameters.map(([name, value]): [string, string] => [name, value])).toString()
    : JSON.stringify(Object.fromEntries(parameters));
  return exchange(bank.fetch, new Request(url, { method: 'POST', headers, body, redirect: 'manual' }));
}
