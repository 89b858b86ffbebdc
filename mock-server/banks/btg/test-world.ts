import { createHash } from 'node:crypto';
import type { RegisteredClient } from '../../tenants/registered-client.js';
import { seedClients, seedUsers } from '../../tenants/fixtures.js';
import type { SettingsPatch } from '../../tenants/settings.js';
import { Tenant } from '../../tenants/tenant.js';
import type { User } from '../../tenants/user.js';
import type { BankLinks } from '../bank-links.js';
import type { Answer, ExchangeFacts } from '../exchange.js';
import { btg } from './bank.js';

/** An answer, with what tests look at. */
export interface Reply extends Answer {
  readonly facts: ExchangeFacts;
  header(name: string): string | undefined;
  /** The body as JSON; undefined where it is none. */
  json(): Record<string, unknown>;
  /** Where a redirect goes. */
  location(): URL;
}

export interface WorldOptions {
  readonly settings?: SettingsPatch;
  readonly clients?: readonly RegisteredClient[];
  readonly users?: readonly User[];
  readonly links?: Partial<BankLinks>;
}

export const verifier = 'um-verificador-de-teste-com-mais-de-43-caracteres';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** For tests beside this file: a tenant with a frozen clock, whose BTG answers without a socket. */
export class TestWorld {
  readonly tenant: Tenant;
  readonly client: RegisteredClient;
  readonly redirectUri = 'http://localhost:3000/callback';
  readonly base = 'http://127.0.0.1:4010/btg';
  #cookie: string | undefined;

  constructor(options: WorldOptions = {}) {
    const links: BankLinks = { publicBase: this.base, internalBase: this.base, rootUrl: null, ...options.links };
    const clients = [...seedClients(null), ...(options.clients ?? [])];
    this.tenant = new Tenant({
      id: 'default',
      links: { bs2: links, btg: links },
      settings: options.settings ?? {},
      fixtures: { clients, users: options.users ?? seedUsers() },
      randomSeed: null,
    });
    this.tenant.clock.freeze();
    // 250 ms into a second: instants that are judged to the second must not need a whole one.
    this.tenant.clock.set(Math.ceil(this.tenant.clock.now() / 1000) * 1000 + 250);
    const client = this.tenant.clients.first('btg');
    if (client === undefined) throw new Error('The fixtures have no BTG client.');
    this.client = client;
  }

  basic(client: Pick<RegisteredClient, 'id' | 'secret'> = this.client): Record<string, string> {
    return { authorization: `Basic ${Buffer.from(`${client.id}:${client.secret ?? ''}`).toString('base64')}` };
  }

  /** One request, as the server would hand it to the bank. */
  async request(method: string, url: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> {
    const [path = '', query = ''] = url.replace(this.base, '').split('?');
    const facts: ExchangeFacts = {};
    const exchange = {
      tenant: this.tenant,
      bank: 'btg' as const,
      method,
      path,
      query,
      headers: new Headers(headers),
      body,
      peer: { address: null },
      pageBase: this.base,
      facts,
    };
    const match = btg.routes.match(method, path);
    const answer =
      match.kind === 'route'
        ? await match.route.handle(exchange, match.parameters)
        : match.kind === 'none'
          ? btg.notFound(exchange)
          : btg.methodNotAllowed(exchange, match.allowed);
    const header = (name: string): string | undefined => answer.headers.find(([known]) => known === name)?.[1];
    return {
      ...answer,
      facts,
      header,
      json: () => JSON.parse(answer.body) as Record<string, unknown>,
      location: () => new URL(header('location') ?? ''),
    };
  }

  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Reply> {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.request('POST', path, { ...type, ...headers }, new URLSearchParams(form).toString());
  }

  authorizationParameters(over: Record<string, string | undefined> = {}): Record<string, string> {
    const parameters = {
      client_id: this.client.id,
      response_type: 'code',
      redirect_uri: this.redirectUri,
      scope: this.client.scope,
      state: 'estado',
      ...over,
    };
    return Object.fromEntries(
      Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  authorize(over: Record<string, string | undefined> = {}, headers: Record<string, string> = {}): Promise<Reply> {
    const query = new URLSearchParams(this.authorizationParameters(over)).toString();
    return this.request('GET', `/oauth2/authorize?${query}`, headers);
  }

  /** Opens a page as a browser would, with its cookie. */
  async open(url: string): Promise<Reply> {
    const reply = await this.request('GET', url, this.#cookie === undefined ? {} : { cookie: this.#cookie });
    this.#cookie = reply.header('set-cookie')?.split(';')[0] ?? this.#cookie;
    return reply;
  }

  /** Sends the form of a page back. */
  submit(page: Reply, fields: Record<string, string>): Promise<Reply> {
    const action = /<form[^>]* action="([^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const csrf = /name="csrf" value="([^"]*)"/.exec(page.body)?.[1] ?? '';
    return this.post(action, { csrf, ...fields }, { cookie: this.#cookie ?? '' });
  }

  /** Logs in; the reply is the page that follows. */
  async logIn(authorization: Reply, username = 'correntista', password = 'senha-de-teste'): Promise<Reply> {
    const login = await this.open(authorization.header('location') ?? '');
    const reply = await this.submit(login, { username, password });
    return reply.status === 302 && reply.toPartner !== true ? this.open(reply.header('location') ?? '') : reply;
  }

  /** The whole consent; gives where it leads to. */
  async consent(
    over: Record<string, string | undefined> = {},
    { username = 'correntista', company = '30306294000145' } = {},
  ): Promise<URL> {
    const scopes = await this.logIn(await this.authorize(over), username);
    const toCompany = await this.submit(scopes, { decision: 'approve' });
    const companyPage = await this.open(toCompany.header('location') ?? '');
    return (await this.submit(companyPage, { decision: 'approve', company })).location();
  }

  async code(over: Record<string, string | undefined> = {}, choices = {}): Promise<string> {
    return (await this.consent(over, choices)).searchParams.get('code') ?? '';
  }

  redeem(code: string, over: Record<string, string> = {}, headers = this.basic()): Promise<Reply> {
    const form = { grant_type: 'authorization_code', code, redirect_uri: this.redirectUri, ...over };
    return this.post('/oauth2/token', form, headers);
  }

  refresh(refreshToken: string, over: Record<string, string> = {}, headers = this.basic()): Promise<Reply> {
    return this.post('/oauth2/token', { grant_type: 'refresh_token', refresh_token: refreshToken, ...over }, headers);
  }

  /** A consent and its tokens. */
  async tokens(over: Record<string, string | undefined> = {}, choices = {}): Promise<IssuedTokens> {
    return textMembers((await this.redeem(await this.code(over, choices))).json());
  }

  accounts(accessToken: string, company = '30306294000145'): Promise<Reply> {
    return this.request('GET', `/${company}/banking/accounts`, { authorization: `Bearer ${accessToken}` });
  }
}

/** The text members of a token response. */
export interface IssuedTokens {
  readonly access: string;
  readonly refresh: string;
  readonly id: string;
}

export function textMembers(json: Record<string, unknown>): IssuedTokens {
  const text = (name: string): string => (typeof json[name] === 'string' ? json[name] : '');
  return { access: text('access_token'), refresh: text('refresh_token'), id: text('id_token') };
}

/** A public client: it has no secret, and PKCE is its proof. */
export const publicClient: RegisteredClient = {
  bank: 'btg',
  id: '00000000-0000-4000-8000-0000000000ab',
  secret: null,
  name: 'Aplicação pública',
  type: 'public',
  redirectUris: ['http://localhost:3000/callback'],
  loopbackPaths: [],
  scope: 'openid empresas.btgpactual.com/accounts.readonly',
  registeredScope: ['openid', 'empresas.btgpactual.com/accounts.readonly'],
  settings: {},
  provisioned: true,
};

/** Another confidential client, beside the seeded one. */
export const otherClient: RegisteredClient = {
  ...publicClient,
  id: '00000000-0000-4000-8000-0000000000cd',
  secret: 'outro-segredo-de-teste',
  type: 'confidential',
};
