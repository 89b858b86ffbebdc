import { Buffer } from 'node:buffer';
import * as v from 'valibot';
import type { BankId } from '../../banks/bank-id.js';
import type { MockServer } from '../../mock-server.js';
import type { TenantHandle } from '../../tenant-handle.js';

const tokensSchema = v.object({ access_token: v.string(), refresh_token: v.string() });

/** A code or tokens that a partner's application holds, and the state that it sent. */
export interface Consented {
  readonly code: string;
  readonly state: string;
}
export type Tokens = v.InferOutput<typeof tokensSchema>;

/** A correct application of one bank, for tests that look at what its requests leave behind. */
export class PartnerTraffic {
  readonly #mock: MockServer;
  readonly #tenant: TenantHandle;
  readonly #bank: BankId;
  #count = 0;

  constructor(mock: MockServer, tenant: TenantHandle, bank: BankId) {
    this.#mock = mock;
    this.#tenant = tenant;
    this.#bank = bank;
  }

  get #client(): { id: string; secret: string; redirectUri: string; scope: string } {
    const { client } = this.#tenant[this.#bank];
    return {
      id: client?.id ?? '',
      secret: client?.secret ?? '',
      redirectUri: client?.redirectUris[0] ?? '',
      scope: client?.scope ?? '',
    };
  }

  /** The address that a customer is sent to, with a state of its own. */
  authorizationUrl(): URL {
    this.#count += 1;
    const { id, redirectUri, scope } = this.#client;
    const url = new URL(this.#tenant[this.#bank].authorizationEndpoint);
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: redirectUri,
      scope,
      state: `estado-de-teste-${this.#bank}-${String(this.#count)}`,
    }).toString();
    return url;
  }

  /** A consent that the control API plays. */
  async consent(): Promise<Consented> {
    const url = this.authorizationUrl();
    const { redirectTo } = await this.#tenant.consents.create({ authorizationUrl: url.href, decision: 'approve' });
    return {
      code: new URL(redirectTo).searchParams.get('code') ?? '',
      state: url.searchParams.get('state') ?? '',
    };
  }

  redeem(code: string): Promise<Response> {
    return this.#token({ grant_type: 'authorization_code', code, redirect_uri: this.#client.redirectUri });
  }

  refresh(refreshToken: string): Promise<Response> {
    return this.#token({ grant_type: 'refresh_token', refresh_token: refreshToken, scope: this.#client.scope });
  }

  /** Redeems or refreshes, and reads what came. */
  async tokens(answer: Promise<Response>): Promise<Tokens> {
    return v.parse(tokensSchema, await (await answer).json());
  }

  call(accessToken: string): Promise<Response> {
    const address = this.#bank === 'bs2' ? this.#tenant.bs2.balanceEndpoint : this.#tenant.btg.accountsEndpoint;
    return this.#mock.fetch(new Request(address, { headers: { authorization: `Bearer ${accessToken}` } }));
  }

  #token(form: Readonly<Record<string, string>>): Promise<Response> {
    const { id, secret } = this.#client;
    return this.#mock.fetch(
      new Request(this.#tenant[this.#bank].tokenEndpoint, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams(form).toString(),
      }),
    );
  }
}
