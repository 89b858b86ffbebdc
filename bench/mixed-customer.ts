import * as v from 'valibot';
import type { TenantHandle } from '../mock-server/index.js';
import { authorizationOf } from './made-codes.js';

const tokenAnswer = v.looseObject({ access_token: v.string(), refresh_token: v.string() });

/** A customer of one bank; every method throws at an answer that is not what was asked for. */
export class MixedCustomer {
  readonly #bank: 'bs2' | 'btg';
  readonly #tenant: TenantHandle;
  readonly #fetch: (request: Request) => Promise<Response>;
  #accessToken = '';
  #refreshToken = '';

  constructor(bank: 'bs2' | 'btg', tenant: TenantHandle, fetch: (request: Request) => Promise<Response>) {
    this.#bank = bank;
    this.#tenant = tenant;
    this.#fetch = fetch;
  }

  async consent(): Promise<void> {
    const { url, redeeming } = authorizationOf(this.#tenant, this.#bank);
    // The app's tokens are spent after three consents in thirty seconds; an SMS is sent for each.
    const { redirectTo } = await this.#tenant.consents.create({
      authorizationUrl: url,
      decision: 'approve',
      secondFactor: 'sms',
    });
    const code = new URL(redirectTo).searchParams.get('code') ?? '';
    const rest = Object.fromEntries(new URLSearchParams(redeeming));
    await this.#take(await this.#token({ grant_type: 'authorization_code', code, ...rest }));
  }

  async refresh(): Promise<void> {
    await this.#take(await this.#token({ grant_type: 'refresh_token', refresh_token: this.#refreshToken }));
  }

  async call(): Promise<void> {
    const status = await this.#call();
    if (status !== 200) throw new Error(`A bearer call at ${this.#bank} was answered ${String(status)}.`);
  }

  /** After a jump of the clock beyond all lifetimes. */
  async findExpired(): Promise<void> {
    const answer = await this.#token({ grant_type: 'refresh_token', refresh_token: this.#refreshToken });
    const status = await this.#call();
    if (answer.status === 400 && status === 401) return;
    throw new Error(`Expired tokens at ${this.#bank} were answered ${String(answer.status)} and ${String(status)}.`);
  }

  async #take(answer: Response): Promise<void> {
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`A token request at ${this.#bank} was answered ${text}`);
    const { access_token: accessToken, refresh_token: refreshToken } = v.parse(tokenAnswer, JSON.parse(text));
    this.#accessToken = accessToken;
    this.#refreshToken = refreshToken;
  }

  #token(body: Readonly<Record<string, string>>): Promise<Response> {
    const { client, tokenEndpoint } = this.#tenant[this.#bank];
    const headers = { authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}` };
    const scope = this.#bank === 'bs2' ? { scope: client?.scope ?? '' } : {};
    return this.#fetch(
      new Request(tokenEndpoint, { method: 'POST', headers, body: new URLSearchParams({ ...body, ...scope }) }),
    );
  }

  async #call(): Promise<number> {
    const { bs2, btg } = this.#tenant;
    const endpoint = this.#bank === 'bs2' ? bs2.balanceEndpoint : btg.accountsEndpoint;
    const answer = await this.#fetch(
      new Request(endpoint, { headers: { authorization: `Bearer ${this.#accessToken}` } }),
    );
    await answer.text();
    return answer.status;
  }
}
