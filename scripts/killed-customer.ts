import * as v from 'valibot';
import type { TenantHandle } from '../mock-server/index.js';

const tokenAnswer = v.looseObject({ access_token: v.string(), refresh_token: v.string() });
const remembered = 5;

/** What a customer asked for and was not told the outcome of when the server was killed. */
type Unanswered = 'refresh' | 'redemption' | null;

export type CustomerBank = 'bs2' | 'btg';

/** Posts to a token endpoint as the tenant's seeded client of that bank. */
export async function postToken(
  tenant: TenantHandle,
  bank: CustomerBank,
  body: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly text: string }> {
  const { client, tokenEndpoint } = tenant[bank];
  if (client === null) throw new TypeError(`The tenant has no client at ${bank}.`);
  const answer = await fetch(tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret ?? ''}`)}` },
    body: new URLSearchParams({ ...body, ...(bank === 'bs2' ? { scope: 'saldo' } : {}) }),
  });
  return { status: answer.status, text: await answer.text() };
}

/** The status of a call for a balance at BS2, or for the accounts at BTG. */
async function callWith(tenant: TenantHandle, bank: CustomerBank, accessToken: string): Promise<number> {
  const endpoint = bank === 'bs2' ? tenant.bs2.balanceEndpoint : tenant.btg.accountsEndpoint;
  const answer = await fetch(endpoint, { headers: { authorization: `Bearer ${accessToken}` } });
  await answer.text();
  return answer.status;
}

/**
 * One customer's tokens as their application holds them: what the bank answered, what it was asked and did not answer,
 * and what must work no more.
 */
export class KilledCustomer {
  readonly bank: CustomerBank;
  readonly username: string;
  rotations = 0;
  redemptions = 0;
  lostAnswers = 0;
  #refreshToken = '';
  #accessToken = '';
  #unanswered: Unanswered = null;
  #spentRefreshTokens: string[] = [];
  #deadAccessTokens: string[] = [];
  #spentCodes: string[] = [];
  #codeUnderWay: string | null = null;

  constructor(bank: CustomerBank, username: string) {
    this.bank = bank;
    this.username = username;
  }

  async begin(tenant: TenantHandle): Promise<void> {
    const made = await tenant.grants.create({ bank: this.bank, username: this.username });
    this.#use(made.accessToken, made.refreshToken ?? '');
  }

  /** Rejects where the server is gone; what is then known is what was answered. */
  async refresh(tenant: TenantHandle): Promise<void> {
    this.#unanswered = 'refresh';
    const spent = this.#refreshToken;
    const answer = await postToken(tenant, this.bank, { grant_type: 'refresh_token', refresh_token: spent });
    if (answer.status !== 200) throw new TypeError(`A refresh of ${this.username} was answered ${answer.text}`);
    this.#spentRefreshTokens = [...this.#spentRefreshTokens, spent].slice(-remembered);
    this.#take(answer.text);
    this.rotations += 1;
  }

  /** A consent of its own, and the redemption of its code. */
  async consent(tenant: TenantHandle): Promise<void> {
    const { client, authorizationEndpoint } = tenant[this.bank];
    const redirectUri = client?.redirectUris[0] ?? '';
    const url = new URL(authorizationEndpoint);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: client?.id ?? '',
      redirect_uri: redirectUri,
      scope: this.bank === 'bs2' ? 'saldo' : (client?.scope ?? ''),
      state: 'estado-de-teste',
    }).toString();
    const request = { authorizationUrl: url.href, decision: 'approve', username: this.username } as const;
    const { redirectTo } = await tenant.consents.create(request);
    const code = new URL(redirectTo).searchParams.get('code') ?? '';
    this.#unanswered = 'redemption';
    this.#codeUnderWay = code;
    const answer = await postToken(tenant, this.bank, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
    });
    if (answer.status !== 200) throw new TypeError(`A code of ${this.username} was answered ${answer.text}`);
    this.#spentCodes = [...this.#spentCodes, code].slice(-remembered);
    this.#take(answer.text);
    this.redemptions += 1;
  }

  /** Asks the server that was started again for all that this customer knows; returns what is not as it must be. */
  async judge(tenant: TenantHandle): Promise<string[]> {
    const problems: string[] = [];
    const expect = (holds: boolean, problem: string): void => {
      if (!holds) problems.push(`${this.bank} ${this.username}: ${problem}`);
    };
    const unanswered = this.#unanswered;
    if (unanswered === null) {
      const status = await callWith(tenant, this.bank, this.#accessToken);
      expect(status === 200, `the access token that was answered last is answered ${String(status)}`);
    }
    for (const token of this.#deadAccessTokens) {
      const status = await callWith(tenant, this.bank, token);
      expect(status === 401, `an access token that a newer one killed is answered ${String(status)}`);
    }
    for (const token of this.#spentRefreshTokens) {
      const { status } = await postToken(tenant, this.bank, { grant_type: 'refresh_token', refresh_token: token });
      expect(status === 400, `a refresh token whose rotation was answered is answered ${String(status)}`);
    }
    const redirectUri = tenant[this.bank].client?.redirectUris[0] ?? '';
    for (const code of this.#spentCodes) {
      const body = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
      const { status } = await postToken(tenant, this.bank, body);
      expect(status === 400, `a code whose redemption was answered is answered ${String(status)}`);
    }
    if (unanswered === 'redemption' && this.#codeUnderWay !== null) {
      // Either it happened or not; if not it happens now, and then no second time.
      const body = { grant_type: 'authorization_code', code: this.#codeUnderWay, redirect_uri: redirectUri };
      await postToken(tenant, this.bank, body);
      const { status } = await postToken(tenant, this.bank, body);
      expect(status === 400, `a code was redeemed twice`);
    }
    if (this.#refreshToken === '') return problems;
    const body = { grant_type: 'refresh_token', refresh_token: this.#refreshToken };
    const first = await postToken(tenant, this.bank, body);
    if (first.status === 200) {
      const again = await postToken(tenant, this.bank, body);
      expect(again.status === 400, `a refresh token was rotated twice`);
      this.#take(first.text);
    } else {
      expect(unanswered === 'refresh', `the refresh token that was answered last is answered ${String(first.status)}`);
      this.lostAnswers += 1;
      await this.begin(tenant);
    }
    return problems;
  }

  #take(text: string): void {
    const { access_token: accessToken, refresh_token: refreshToken } = v.parse(tokenAnswer, JSON.parse(text));
    // At BS2 a new access token of an account kills those before; at BTG they live on.
    if (this.bank === 'bs2') this.#deadAccessTokens = [...this.#deadAccessTokens, this.#accessToken].slice(-remembered);
    this.#use(accessToken, refreshToken);
  }

  #use(accessToken: string, refreshToken: string): void {
    this.#accessToken = accessToken;
    this.#refreshToken = refreshToken;
    this.#unanswered = null;
    this.#codeUnderWay = null;
  }
}
