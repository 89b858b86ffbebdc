import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { TLSSocket } from 'node:tls';

/** What a proxy answered to CONNECT. */
export interface Tunnel {
  readonly status: number;
  readonly statusMessage: string;
  /** Of a refusal. */
  readonly text: string;
  readonly socket: Socket;
}

/** What came back for a request. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks a proxy for a tunnel. */
export function openTunnel(proxyUrl: string, authority: string): Promise<Tunnel> {
  const { hostname, port } = new URL(proxyUrl);
  return new Promise((resolve, reject) => {
    const asked = httpRequest({ hostname, port, method: 'CONNECT', path: authority, agent: false });
    asked.once('connect', (answer, socket, head) => {
      const { statusCode: status = 0, statusMessage = '' } = answer;
      if (status === 200) return resolve({ status, statusMessage, text: '', socket });
      let text = head.toString();
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.once('close', () => resolve({ status, statusMessage, text, socket }));
    });
    asked.once('error', reject).end();
  });
}

/** A tunnel to a host, and TLS within it, trusting this certificate alone. */
export async function openTls(proxyUrl: string, host: string, ca: string): Promise<TLSSocket> {
  const { socket, statusMessage, status } = await openTunnel(proxyUrl, `${host}:443`);
  if (status !== 200) throw new Error(statusMessage);
  return new Promise((resolve, reject) => {
    const secured = tlsConnect({ socket, servername: host, ca, ALPNProtocols: ['h2', 'http/1.1'] });
    secured.once('secureConnect', () => resolve(secured)).once('error', reject);
  });
}

/** One request on a connection, which stays open. @throws what breaks the connection */
export function ask(connection: Socket, host: string, path: string, asking: Asking = {}): Promise<Reply> {
  const { method = 'GET', headers = {}, body } = asking;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method,
      path,
      headers: { host, connection: 'keep-alive', ...headers },
      createConnection: () => connection,
    });
    request.once('response', (answer) => void readReply(answer).then(resolve, reject));
    request.once('error', reject).end(body);
  });
}

/** A request for a whole URL, sent to the proxy as it is. */
export function askWhole(proxyUrl: string, url: string, asking: Asking = {}): Promise<Reply> {
  const { hostname, port } = new URL(proxyUrl);
  const { method = 'GET', headers = {}, body } = asking;
  return new Promise((resolve, reject) => {
    const request = httpRequest({ hostname, port, method, path: url, headers, agent: false });
    request.once('response', (answer) => void readReply(answer).then(resolve, reject));
    request.once('error', reject).end(body);
  });
}

async function readReply(answer: IncomingMessage): Promise<Reply> {
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  if (!answer.complete) throw new Error('The answer was cut off.');
  return { status: answer.statusCode ?? 0, headers: answer.headers, text };
}
