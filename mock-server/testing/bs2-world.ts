import { parse } from 'node-html-parser';
import { bs2Paths } from '../banks/bs2/profile.js';
import type { Peer } from '../banks/exchange.js';
import type { Delivery } from '../faults/fault-seam.js';
import { toInProcessResponse } from '../http-delivery.js';
import { MockApplication } from '../mock-application.js';
import type { RegisteredClient } from '../tenants/registered-client.js';
import type { SettingsPatch } from '../tenants/settings.js';
import type { Tenant } from '../tenants/tenant.js';
import { TenantRegistry } from '../tenants/tenant-registry.js';
import type { TenantRequest } from '../tenants/tenant-registry.js';
import type { User } from '../tenants/user.js';

/** Where the mock of these tests pretends to listen. */
export const mockOrigin = 'http://127.0.0.1:4010';
export const callback = 'http://localhost:3000/callback';
const inProcess: Peer = { address: null };

/** A token answer, read once. */
export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** A member of the JSON, or undefined. */
  member(name: string): unknown;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** How a test plays a user at BS2's pages. */
export interface ConsentScript {
  readonly username?: string;
  readonly factor?: 'app' | 'sms';
  readonly decision?: 'approve' | 'deny';
  readonly scope?: string;
  readonly state?: string;
  readonly redirectUri?: string;
  readonly client?: RegisteredClient;
}

/** A mock server without sockets, with one tenant of BS2, and the ways in which partners and users reach it. */
export class Bs2World {
  readonly registry = new TenantRegistry(
    { bs2: { rateLimit: 'off' } },
    {
      publicOrigin: mockOrigin,
      internalOrigin: mockOrigin,
      listenOrigin: mockOrigin,
      rootOrigins: { bs2: null, btg: null },
    },
  );
  readonly application = new MockApplication(this.registry, {
    control: async () => new Response('control'),
    dashboard: async () => new Response('dashboard'),
  });
  readonly tenant: Tenant;

  constructor(request: TenantRequest = {}) {
    this.tenant = this.registry.create({ id: 'default', ...request });
  }

  static with(settings: NonNullable<SettingsPatch['bs2']>): Bs2World {
    return new Bs2World({ settings: { bs2: settings } });
  }

  /** The seeded client. */
  get client(): RegisteredClient {
    const client = this.tenant.clients.first('bs2');
    if (client === undefined) throw new Error('The tenant has no BS2 client.');
    return client;
  }

  get base(): string {
    return this.tenant.links.bs2.publicBase;
  }

  user(username: string): User {
    const user = this.tenant.users.find(username);
    if (user === undefined) throw new Error(`The tenant has no user ${username}.`);
    return user;
  }

  /** Another client of the bank, registered now. */
  addClient(changes: Partial<RegisteredClient> = {}): RegisteredClient {
    const client: RegisteredClient = { ...this.client, id: 'l7second', secret: 'second-synthetic-secret', ...changes };
    this.tenant.clients.put(client);
    return client;
  }

  async deliver(target: string, init: RequestInit = {}, peer: Peer = inProcess): Promise<Delivery> {
    const url = target.startsWith('http') ? target : `${this.base}${target}`;
    const handled = await this.application.handle(new Request(url, init), { kind: 'main' }, peer);
    if (handled.kind !== 'bank') throw new Error(`No bank answers at ${url}.`);
    return handled.delivery;
  }

  async fetch(target: string, init: RequestInit = {}, peer: Peer = inProcess): Promise<Response> {
    return toInProcessResponse(await this.deliver(target, init, peer));
  }

  /** A token request with Basic, unless `authorization` says otherwise. */
  async token(
    form: Readonly<Record<string, string>> | string,
    options: { client?: RegisteredClient; authorization?: string | null; peer?: Peer; userAgent?: string } = {},
  ): Promise<TokenAnswer> {
    const authorization =
      options.authorization === undefined ? basicOf(options.client ?? this.client) : options.authorization;
    const response = await this.fetch(
      bs2Paths.token,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization === null ? {} : { authorization }),
          ...(options.userAgent === undefined ? {} : { 'user-agent': options.userAgent }),
        },
        body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
      },
      options.peer,
    );
    return readTokenAnswer(response);
  }

  redeem(code: string, client: RegisteredClient = this.client, redirectUri = callback): Promise<TokenAnswer> {
    return this.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }, { client });
  }

  refresh(refreshToken: string, client: RegisteredClient = this.client, scope = client.scope): Promise<TokenAnswer> {
    return this.token({ grant_type: 'refresh_token', scope, refresh_token: refreshToken }, { client });
  }

  clientCredentials(client: RegisteredClient = this.client, scope = 'saldo'): Promise<TokenAnswer> {
    return this.token({ grant_type: 'client_credentials', scope }, { client });
  }

  async balance(accessToken: string): Promise<Response> {
    return this.fetch(bs2Paths.balance, { headers: { authorization: `Bearer ${accessToken}` } });
  }

  /** The status of a balance request: 200 while the token lives. */
  async statusOf(accessToken: string): Promise<number> {
    return (await this.balance(accessToken)).status;
  }

  authorizationUrl(parameters: Readonly<Record<string, string>> = {}): string {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.client.id,
      redirect_uri: callback,
      scope: this.client.scope,
      state: 'synthetic-state',
      ...parameters,
    });
    return `${this.base}${bs2Paths.authorization}?${query.toString()}`;
  }

  /** Walks login, consent and second factor in a fresh browser; the address that the user is sent to in the end. */
  async consent(script: ConsentScript = {}): Promise<URL> {
    const browser = new Browser(this);
    const client = script.client ?? this.client;
    await browser.open(
      this.authorizationUrl({
        client_id: client.id,
        scope: script.scope ?? client.scope,
        state: script.state ?? 'synthetic-state',
        redirect_uri: script.redirectUri ?? callback,
      }),
    );
    const username = script.username ?? 'correntista';
    await browser.submit({ username, password: this.user(username).password });
    await browser.submit({ decision: script.decision ?? 'approve', factor: script.factor ?? 'sms' });
    if (browser.left === null) await browser.submit({ code: this.secondFactorOf(username, script.factor ?? 'sms') });
    if (browser.left === null) throw new Error(`The consent stopped at a page with status ${String(browser.status)}.`);
    return browser.left;
  }

  /** A code that the user could type now. */
  secondFactorOf(username: string, factor: 'app' | 'sms'): string {
    const code =
      factor === 'app'
        ? this.tenant.secondFactors.appCode(this.user(username))
        : this.tenant.secondFactors.lastSms(username)?.code;
    if (code === undefined || code === null) throw new Error(`There is no ${factor} token for ${username}.`);
    return code;
  }

  async code(script: ConsentScript = {}): Promise<string> {
    const code = (await this.consent(script)).searchParams.get('code');
    if (code === null) throw new Error('The consent gave no code.');
    return code;
  }

  /** Consents and redeems the code. */
  async grant(script: ConsentScript = {}): Promise<TokenAnswer> {
    return this.redeem(await this.code(script), script.client, script.redirectUri);
  }
}

export function basicOf({ id, secret }: Pick<RegisteredClient, 'id' | 'secret'>): string {
  const encode = (value: string): string => new URLSearchParams([['', value]]).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret ?? '')}`).toString('base64')}`;
}

export async function readTokenAnswer(response: Response): Promise<TokenAnswer> {
  const text = await response.text();
  const member = (name: string): unknown => {
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? new Map(Object.entries(parsed)).get(name) : undefined;
  };
  const token = (name: string): string => {
    const value = member(name);
    if (typeof value !== 'string') throw new Error(`The answer (${String(response.status)}) has no ${name}.`);
    return value;
  };
  return {
    status: response.status,
    headers: response.headers,
    text,
    member,
    get accessToken() {
      return token('access_token');
    },
    get refreshToken() {
      return token('refresh_token');
    },
  };
}

/** A browser at the bank's pages: keeps cookies, follows redirects within the mock, stops where it is sent elsewhere. */
export class Browser {
  readonly #world: Bs2World;
  readonly #cookies = new Map<string, string>();
  url = '';
  status = 0;
  html = '';
  headers = new Headers();
  /** Where the bank sent the user, when it sent them away. */
  left: URL | null = null;

  constructor(world: Bs2World) {
    this.#world = world;
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get title(): string {
    return parse(this.html).querySelector('h1')?.text ?? '';
  }

  get problem(): string | null {
    return parse(this.html).querySelector('[role=alert]')?.text ?? null;
  }

  /** Action and hidden fields of the page's form. */
  get form(): { action: string; hidden: Record<string, string> } {
    const form = parse(this.html).querySelector('form');
    if (form === null) throw new Error(`There is no form on this page (${String(this.status)}).`);
    const hidden: Record<string, string> = {};
    for (const input of form.querySelectorAll('input[type=hidden]')) {
      hidden[input.getAttribute('name') ?? ''] = input.getAttribute('value') ?? '';
    }
    return { action: new URL(form.getAttribute('action') ?? '', this.url).href, hidden };
  }

  async open(url: string, init: RequestInit = {}): Promise<void> {
    let target = url;
    let request = init;
    this.left = null;
    for (let hops = 0; hops < 10; hops += 1) {
      const headers = new Headers(request.headers);
      if (this.#cookies.size > 0) headers.set('cookie', this.cookie);
      const response = await this.#world.fetch(target, { ...request, headers });
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';');
        this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
      }
      this.url = target;
      this.status = response.status;
      this.headers = response.headers;
      this.html = await response.text();
      const location = response.headers.get('location');
      if (location === null) return;
      const next = new URL(location, target);
      if (next.origin !== mockOrigin) {
        this.left = next;
        return;
      }
      target = next.href;
      request = {};
    }
    throw new Error('Too many redirects.');
  }

  /** Fills the form of the page and sends it, hidden fields included. */
  async submit(fields: Readonly<Record<string, string>>): Promise<void> {
    const { action, hidden } = this.form;
    await this.post(action, { ...hidden, ...fields });
  }

  async post(url: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await this.open(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(fields).toString(),
    });
  }
}
