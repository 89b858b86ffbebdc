import * as v from 'valibot';
import type { BankId } from '../../banks/bank-id.js';
import type { MockServer } from '../../mock-server.js';
import type { ListedClient, NewConsent, TenantHandle } from '../../tenant-handle.js';

/** An answer, read once. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Members of the JSON; empty where the body is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** Parameters of a request; null leaves one out. */
export type Form = Readonly<Record<string, string | null>>;

export interface Credentials {
  readonly id: string;
  readonly secret: string | null;
}

/** How a token request is sent, where it is not sent by Basic of the seeded client. */
export interface Sending {
  readonly client?: Credentials;
  /** Null for no `Authorization` at all. */
  readonly authorization?: string | null;
  readonly query?: string;
}

export const callback = 'http://localhost:3000/callback';
const members = v.record(v.string(), v.unknown());

/** What a probe does at one bank of one tenant: everything over the wire, time and users through the tenant's handle. */
export class BankVisit {
  readonly mock: MockServer;
  readonly tenant: TenantHandle;
  readonly bank: BankId;

  constructor(mock: MockServer, tenant: TenantHandle, bank: BankId) {
    this.mock = mock;
    this.tenant = tenant;
    this.bank = bank;
  }

  get client(): { readonly id: string; readonly secret: string | null; readonly scope: string } {
    const { client } = this.tenant[this.bank];
    if (client === null) throw new Error('The tenant has no client at this bank.');
    return client;
  }

  /** Another client that may use what the seeded one may. */
  otherClient(): Promise<ListedClient> {
    return this.tenant.clients.create({ bank: this.bank, redirectUris: [callback], scope: this.client.scope });
  }

  async fetch(url: string, init: RequestInit = {}): Promise<Reply> {
    const response = await this.mock.fetch(new Request(url, { redirect: 'manual', ...init }));
    const text = await response.text();
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), members), text);
    return { status: response.status, headers: response.headers, text, json: parsed.success ? parsed.output : {} };
  }

  authorizationUrl(changes: Form = {}, appended = ''): string {
    const complete = {
      response_type: 'code',
      client_id: this.client.id,
      redirect_uri: callback,
      scope: this.client.scope,
      state: 'estado',
      ...changes,
    };
    return `${this.tenant[this.bank].authorizationEndpoint}?${encode(complete)}${appended}`;
  }

  /** Sends an authorization request and follows nothing. */
  ask(changes: Form = {}, headers: Record<string, string> = {}, appended = ''): Promise<Reply> {
    return this.fetch(this.authorizationUrl(changes, appended), { headers });
  }

  /** Whether an authorization request leads to the login. */
  async leadsToLogin(changes: Form = {}, headers: Record<string, string> = {}, appended = ''): Promise<boolean> {
    const { headers: answered } = await this.ask(changes, headers, appended);
    return answered.get('location')?.includes('/authorize/login?') === true;
  }

  /** The error that an authorization request takes to the client; null where it takes none. */
  async errorAtClient(changes: Form): Promise<string | null> {
    const { headers } = await this.ask(changes);
    const location = headers.get('location') ?? '';
    return location.startsWith(callback) ? new URL(location).searchParams.get('error') : null;
  }

  /** Where the user is sent; null where the bank redirects nowhere. */
  async consent(changes: Form = {}, play: Partial<NewConsent> = {}): Promise<URL | null> {
    const consent = { decision: 'approve' as const, ...play, authorizationUrl: this.authorizationUrl(changes) };
    try {
      return new URL((await this.tenant.consents.create(consent)).redirectTo);
    } catch {
      return null;
    }
  }

  async code(changes: Form = {}, play: Partial<NewConsent> = {}): Promise<string> {
    return (await this.consent(changes, play))?.searchParams.get('code') ?? '';
  }

  token(form: Form, { client = this.client, authorization, query = '' }: Sending = {}): Promise<Reply> {
    const sent = authorization === undefined ? basicOf(client) : authorization;
    return this.post(`${this.tenant[this.bank].tokenEndpoint}${query === '' ? '' : `?${query}`}`, form, sent);
  }

  post(url: string, form: Form, authorization: string | null = basicOf(this.client)): Promise<Reply> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const headers = authorization === null ? type : { ...type, authorization };
    return this.fetch(url, { method: 'POST', headers, body: encode(form) });
  }

  redeem(code: string, changes: Form = {}, sending: Sending = {}): Promise<Reply> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: callback, ...changes }, sending);
  }

  /** At BS2 with the scope that it asks for. */
  refresh(refreshToken: string, changes: Form = {}, sending: Sending = {}): Promise<Reply> {
    const scope = this.bank === 'bs2' ? this.client.scope : null;
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, scope, ...changes }, sending);
  }

  /** A consent and its tokens. */
  async tokens(changes: Form = {}, play: Partial<NewConsent> = {}): Promise<Tokens> {
    return readTokens(await this.redeem(await this.code(changes, play)));
  }

  /** The balance at BS2, the accounts of a company at BTG. */
  api(accessToken: string, company = '30306294000145'): Promise<Reply> {
    return this.callApi({ authorization: `Bearer ${accessToken}` }, '', company);
  }

  callApi(headers: Record<string, string>, query = '', company = '30306294000145'): Promise<Reply> {
    const { bs2, btg } = this.tenant;
    const url = this.bank === 'bs2' ? bs2.balanceEndpoint : btg.accountsEndpoint.replace(/[^/]+(?=\/banking)/, company);
    return this.fetch(`${url}${query}`, { headers });
  }

  /** Asks each bank for its own. */
  choose<T>(atBs2: T, atBtg: T): T {
    return this.bank === 'bs2' ? atBs2 : atBtg;
  }
}

/** The tokens of an answer; empty where one is missing. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
  readonly id: string;
  readonly scope: string;
}

export function readTokens({ json }: Reply): Tokens {
  const text = (name: string): string => {
    const value = json[name];
    return typeof value === 'string' ? value : '';
  };
  return { access: text('access_token'), refresh: text('refresh_token'), id: text('id_token'), scope: text('scope') };
}

export function basicOf({ id, secret }: Credentials): string {
  return `Basic ${Buffer.from(`${id}:${secret ?? ''}`).toString('base64')}`;
}

export function encode(form: Form): string {
  const present = Object.entries(form).flatMap(([name, value]): [string, string][] =>
    value === null ? [] : [[name, value]],
  );
  return new URLSearchParams(present).toString();
}
