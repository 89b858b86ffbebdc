import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { askApi, askForTokens, BankError, isBtg, isOurs } from './bank.js';
import { Store } from './store.js';

const { env } = process;
const random = () => randomBytes(32).toString('base64url');

/** One process of the application. Whatever it must remember is in the store. */
export function serveInstance(port, folder) {
  const store = new Store(folder);

  async function connect(request, response) {
    let id = idOf(request);
    if ((await store.read(id)) === null) {
      id = await store.create({ pending: {}, grant: null });
      response.setHeader('set-cookie', `two_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
    }
    const [state, verifier] = [random(), random()];
    await store.update(id, (customer) => {
      customer.pending[state] = { verifier, startedAt: Date.now() };
    });
    const url = new URL(env.AUTHORIZATION_ENDPOINT);
    const query = { response_type: 'code', client_id: env.CLIENT_ID, redirect_uri: env.REDIRECT_URI, scope: env.SCOPE };
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const pkce = isBtg ? { code_challenge: challenge, code_challenge_method: 'S256' } : {};
    url.search = new URLSearchParams({ ...query, state, ...pkce });
    response.writeHead(302, { location: url.href, 'cache-control': 'no-store' }).end();
  }

  async function callback(query, request, response) {
    const id = idOf(request);
    const started = await take(id, query.get('state') ?? '');
    const isDoubled = ['code', 'state', 'error', 'iss'].some((name) => query.getAll(name).length > 1);
    const isOurs = started !== undefined && Date.now() < started.startedAt + 900_000;
    const code = query.get('code');
    if (!isOurs || isDoubled || query.get('iss') !== (isBtg ? env.ISSUER : null)) {
      return page(response, 400, 'O retorno do banco não vale mais');
    }
    if (query.has('error') || !code) return page(response, 400, 'Nada foi conectado');
    const parameters = { grant_type: 'authorization_code', code, redirect_uri: env.REDIRECT_URI };
    if (isBtg) parameters.code_verifier = started.verifier;
    const tokens = await askForTokens(parameters);
    await store.update(id, (customer) => {
      customer.grant = { ...tokens, over: false, restUntil: 0, failures: 0, rejected: null };
    });
    page(response, 200, 'Conta conectada');
  }

  /** The consent of that state, for whichever of the processes comes first. */
  async function take(id, state) {
    if ((await store.read(id)) === null) return undefined;
    return store.update(id, ({ pending }) => {
      const started = Object.hasOwn(pending, state) ? pending[state] : undefined;
      delete pending[state];
      return started;
    });
  }

  async function balance(request, response) {
    const id = idOf(request);
    const read = async () => (await store.read(id))?.grant ?? null;
    let grant = await read();
    if (grant === null || grant.over) throw new BankError('consent');
    if (grant.renewAt !== null && Date.now() >= grant.renewAt) grant = await refresh(id, grant.accessToken);
    let answer = await askApi(grant.accessToken);
    if (answer.isRejected) {
      // Perhaps the other process has a newer one already.
      const stored = await read();
      if (stored === null) throw new BankError('consent');
      const isNewer = stored.accessToken !== grant.accessToken;
      if (!isNewer && stored.rejected === grant.accessToken) return send(response, 502, { error: 'bank_refused' });
      grant = isNewer ? stored : await refresh(id, grant.accessToken);
      answer = await askApi(grant.accessToken);
      if (answer.isRejected) await reject(id, grant.accessToken);
    }
    if (isOurs(answer)) return send(response, 200, answer.json);
    send(response, answer.status === 403 ? 403 : 502, { error: 'bank_refused' });
  }

  /** A new token in place of `old`, unless another process has stored one while the lock was waited for. */
  function refresh(id, old) {
    return store.update(id, async ({ grant }) => {
      if (grant.over || grant.refreshToken === null) throw new BankError('consent');
      if (grant.accessToken !== old) return grant;
      if (Date.now() < grant.restUntil) throw new BankError('down', grant.restUntil - Date.now());
      const parameters = { grant_type: 'refresh_token', refresh_token: grant.refreshToken };
      if (!isBtg) parameters.scope = env.SCOPE;
      for (let attempt = 1; ; attempt += 1) {
        try {
          const tokens = await askForTokens(parameters);
          return Object.assign(grant, tokens, { refreshToken: tokens.refreshToken ?? grant.refreshToken, failures: 0 });
        } catch (error) {
          if (error.kind === 'lost' && error.retryAfterMs === null && attempt === 1) continue;
          grant.over = error.kind === 'refused' || error.kind === 'unusable';
          if (grant.over) throw new BankError('consent');
          grant.failures += 1;
          const waitMs = Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
          grant.restUntil = Date.now() + waitMs;
          throw error;
        }
      }
    });
  }

  function reject(id, accessToken) {
    return store.update(id, ({ grant }) => {
      grant.rejected = accessToken;
    });
  }

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://application');
    const routes = {
      '/health': async () => send(response, 200, { status: 'ok' }),
      '/connect': () => connect(request, response),
      '/callback': () => callback(searchParams, request, response),
      '/balance': () => balance(request, response),
    };
    const route = request.method === 'GET' ? routes[pathname] : undefined;
    if (route === undefined) return page(response, 404, 'Página não encontrada');
    route().catch((error) => fail(error, pathname, response));
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}

function idOf({ headers: { cookie = '' } }) {
  return /(?:^|; )two_session=([\w-]+)/.exec(cookie)?.[1];
}

function page(response, status, title) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  response.end(`<!doctype html><title>${title}</title><h1>${title}</h1><a href="/connect">Conectar a conta</a>`);
}

function send(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

function fail(error, pathname, response) {
  const kind = error instanceof BankError ? error.kind : 'unexpected';
  if (kind === 'consent') return send(response, 409, { error: 'consent_required', connect: '/connect' });
  console.error(`${pathname}: ${kind === 'unexpected' ? error.name : kind}`);
  if (kind === 'refused') return page(response, 400, 'O banco não aceitou o código');
  const status = kind === 'unexpected' ? 500 : kind === 'unusable' || kind === 'misconfigured' ? 502 : 503;
  response.setHeader('retry-after', String(Math.ceil((error.retryAfterMs ?? 1_000) / 1000)));
  if (pathname === '/balance') return send(response, status, { error: 'bank_unavailable' });
  page(response, status, 'O banco não respondeu');
}
