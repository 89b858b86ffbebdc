import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  certificatePem,
  makeCertificate,
  newKeyPair,
  privateKeyPem,
  readCertificate,
  readPrivateKey,
  serverExtensions,
} from './certificate.js';
import { hostNames, loopbackHosts } from './host-names.js';
import { openLocalAuthority } from './local-authority.js';
import type { ServerCredentials } from './local-authority.js';

const loopback = { name: 'loopback', hosts: loopbackHosts };
const banks = { name: 'banks', hosts: ['id.banco.example', 'api.banco.example'] };
const dayMs = 86_400_000;

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'homologa-authority-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** What Node says of a server's certificate when it is asked for by this name: null for nothing. */
async function judge({ cert, key }: ServerCredentials, ca: string, servername: string): Promise<string | null> {
  const server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const host = /^[\d.]+$/.test(servername) ? { host: servername } : { host: '127.0.0.1', servername };
      const socket = connect({ ...host, port, ca }, () => {
        socket.destroy();
        resolve(null);
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code ?? ''} ${error.message}`));
    });
  } finally {
    server.close();
  }
}

/** A server certificate that the kept key signs, for hosts that its authority was not made for. */
async function forge(folder: string, hosts: readonly string[]): Promise<ServerCredentials> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const issuer = {
    certificate: readCertificate(await read('issuer.pem')),
    privateKey: await readPrivateKey(await read('issuer-key.pem')),
  };
  const keys = await newKeyPair();
  const content = {
    subject: 'ninguém',
    notBeforeMs: Date.now() - dayMs,
    notAfterMs: Date.now() + dayMs,
    extensions: serverExtensions(hostNames(hosts)),
  };
  const certificate = await makeCertificate(content, keys, issuer);
  return { cert: certificatePem(certificate) + (await read('issuer.pem')), key: await privateKeyPem(keys.privateKey) };
}

describe('a local authority', () => {
  test('vouches for its hosts, and its own certificate alone is what a client trusts', async () => {
    const authority = await openLocalAuthority(home, loopback);
    const credentials = await authority.issue(loopback.hosts);
    const ca = await readFile(authority.caFile, 'utf8');
    expect(await judge(credentials, ca, 'localhost')).toBeNull();
    expect(await judge(credentials, ca, '127.0.0.1')).toBeNull();
    expect(await judge(credentials, ca, 'id.banco.example')).toMatch(/ERR_TLS_CERT_ALTNAME_INVALID/);
    const other = await openLocalAuthority(home, banks);
    expect(await judge(credentials, await readFile(other.caFile, 'utf8'), 'localhost')).toMatch(
      /UNABLE_TO_GET_ISSUER_CERT/,
    );
  });

  test.each([
    ['a host that is not its own', banks, ['id.banco.example', 'outro.example'], 'id.banco.example'],
    ['an address, where it has names only', banks, ['127.0.0.1'], '127.0.0.1'],
    ['a bank, where it is of the loopback', loopback, ['id.banco.example', 'localhost'], 'localhost'],
  ])('cannot vouch for %s, not even with the key that is kept', async (_name, scope, hosts, asked) => {
    const { caFile } = await openLocalAuthority(home, scope);
    const forged = await forge(join(home, 'authorities', scope.name), hosts);
    const verdict = await judge(forged, await readFile(caFile, 'utf8'), asked);
    expect(verdict).toMatch(/(permitted|excluded) subtree violation/);
  });

  test('keeps no key of the root, and the other so that only its user reads it', async () => {
    await openLocalAuthority(home, banks);
    const folder = join(home, 'authorities', 'banks');
    expect((await readdir(folder)).sort()).toEqual(['ca.pem', 'issuer-key.pem', 'issuer.pem']);
    expect(await readdir(join(home, 'authorities'))).toEqual(['banks']);
    if (process.platform !== 'win32') {
      expect((await stat(join(folder, 'issuer-key.pem'))).mode & 0o777).toBe(0o600);
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
    }
    const [ca, issuer] = await Promise.all(
      ['ca.pem', 'issuer.pem'].map(async (name) => new X509Certificate(await readFile(join(folder, name)))),
    );
    expect(ca?.subject).toMatch(/^CN=homologa test CA \(not a bank\) \d{4}-\d\d-\d\d [0-9a-f]{6} banks$/);
    expect(issuer?.checkIssued(ca ?? issuer)).toBe(true);
    expect(Date.parse(ca?.validTo ?? '') - Date.now()).toBeLessThanOrEqual(90 * dayMs);
  });

  test('is the same at the next start, with another certificate for the server', async () => {
    const first = await openLocalAuthority(home, banks);
    const second = await openLocalAuthority(home, banks);
    expect([first.isNew, second.isNew]).toEqual([true, false]);
    expect(second.validUntil).toEqual(first.validUntil);
    expect(second.publicKeyPin).toBe(first.publicKeyPin);
    const [one, other] = [await first.issue(banks.hosts), await second.issue(banks.hosts)];
    expect(one.cert).not.toBe(other.cert);
    const ca = await readFile(first.caFile, 'utf8');
    expect(await judge(other, ca, 'api.banco.example')).toBeNull();
  });

  test('is one for all that start at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => openLocalAuthority(home, banks)));
    expect(new Set(all.map(({ publicKeyPin }) => publicKeyPin)).size).toBe(1);
    expect(all.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(await readdir(join(home, 'authorities'))).toEqual(['banks']);
  });

  test.each([
    ['has lived most of its life', banks, 80 * dayMs],
    ['is of tomorrow', banks, -2 * dayMs],
    ['was made for other hosts', { ...banks, hosts: [...banks.hosts, 'novo.example'] }, 0],
  ])('is replaced where it %s', async (_name, scope, laterMs) => {
    const first = await openLocalAuthority(home, banks);
    const second = await openLocalAuthority(home, scope, Date.now() + laterMs);
    expect(second.isNew).toBe(true);
    expect(second.publicKeyPin).not.toBe(first.publicKeyPin);
    expect(await readdir(join(home, 'authorities'))).toEqual(['banks']);
  });

  test('gives no certificate that outlives it', async () => {
    const first = await openLocalAuthority(home, banks);
    const late = await openLocalAuthority(home, banks, Date.now() + 70 * dayMs);
    expect(late.isNew).toBe(false);
    const { validTo } = new X509Certificate((await late.issue(banks.hosts)).cert);
    expect(Date.parse(validTo)).toBe(first.validUntil.getTime());
  });

  test.each([
    [
      'is a folder',
      async (path: string) => rm(path).then(() => mkdir(path, { mode: 0o700 })),
      'ERR_AUTHORITY_UNREADABLE',
    ],
    ['is missing', async (path: string) => rm(path), 'ERR_AUTHORITY_UNREADABLE'],
    ['is no key', async (path: string) => writeFile(path, 'nada'), 'ERR_AUTHORITY_UNREADABLE'],
    ['is open to others', async (path: string) => chmod(path, 0o644), 'ERR_AUTHORITY_EXPOSED'],
  ])('whose key %s is refused, with advice and the path', async (_name, spoil, code) => {
    await openLocalAuthority(home, banks);
    const folder = join(home, 'authorities', 'banks');
    await spoil(join(folder, 'issuer-key.pem'));
    const error: unknown = await openLocalAuthority(home, banks).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(String(error)).toContain(folder);
    expect(String(error)).toMatch(/remove (its|the) folder/i);
  });

  test('whose key is of another authority is refused', async () => {
    await openLocalAuthority(home, banks);
    await openLocalAuthority(home, loopback);
    const [from, to] = ['loopback', 'banks'].map((name) => join(home, 'authorities', name, 'issuer-key.pem'));
    await writeFile(to ?? '', await readFile(from ?? ''));
    await expect(openLocalAuthority(home, banks)).rejects.toThrow(/do not belong together/);
  });

  test('that cannot be kept is refused', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(openLocalAuthority(join(home, 'file'), banks)).rejects.toMatchObject({
      code: 'ERR_AUTHORITY_NOT_KEPT',
    });
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.warn('Skipped: strict verification needs openssl; install it to run this test.');

test.skipIf(!hasOpenssl)('certificates pass the strict verification of OpenSSL, which Python asks for', async () => {
  const scope = { name: 'all', hosts: [...loopbackHosts, 'mock.example', '2001:db8::7'] };
  const authority = await openLocalAuthority(home, scope);
  const { cert } = await authority.issue(scope.hosts);
  await writeFile(join(home, 'chain.pem'), cert);
  const check = (...flags: string[]) =>
    spawnSync(
      'openssl',
      [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        authority.caFile,
        '-untrusted',
        join(home, 'chain.pem'),
        ...flags,
        join(home, 'chain.pem'),
      ],
      { encoding: 'utf8' },
    );
  for (const flags of [
    ['-verify_hostname', 'mock.example'],
    ['-verify_ip', '2001:db8::7'],
    ['-verify_ip', '::1'],
  ]) {
    expect(check(...flags).stdout).toMatch(/: OK\n/);
  }
  expect(check('-verify_hostname', 'other.example').stderr).toMatch(/hostname mismatch/i);
});
