import { createServer } from 'node:https';
import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openLocalAuthority } from '../../certificate-authority/local-authority.js';
import { startMockServer } from '../../mock-server/mock-server.js';
import type { TenantHandle, TenantSettingsPatch } from '../../mock-server/tenant-handle.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { originalForm, rewordPage } from './reworded-pages.js';

/** A bank that nobody here controls: what a real sandbox is to homologa. */
export interface StandIn {
  readonly url: string;
  /** Of this machine, at a port that was free. */
  readonly redirectUri: string;
  /** Token requests that were answered with 429: there should be none. */
  readonly refusedForPace: number;
  /** Logins that were tried. */
  readonly logins: number;
  /** Writes a target file for it, and gives its path. */
  targetFile(bank: ScenarioBank, differing?: Readonly<Record<string, unknown>>): Promise<string>;
  close(): Promise<void>;
}

/** What a stand-in may be given. */
export interface StandInOptions {
  readonly settings?: TenantSettingsPatch;
  /** Token requests in any minute and client; default 10. */
  readonly tokenRequestsPerMinute?: number;
}

/**
 * Starts a stand-in: a mock behind TLS with an authority of its own, no control API, a stranger's pages, and a strict limit
 * of token requests.
 */
export async function startStandIn({
  settings = {},
  tokenRequestsPerMinute = 10,
}: StandInOptions = {}): Promise<StandIn> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-stand-in-'));
  const authority = await openLocalAuthority(folder, { name: 'stand-in', hosts: ['localhost', '127.0.0.1'] });
  let answer: (request: Request) => Promise<Response> = async () => new Response(null, { status: 503 });
  const server = createServer(await authority.issue(['localhost']), (incoming, outgoing) => {
    void reply(incoming, outgoing, answer).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `https://localhost:${String(typeof address === 'object' && address !== null ? address.port : 0)}`;
  const redirectUri = `http://127.0.0.1:${String(await freePort())}/callback`;
  const mock = await startMockServer({ listen: false, controlToken: null, publicUrl: url });
  const tenant = mock.defaultTenant;
  await tenant.settings.patch({ ...settings, bs2: { secondFactorReplay: 'accept', ...settings.bs2 } });
  let refusedForPace = 0;
  let logins = 0;
  const tokenRequests: number[] = [];
  const isOverPace = (): boolean => {
    const now = Date.now();
    while (tokenRequests[0] !== undefined && tokenRequests[0] <= now - 60_000) tokenRequests.shift();
    if (tokenRequests.length >= tokenRequestsPerMinute) return true;
    tokenRequests.push(now);
    return false;
  };
  answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (!/^\/(?:bs2|btg)\//.test(pathname)) return new Response('not found', { status: 404 });
    if (/\/oauth2?(?:\/v2)?\/token$/.test(pathname) && isOverPace()) {
      refusedForPace += 1;
      return new Response(null, { status: 429, headers: { 'retry-after': '60' } });
    }
    const isForm = request.method === 'POST' && !/\/oauth2?(?:\/v2)?\/(?:token|revoke|authorize)$/.test(pathname);
    const form = isForm ? originalForm(new URLSearchParams(await request.clone().text())) : null;
    if (form?.has('password') === true) logins += 1;
    const sent = form === null ? request : new Request(request, { body: form.toString() });
    const response = await mock.fetch(sent);
    if (response.headers.get('content-type')?.includes('html') !== true) return response;
    const headers = new Headers(response.headers);
    headers.delete('content-length');
    return new Response(rewordPage(await response.text()), { status: response.status, headers });
  };
  return {
    url,
    redirectUri,
    get refusedForPace() {
      return refusedForPace;
    },
    get logins() {
      return logins;
    },
    targetFile: async (bank, differing = {}) => {
      const path = join(folder, `${bank}-${String(Object.values(differing).join('-').length)}.yaml`);
      await writeFile(
        path,
        stringify({ ...(await targetOf(tenant, bank, { ca: authority.caFile, redirectUri })), ...differing }),
      );
      return path;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await mock.close();
      await rm(folder, { recursive: true });
    },
  };
}

async function targetOf(
  tenant: TenantHandle,
  bank: ScenarioBank,
  { ca, redirectUri }: { readonly ca: string; readonly redirectUri: string },
) {
  const { client, baseUrl } = tenant[bank];
  const [user] = await tenant.users.list();
  if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
  return {
    name: `${bank}-stand-in`,
    bank,
    baseUrl,
    ...(bank === 'btg' ? { issuer: tenant.btg.issuer } : {}),
    company: '30306294000145',
    client: { id: client.id, secret: client.secret, redirectUri, scope: client.scope },
    user: {
      username: user.username,
      password: user.password,
      secondFactor: { kind: 'app', totpSecret: user.totpSecret, replay: 'accept' },
    },
    consent: 'http',
    pace: { tokenRequestsPerMinute: 10 },
    tls: { ca },
  };
}

/** A port at which nobody listens now. */
async function freePort(): Promise<number> {
  const server = createPlainServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response>,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (typeof value === 'string' && !['connection', 'content-length'].includes(name)) headers.set(name, value);
  }
  const method = incoming.method ?? 'GET';
  const body = method === 'GET' || method === 'HEAD' ? {} : { body: Buffer.concat(chunks) };
  const url = `https://${incoming.headers.host ?? 'localhost'}${incoming.url ?? '/'}`;
  const response = await answer(new Request(url, { method, headers, ...body }));
  const given: Record<string, string | string[]> = {};
  response.headers.forEach((value, name) => {
    if (!['content-length', 'transfer-encoding', 'connection', 'set-cookie'].includes(name)) given[name] = value;
  });
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) given['set-cookie'] = cookies;
  outgoing.writeHead(response.status, given).end(Buffer.from(await response.arrayBuffer()));
}
