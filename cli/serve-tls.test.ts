import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { runHomologa, startHomologa, stopAll } from '../scripts/homologa-from-source.js';

const listening = v.looseObject({ url: v.string(), listen: v.string(), control: v.string(), ca: v.string() });

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'homologa-serve-tls-'));
  env = { HOMOLOGA_HOME: join(folder, 'home') };
});
afterEach(async () => {
  await stopAll();
  await rm(folder, { recursive: true, force: true });
});

async function serve(...flags: string[]): Promise<v.InferOutput<typeof listening> & { pem: string }> {
  const mock = startHomologa(['serve', '--port', '0', '--tls', 'auto', '--json', ...flags], { env });
  const event = v.parse(listening, JSON.parse(await mock.said(/\n/)));
  return { ...event, pem: await readFile(event.ca, 'utf8') };
}

/** The names in the certificate of a server, which must be trusted by `ca`. */
function namesAt(listen: string, ca: string, servername: string): Promise<string | undefined> {
  const { port } = new URL(listen);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca, servername }, () => {
      resolve(socket.getPeerX509Certificate()?.subjectAltName);
      socket.destroy();
    });
    socket.once('error', reject);
  });
}

function post(url: string, ca: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request(url, { method: 'POST', ca, headers: { 'content-length': 0 } }, (answer) => {
      answer.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
      answer.resume().on('end', () => resolve(String(answer.statusCode)));
    });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    asked.end();
  });
}

describe('homologa serve --tls auto', () => {
  test('serves https for the names of this machine, by an authority that says where it is', async () => {
    const { listen, ca, pem } = await serve();
    expect(listen).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(ca).toBe(join(folder, 'home', 'authorities', 'loopback', 'ca.pem'));
    expect(await namesAt(listen, pem, 'localhost')).toBe(
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    await expect(namesAt(listen, pem, 'id.btgpactual.com')).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(new X509Certificate(pem).subject).toMatch(/homologa test CA \(not a bank\)/);
  });

  test('keeps the authority for the next start, and two at once share it', async () => {
    const [first, second] = await Promise.all([serve(), serve()]);
    const third = await serve();
    expect(new Set([first.pem, second.pem, third.pem]).size).toBe(1);
    expect(await namesAt(first.listen, third.pem, 'localhost')).toContain('localhost');
  });

  test('vouches for the hosts that the flags name, by an authority of their own where they are elsewhere', async () => {
    const { listen, ca, pem } = await serve(
      '--public-url',
      'https://mock.example:8443',
      '--internal-url',
      'https://mock',
    );
    expect(ca).toContain('loopback+mock+mock.example');
    for (const name of ['mock.example', 'mock', 'localhost']) {
      expect(await namesAt(listen, pem, name)).toContain('DNS:mock.example');
    }
    const near = await serve('--public-url', 'https://app.localhost');
    expect(near.ca).toContain(join('authorities', 'loopback', 'ca.pem'));
    expect(await namesAt(near.listen, near.pem, 'app.localhost')).toContain('DNS:app.localhost');
    expect((await readdir(join(folder, 'home', 'authorities'))).sort()).toEqual([
      'loopback',
      'loopback+mock+mock.example',
    ]);
  });

  test.each(['before', 'after'])(
    'breaks connections under TLS too, where a fault drops the answer %s',
    async (drop) => {
      const { listen, control, pem } = await serve();
      const fault = JSON.stringify({ at: 'bs2.token', effect: { drop } });
      const made = spawnSync(
        process.execPath,
        [
          '-e',
          "fetch(process.argv[1], { method: 'POST', headers: { 'content-type': 'application/json' }, body: process.argv[2] }).then((answer) => console.log(answer.status))",
          `${control}/tenants/default/faults`,
          fault,
        ],
        {
          encoding: 'utf8',
          env: { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'home', 'authorities', 'loopback', 'ca.pem') },
        },
      );
      expect(made.stdout).toBe('201\n');
      const url = `${listen}/bs2/auth/oauth/v2/token`;
      expect(await post(url, pem)).toBe('ECONNRESET');
      expect(await post(url, pem)).toBe('400');
    },
  );

  test('gives a first token by the certificate that it names', async () => {
    const mock = startHomologa(['serve', '--port', '0', '--tls', 'auto'], { env });
    const banner = await mock.said(/Ctrl\+C/);
    expect(banner).toMatch(/^TLS +\S+ca\.pem {2}\(made now, lives until \d{4}-\d\d-\d\d/m);
    const script = /from another shell:\n\n([^]*?)\n\n/.exec(banner)?.[1] ?? '';
    expect(script).toContain('--cacert');
    expect(script).not.toContain('--insecure');
    if (spawnSync('curl', ['--version']).status !== 0) return;
    const bash = spawnSync('bash', ['-euc', script], { encoding: 'utf8' });
    expect(bash.stdout).toMatch(/^HTTP\/1\.1 200 [^]*"access_token"/);
  });

  test.each([
    ['--tls auto --tls-cert cert.pem --tls-key key.pem', /--tls.*cannot be used with.*--tls-cert/],
    ['--tls always', /--tls.*'always'.*auto/],
  ])('is refused: %s', async (flags, message) => {
    const end = await runHomologa(['serve', '--port', '0', ...flags.split(' ')], { env });
    expect(end).toMatchObject({ exitCode: 2, stdout: '' });
    expect(end.stderr).toMatch(message);
  });
});
