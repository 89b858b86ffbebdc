import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const preload = new URL('environment-proxy.js', import.meta.url).href;
/** Nothing listens there: who goes past the proxy is refused. */
const port = 2;

let proxy: Server;
let proxyUrl: string;
let asked: string[] = [];
beforeAll(async () => {
  proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 not here\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  proxyUrl = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
});
afterAll(() => proxy.close());
beforeEach(() => {
  asked = [];
});

const program = `
import https from 'node:https';
const url = process.argv[1];
const by = (options) => new Promise((resolve) =>
  https.get(url, options, () => resolve('answered')).once('error', (error) => resolve(error.code ?? error.message)));
console.log(JSON.stringify([
  await fetch(url).then(() => 'answered', (error) => error.cause?.code ?? error.cause?.message ?? error.message),
  await by({}),
  await by({ agent: new https.Agent() }),
  await by({ agent: false }),
]));
`;

/** How each way of asking for an https URL ends in a program that the preload was loaded into. */
function run(url: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const args = [`--import=${preload}`, '--input-type=module', '-e', program, url];
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...environment } });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('close', () => {
      try {
        resolve(JSON.parse(said) as string[]);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(said));
      }
    });
  });
}

describe('the preload for Node', () => {
  test.each(['HTTPS_PROXY', 'https_proxy'])('sends every way to ask for https to the proxy of %s', async (name) => {
    const outcomes = await run(`https://localhost:${String(port)}/`, { [name]: proxyUrl });
    expect(asked).toEqual(Array(4).fill(`localhost:${String(port)}`));
    expect(outcomes.slice(1)).toEqual(Array(3).fill(`The proxy let nothing through to localhost:2: not here`));
  });

  test('changes nothing where there is no proxy', async () => {
    const outcomes = await run(`https://127.0.0.1:${String(port)}/`, {});
    expect(outcomes.slice(1)).toEqual(Array(3).fill('ECONNREFUSED'));
  });

  test.each([
    ['*', 'localhost', false],
    ['example.com, localhost', 'localhost', false],
    ['.localhost', 'app.localhost', false],
    ['localhost', 'app.localhost', false],
    ['*.localhost', 'app.localhost', false],
    ['localhost:2', 'localhost', false],
    ['localhost:3', 'localhost', true],
    ['ocalhost', 'localhost', true],
    ['127.0.0.1', '127.0.0.1', false],
    ['::1', '[::1]', false],
    ['', 'localhost', true],
  ])('with NO_PROXY=%s asks the proxy for %s: %s', async (NO_PROXY, host, asksProxy) => {
    await run(`https://${host}:${String(port)}/`, { HTTPS_PROXY: proxyUrl, NO_PROXY });
    // Of the four ways, fetch is undici's to judge.
    expect(asked.length >= 3).toBe(asksProxy);
    if (!asksProxy) expect(asked.length).toBeLessThanOrEqual(1);
  });
});
