import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { ConsentOver, createAccount } from '../shop.js';

/** The shop's pages: start at /, be sent to the bank, come back at /callback. Resolves to its origin and how to end it. */
export async function startShop(bank) {
  const sessions = new Map();
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      const status = error instanceof ConsentOver ? 409 : 502;
      page(response, status, '<h1>Não foi possível</h1><a href="/connect">Conectar de novo</a>');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;

  async function answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, origin);
    const session = sessions.get(/shop_session=([^;]+)/.exec(request.headers.cookie ?? '')?.[1]);
    if (pathname === '/') return page(response, 200, '<h1>Loja</h1><a href="/connect">Conectar o BS2</a>');
    if (pathname === '/connect') {
      const id = randomUUID();
      const state = randomUUID();
      const account = createAccount({ ...bank, redirectUri: `${origin}/callback` });
      sessions.set(id, { account, state });
      const cookie = `shop_session=${id}; Path=/; HttpOnly; SameSite=Lax`;
      return response.writeHead(302, { location: account.authorizationUrl(state), 'set-cookie': cookie }).end();
    }
    if (session === undefined) throw new ConsentOver('There is no session.');
    if (pathname === '/callback') {
      const { state } = session;
      session.state = null; // one use
      if (state === null || searchParams.get('state') !== state) throw new ConsentOver('The state is another.');
      if (searchParams.has('error')) return page(response, 200, '<h1>Consentimento negado</h1><a href="/">Voltar</a>');
      await session.account.finish(searchParams.get('code'));
      return response.writeHead(302, { location: '/balance' }).end();
    }
    page(response, 200, `<h1>Saldo</h1><p>R$ ${await session.account.balance()}</p>`);
  }

  return { origin, stop: () => new Promise((resolve) => server.close(resolve)) };
}

function page(response, status, body) {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`<!doctype html><html lang="pt-BR"><title>Loja</title>${body}`);
}
