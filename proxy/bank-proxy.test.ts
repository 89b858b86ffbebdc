import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLocalAuthority } from '../certificate-authority/local-authority.js';
import type { ServerCredentials } from '../certificate-authority/local-authority.js';
import { ownHosts } from '../mock-server/banks/own-hosts.js';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer, TenantHandle } from '../mock-server/index.js';
import { startBankProxy } from './bank-proxy.js';
import type { BankProxy } from './bank-proxy.js';
import { connectionsElsewhere, guardConnections } from './testing/connection-guard.js';
import type { ConnectionGuard } from './testing/connection-guard.js';
import { ask, askWhole, openTls, openTunnel } from './testing/proxy-client.js';

const tokenPath = '/auth/oauth/v2/token';
const hosts = ownHosts.map(({ host }) => host);

let home: string;
let ca: string;
let otherCa: string;
let credentials: ServerCredentials;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'homologa-proxy-'));
  const authority = await openLocalAuthority(home, { name: 'banks', hosts });
  credentials = await authority.issue(hosts);
  ca = await readFile(authority.caFile, 'utf8');
  const other = await openLocalAuthority(home, { name: 'other', hosts });
  otherCa = await readFile(other.caFile, 'utf8');
});
afterAll(() => rm(home, { recursive: true, force: true }));

let mock: MockServer;
let proxy: BankProxy;
let notices: string[];
let guard: ConnectionGuard;
beforeEach(async () => {
  notices = [];
  mock = await startMockServer();
  proxy = await start();
  guard = guardConnections();
});
afterEach(async () => {
  vi.restoreAllMocks();
  // Whatever a test did: nothing was connected to, or looked up, but this machine.
  expect(connectionsElsewhere(guard)).toEqual([]);
  await proxy.close();
  await mock.close();
});

function start(options: { passThrough?: boolean; tenant?: string } = {}): Promise<BankProxy> {
  return startBankProxy({
    mock: { url: mock.listen },
    credentials,
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
}

function basic(tenant: Pick<TenantHandle, 'bs2'>): Record<string, string> {
  const { client } = tenant.bs2;
  return {
    authorization: `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
}

const tokenRequest = (tenant: Pick<TenantHandle, 'bs2'> = mock.defaultTenant) => ({
  method: 'POST',
  headers: basic(tenant),
  body: 'grant_type=client_credentials',
});

describe('the proxy, by a tunnel', () => {
  test.each(hosts)('answers as %s', async (host) => {
    const connection = await openTls(proxy.url, host, ca);
    expect(connection.alpnProtocol).toBe('http/1.1');
    expect(await ask(connection, host, '/nowhere')).toMatchObject({ status: 404 });
    expect(guard.connectedTo).toContain('127.0.0.1');
    const [entry] = await mock.defaultTenant.journal.list();
    expect(entry?.request.url).toBe(`https://${host}/nowhere`);
    connection.destroy();
  });

  test('keeps the connection for further requests, and opens one to the mock for each', async () => {
    const connection = await openTls(proxy.url, 'api.bs2.com', ca);
    for (let time = 0; time < 3; time += 1) {
      const { status, text } = await ask(connection, 'api.bs2.com', tokenPath, tokenRequest());
      expect(status).toBe(200);
      expect(text).toContain('"token_type":"Bearer"');
    }
    connection.destroy();
  });

  test('passes requests on as they were sent, and nothing of its own', async () => {
    const connection = await openTls(proxy.url, 'api.bs2.com', ca);
    const headers = { 'X-Ordem': '1', 'user-AGENT': 'parceiro', 'Proxy-Authorization': 'Basic eDp5' };
    await ask(connection, 'api.bs2.com', `${tokenPath}?a=%7e`, { method: 'POST', headers });
    connection.destroy();
    const [entry] = await mock.defaultTenant.journal.list();
    const seen = Object.fromEntries(entry?.request.headers.map(({ name, value }) => [name, value]) ?? []);
    expect(seen).toMatchObject({ host: 'api.bs2.com', 'x-ordem': '1', 'user-agent': 'parceiro' });
    expect(Object.keys(seen).sort()).toEqual(['connection', 'content-length', 'host', 'user-agent', 'x-ordem']);
    expect(entry?.request.url).toBe(`https://api.bs2.com${tokenPath}?a=%7e`);
  });

  test("leads nowhere but to the bank that was named, below its tenant's prefix", async () => {
    const connection = await openTls(proxy.url, 'id.btgpactual.com', ca);
    const paths = [
      '/_mock/health',
      '/../_mock/health',
      '/%2e%2e/_mock/health',
      '/..\\_mock/health',
      '/../bs2' + tokenPath,
    ];
    for (const path of [...paths, '/', '//127.0.0.1/x', '/btg/oauth2/authorize', '/t/default/btg/oauth2/authorize']) {
      const { status, text } = await ask(connection, 'id.btgpactual.com', path);
      expect([path, status, JSON.parse(text)]).toMatchObject([path, 404, { error: 'not_found' }]);
    }
    connection.destroy();
  });

  test('plays the tenant that it is told to', async () => {
    const tenant = await mock.createTenant({ id: 'outra' });
    const second = await start({ tenant: 'outra' });
    const connection = await openTls(second.url, 'api.bs2.com', ca);
    expect(await ask(connection, 'api.bs2.com', tokenPath, tokenRequest(tenant))).toMatchObject({ status: 200 });
    expect(await ask(connection, 'api.bs2.com', tokenPath, tokenRequest())).toMatchObject({ status: 401 });
    expect((await tenant.journal.list())[0]?.request.url).toBe(`https://api.bs2.com${tokenPath}`);
    connection.destroy();
    await second.close();
  });

  test('refuses a request for another host than the tunnel leads to', async () => {
    const connection = await openTls(proxy.url, 'id.btgpactual.com', ca);
    const reply = await ask(connection, 'api.empresas.btgpactual.com', '/x');
    expect(reply).toMatchObject({ status: 421 });
    expect(await mock.defaultTenant.journal.list()).toEqual([]);
    connection.destroy();
  });

  test('is refused by a client that trusts another authority, and says so', async () => {
    await expect(openTls(proxy.url, 'id.btgpactual.com', otherCa)).rejects.toThrow(/certificate|issuer/);
    await vi.waitFor(() =>
      expect(notices.join()).toMatch(/id\.btgpactual\.com before it asked anything.*does it trust/),
    );
  });

  test('survives what is no TLS, and clients that go away', async () => {
    const { socket } = await openTunnel(proxy.url, 'id.btgpactual.com:443');
    const ended = new Promise((resolve) => socket.once('close', resolve));
    socket.resume().write('GET / HTTP/1.1\r\nHost: id.btgpactual.com\r\n\r\n');
    await ended;
    const going = await openTunnel(proxy.url, 'id.btgpactual.com:443');
    going.socket.resetAndDestroy();
    const connection = await openTls(proxy.url, 'id.btgpactual.com', ca);
    expect(await ask(connection, 'id.btgpactual.com', '/x')).toMatchObject({ status: 404 });
    connection.destroy();
  });

  test.each(['before', 'after'] as const)(
    'breaks the connection where a fault drops the answer %s the work',
    async (drop) => {
      await mock.defaultTenant.faults.create({ at: 'bs2.token', effect: { drop } });
      const connection = await openTls(proxy.url, 'api.bs2.com', ca);
      connection.on('error', () => undefined);
      await expect(ask(connection, 'api.bs2.com', tokenPath, tokenRequest())).rejects.toMatchObject({
        code: 'ECONNRESET',
      });
      expect(await mock.defaultTenant.grants.list()).toHaveLength(drop === 'after' ? 1 : 0);
    },
  );

  test('passes on a refusal that comes while the request is still being sent', async () => {
    const connection = await openTls(proxy.url, 'id.btgpactual.com', ca);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const asking = { method: 'POST', headers, body: 'a'.repeat(30_000_000) };
    expect(await ask(connection, 'id.btgpactual.com', '/oauth2/token', asking)).toMatchObject({ status: 413 });
    connection.destroy();
  });

  test('says where the mock is, when it is gone', async () => {
    const connection = await openTls(proxy.url, 'api.bs2.com', ca);
    await mock.close();
    const reply = await ask(connection, 'api.bs2.com', tokenPath, tokenRequest());
    expect(reply).toMatchObject({ status: 502 });
    expect(reply.text).toContain(mock.listen);
    connection.destroy();
  });

  test('stops waiting for the mock when the client goes away', async () => {
    await mock.defaultTenant.faults.create({ at: 'bs2.token', effect: { delay: 'PT30S' } });
    const connection = await openTls(proxy.url, 'api.bs2.com', ca);
    const asked = ask(connection, 'api.bs2.com', tokenPath, tokenRequest()).catch(() => undefined);
    await vi.waitFor(async () => expect(await mock.defaultTenant.faults.list()).toEqual([]));
    connection.destroy();
    await asked;
    await proxy.close();
  });
});

describe('the proxy, by whole URLs', () => {
  test('answers for https, as clients that know no tunnels ask', async () => {
    const reply = await askWhole(proxy.url, `https://api.bs2.com${tokenPath}`, tokenRequest());
    expect(reply).toMatchObject({ status: 200 });
    expect(notices).toEqual([]);
  });

  test('answers for http, and notes that it came in the clear', async () => {
    const headers = { ...tokenRequest().headers, host: 'outro.example' };
    const reply = await askWhole(proxy.url, `http://api.bs2.com${tokenPath}`, { ...tokenRequest(), headers });
    expect(reply).toMatchObject({ status: 200 });
    expect(notices).toEqual([expect.stringMatching(/api\.bs2\.com was asked by http/)]);
  });

  test('has a configuration for browsers, and tells anybody else what it is', async () => {
    const pac = await (await fetch(`${proxy.url}/proxy.pac`)).text();
    const find = (host: string): unknown => {
      const dnsDomainIs = (name: string, domain: string): boolean => name.endsWith(domain);
      // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
      return new Function('dnsDomainIs', 'host', `${pac}; return FindProxyForURL('', host)`)(dnsDomainIs, host);
    };
    const here = `PROXY ${new URL(proxy.url).host}`;
    expect([...hosts, 'ID.btgpactual.com', 'devs.bs2.com.'].map(find)).toEqual(Array(hosts.length + 2).fill(here));
    expect(['localhost', 'example.com', 'mybs2.com', '127.0.0.1'].map(find)).toEqual(Array(4).fill('DIRECT'));
    const other = await fetch(`${proxy.url}/x`);
    expect(other.status).toBe(400);
    expect(await other.text()).toContain('HTTPS_PROXY');
  });
});

describe('other hosts', () => {
  test.each([
    ['example.com:443', /NO_PROXY=example\.com.*--pass-through/],
    ['localhost:3000', /NO_PROXY=localhost,127\.0\.0\.1/],
    ['www.btgpactual.com:443', /No flag lets anything through to a bank/],
    ['id.btgpactual.com:22', /https at port 443/],
  ])('are refused by default: %s', async (authority, advice) => {
    const tunnel = await openTunnel(proxy.url, authority);
    expect(tunnel).toMatchObject({ status: 403 });
    expect(tunnel.statusMessage).toContain(authority.split(':')[0]);
    expect(tunnel.text).toMatch(advice);
    const reply = await askWhole(proxy.url, `http://${authority}/x`);
    expect(reply).toMatchObject({ status: 403 });
    expect(reply.text).toMatch(advice);
    expect(new Set(notices).size).toBe(1);
  });

  test('that cannot be read are refused', async () => {
    expect(await openTunnel(proxy.url, 'nowhere')).toMatchObject({ status: 400 });
  });

  describe('with pass-through', () => {
    const seen: Pick<IncomingMessage, 'url' | 'rawHeaders'>[] = [];
    let elsewhere: Server;
    let port: number;
    beforeEach(async () => {
      await proxy.close();
      proxy = await start({ passThrough: true });
      elsewhere = createServer((incoming, outgoing) => {
        seen.push(incoming);
        outgoing.end('de outro lugar');
      }).listen(0, 'localhost');
      await new Promise((resolve) => elsewhere.once('listening', resolve));
      port = (elsewhere.address() as AddressInfo).port;
    });
    afterEach(() => {
      elsewhere.close();
      seen.length = 0;
    });

    test('are let through, by tunnel and by whole URL', async () => {
      const { socket } = await openTunnel(proxy.url, `localhost:${String(port)}`);
      expect(await ask(socket, 'localhost', '/tunel')).toMatchObject({ status: 200, text: 'de outro lugar' });
      socket.destroy();
      const url = `http://localhost:${String(port)}/inteiro?a=b`;
      const headers = { host: 'id.btgpactual.com', 'proxy-connection': 'keep-alive' };
      expect(await askWhole(proxy.url, url, { headers })).toMatchObject({ status: 200, text: 'de outro lugar' });
      expect(seen.map((request) => request.url)).toEqual(['/tunel', '/inteiro?a=b']);
      expect(seen[1]?.rawHeaders.slice(0, 2)).toEqual(['host', `localhost:${String(port)}`]);
      expect(seen[1]?.rawHeaders.map((text) => text.toLowerCase())).not.toContain('proxy-connection');
    });

    test('are let through no further than they are: 502 where nobody answers', async () => {
      const closed = createTcpServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => closed.once('listening', resolve));
      const free = (closed.address() as AddressInfo).port;
      await new Promise((resolve) => closed.close(resolve));
      expect(await openTunnel(proxy.url, `127.0.0.1:${String(free)}`)).toMatchObject({ status: 502 });
      expect(await askWhole(proxy.url, `http://127.0.0.1:${String(free)}/`)).toMatchObject({ status: 502 });
    });

    test.each(['www.btgpactual.com:443', 'devs.bs2.com:80', 'bancobonsucesso.com.br:443', '192.0.2.7:443'])(
      'are still none of a bank, nor an address that might be: %s',
      async (authority) => {
        expect(await openTunnel(proxy.url, authority)).toMatchObject({ status: 403 });
        expect(await askWhole(proxy.url, `http://${authority}/`)).toMatchObject({ status: 403 });
      },
    );

    test('leave the banks played', async () => {
      const connection = await openTls(proxy.url, 'id.btgpactual.com', ca);
      expect(await ask(connection, 'id.btgpactual.com', '/x')).toMatchObject({ status: 404 });
      connection.destroy();
    });
  });
});

test('a second proxy on the same port is refused with advice', async () => {
  const port = Number(new URL(proxy.url).port);
  const second = startBankProxy({ port, mock: { url: mock.listen }, credentials });
  await expect(second).rejects.toThrow(/in use; choose another port/);
});

test('it listens on the loopback alone', () => {
  expect(new URL(proxy.url).hostname).toBe('127.0.0.1');
});
