import { createHash, randomBytes } from 'node:crypto';
import { startMockServer } from '../../../mock-server.js';
import type { MockServer } from '../../../mock-server.js';
import type { ListedFinding, NewTenant, TenantHandle } from '../../../tenant-handle.js';
import type { BankId } from '../../../banks/bank-id.js';

/** What a test changes of a request; null leaves a parameter or header out. */
export type Changes = Readonly<Record<string, string | null>>;

/** A token answer, or what came in its place. */
export interface Got {
  readonly status: number;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly idToken: string;
}

export const verifier = 'um-verificador-de-teste-com-mais-de-43-caracteres';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** An application that does everything right where a test does not change it, at a mock without a socket. */
export class Partner {
  readonly mock: MockServer;
  readonly tenant: TenantHandle;

  private constructor(mock: MockServer, tenant: TenantHandle) {
    this.mock = mock;
    this.tenant = tenant;
  }

  /** At a tenant of its own whose clock stands still. */
  static async at(mock: MockServer, request: NewTenant = {}): Promise<Partner> {
    const tenant = await mock.createTenant(request);
    await tenant.clock.freeze();
    return new Partner(mock, tenant);
  }

  static async open(request: NewTenant = {}): Promise<Partner> {
    return Partner.at(await startMockServer({ listen: false }), request);
  }

  client(bank: BankId): { readonly id: string; readonly secret: string; readonly scope: string } {
    const { client } = this.tenant[bank];
    if (client?.secret == null) throw new Error('The tenant has no client with a secret.');
    return { id: client.id, secret: client.secret, scope: client.scope };
  }

  authorizationUrl(bank: BankId, changes: Changes = {}): string {
    const { id, scope } = this.client(bank);
    const parameters = {
      response_type: 'code',
      client_id: id,
      redirect_uri: 'http://localhost:3000/callback',
      scope,
      state: randomBytes(16).toString('hex'),
      ...(bank === 'btg'
        ? {
            nonce: randomBytes(16).toString('hex'),
            code_challenge: createHash('sha256').update(randomBytes(32)).digest('base64url'),
            code_challenge_method: 'S256',
          }
        : {}),
    };
    return `${this.tenant[bank].authorizationEndpoint}?${encode({ ...parameters, ...changes })}`;
  }

  /** Opens the authorization endpoint, and goes no further. */
  async authorize(bank: BankId, changes: Changes = {}, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(this.authorizationUrl(bank, changes), { headers });
  }

  async send(url: string, init: RequestInit = {}): Promise<Response> {
    const response = await this.mock.fetch(new Request(url, { redirect: 'manual', ...init }));
    // Read whole, as a client does.
    const body: ArrayBuffer = await response.arrayBuffer();
    return new Response([204, 304].includes(response.status) ? null : body, response);
  }

  /** A consent that the control API plays; BTG's without PKCE unless told. */
  async code(bank: BankId, changes: Changes = {}, username = 'correntista'): Promise<string> {
    const plain: Changes = bank === 'btg' ? { code_challenge: null, code_challenge_method: null } : {};
    const authorizationUrl = this.authorizationUrl(bank, { ...plain, ...changes });
    const { redirectTo } = await this.tenant.consents.create({ authorizationUrl, decision: 'approve', username });
    return new URL(redirectTo).searchParams.get('code') ?? '';
  }

  /** A token request with Basic. */
  async token(
    bank: BankId,
    form: Changes | string,
    { headers = {}, query = '', method = 'POST' }: { headers?: Changes; query?: string; method?: string } = {},
  ): Promise<Got> {
    const { id, secret } = this.client(bank);
    const all = {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    };
    const response = await this.send(`${this.tenant[bank].tokenEndpoint}${query}`, {
      method,
      headers: present(all),
      ...(method === 'GET' ? {} : { body: typeof form === 'string' ? form : encode(form) }),
    }).catch(() => Response.json({}, { status: 599 }));
    const text = await response.text();
    const json: unknown = /^\s*\{/.test(text) ? safely(text) : {};
    const member = (name: string): string => {
      const members = typeof json === 'object' && json !== null ? Object.entries<unknown>({ ...json }) : [];
      const value = members.find(([known]) => known === name)?.[1];
      return typeof value === 'string' ? value : '';
    };
    return {
      status: response.status,
      accessToken: member('access_token'),
      refreshToken: member('refresh_token'),
      idToken: member('id_token'),
    };
  }

  redeem(bank: BankId, code: string, changes: Changes = {}, options: { headers?: Changes } = {}): Promise<Got> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: 'http://localhost:3000/callback' };
    return this.token(bank, { ...form, ...changes }, options);
  }

  /** A consent and its tokens. */
  async connect(bank: BankId, username?: string): Promise<Got> {
    return this.redeem(bank, await this.code(bank, {}, username));
  }

  refresh(
    bank: BankId,
    refreshToken: string,
    changes: Changes = {},
    options: { headers?: Changes } = {},
  ): Promise<Got> {
    const scope: Changes = bank === 'bs2' ? { scope: this.client(bank).scope } : {};
    return this.token(
      bank,
      { grant_type: 'refresh_token', refresh_token: refreshToken, ...scope, ...changes },
      options,
    );
  }

  revoke(token: string): Promise<Response> {
    const { id, secret } = this.client('btg');
    return this.send(this.tenant.btg.revocationEndpoint, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: encode({ token }),
    });
  }

  /** A call; null for no token. */
  async call(
    bank: BankId,
    accessToken: string | null,
    changes: { query?: string; headers?: Changes; path?: string } = {},
  ): Promise<number> {
    const endpoint = bank === 'bs2' ? this.tenant.bs2.balanceEndpoint : this.tenant.btg.accountsEndpoint;
    const authorization = accessToken === null ? null : `Bearer ${accessToken}`;
    const response = await this.send(`${changes.path ?? endpoint}${changes.query ?? ''}`, {
      headers: present({ authorization, ...changes.headers }),
    });
    return response.status;
  }

  pass(by: string): Promise<unknown> {
    return this.tenant.clock.advance(by);
  }

  /** The findings of a rule. */
  async found(id: string): Promise<readonly ListedFinding[]> {
    return (await this.tenant.findings.list()).filter((finding) => finding.id === id);
  }

  /** Severities of a rule's findings, in order. */
  async severities(id: string): Promise<readonly string[]> {
    return (await this.found(id)).map(({ severity }) => severity);
  }

  /** What a rule said last; empty where it said nothing. */
  async said(id: string): Promise<string> {
    return (await this.found(id)).at(-1)?.message ?? '';
  }

  /** Ids of all findings that accuse. */
  async accused(): Promise<readonly string[]> {
    return (await this.tenant.findings.list()).filter(({ severity }) => severity !== 'info').map(({ id }) => id);
  }
}

function present(changes: Changes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  );
}

function encode(changes: Changes): string {
  return new URLSearchParams(present(changes)).toString();
}

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
