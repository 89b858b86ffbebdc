import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { isAt } from '../authorization-return.js';
import { isLoopbackName } from '../loopback-names.js';

/** Listens where the bank sends the user back, so that nobody has to copy an address. */
export interface RedirectListener {
  /** The next address that a browser came back to. */
  next(signal: AbortSignal): Promise<string>;
  close(): void;
}

const page = `<!doctype html><html lang="pt-BR"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>homologa</title><body style="font: 1.125rem/1.5 system-ui; max-width: 32rem; margin: 4rem auto; padding: 0 1rem">
<h1>Recebido</h1><p>O homologa recebeu o redirecionamento do banco. Pode fechar esta janela e voltar ao terminal.</p>
<p lang="en">homologa has the bank’s redirect. You can close this window and go back to the terminal.</p>`;

/**
 * A listener for redirects to `redirectUri`. Null where that is no plain address of this machine, or somebody else
 * listens there already: the person then pastes the address.
 */
export async function listenForRedirect(redirectUri: string): Promise<RedirectListener | null> {
  const url = new URL(redirectUri);
  if (url.protocol !== 'http:' || !isLoopbackName(url.hostname)) return null;
  const came: string[] = [];
  let waiting: ((address: string) => void) | null = null;
  const take = (address: string): void => {
    const next = waiting;
    waiting = null;
    if (next === null) came.push(address);
    else next(address);
  };
  // A browser may mean either address by localhost.
  const hosts = url.hostname === 'localhost' ? ['127.0.0.1', '::1'] : [url.hostname.replace(/^\[|\]$/g, '')];
  const servers: Server[] = [];
  for (const host of hosts) {
    const server = createServer((request, response) => {
      const address = new URL(request.url ?? '/', url.origin);
      const isRedirect = request.method === 'GET' && isAt(address, redirectUri);
      const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', connection: 'close' };
      response.writeHead(isRedirect ? 200 : 404, { ...headers, 'referrer-policy': 'no-referrer' });
      response.end(isRedirect ? page : '');
      if (isRedirect) take(address.href);
    });
    if (await listens(server, host, Number(url.port === '' ? 80 : url.port))) servers.push(server);
  }
  if (servers.length === 0) return null;
  return {
    async next(signal) {
      signal.throwIfAborted();
      const early = came.shift();
      if (early !== undefined) return early;
      return new Promise<string>((resolve, reject) => {
        const stop = (): void => reject(signal.reason instanceof Error ? signal.reason : new Error('stopped'));
        signal.addEventListener('abort', stop, { once: true });
        waiting = (address) => {
          signal.removeEventListener('abort', stop);
          resolve(address);
        };
      });
    },
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function listens(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
}
