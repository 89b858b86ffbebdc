import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loopbackHosts } from '../certificate-authority/host-names.js';
import { openLocalAuthority } from '../certificate-authority/local-authority.js';
import type { LocalAuthority } from '../certificate-authority/local-authority.js';
import { findChromium } from '../client/user-agent/find-chromium.js';
import { ownHosts } from '../mock-server/banks/own-hosts.js';
import { startHomologa } from '../scripts/homologa-from-source.js';
import type { RunningProcess } from '../scripts/homologa-process.js';

/** A program of a stack that prints what it finds at `$1`, and by what it is known that the stack is here. */
interface StackProgram {
  /** As the banner names it. */
  readonly stack: string;
  readonly name: string;
  readonly needs: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly run: string;
}

const java = `
import java.net.*; import java.net.http.*;
public class Get { public static void main(String[] args) throws Exception {
  var request = HttpRequest.newBuilder(URI.create(args[0])).build();
  System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  System.out.println(new String(new URL(args[0]).openStream().readAllBytes()));
} }`;

const stackPrograms: readonly StackProgram[] = [
  {
    stack: 'Node.js',
    name: 'fetch',
    needs: ['node'],
    run: `node -e 'fetch(process.argv[1]).then((answer) => answer.text()).then(console.log)' "$1"`,
  },
  {
    stack: 'Node.js',
    name: 'https with an agent of its own',
    needs: ['node'],
    files: {
      'get.mjs':
        "import https from 'node:https'; https.get(process.argv[2], { agent: new https.Agent({ keepAlive: false }) }, (answer) => answer.pipe(process.stdout));",
    },
    run: 'node get.mjs "$1"',
  },
  { stack: 'curl', name: 'curl', needs: ['curl'], run: 'curl -qsS "$1"' },
  {
    stack: 'Python',
    name: 'urllib',
    needs: ['python3'],
    run: `python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode())' "$1"`,
  },
  {
    stack: 'Python',
    name: 'requests',
    needs: ['python3', 'python3 -c "import requests"'],
    run: `python3 -c 'import sys, requests; print(requests.get(sys.argv[1]).text)' "$1"`,
  },
  {
    stack: 'Go, Ruby',
    name: 'Ruby',
    needs: ['ruby'],
    run: `ruby -rnet/http -e 'puts Net::HTTP.get(URI(ARGV[0]))' "$1"`,
  },
  {
    stack: 'Java',
    name: 'both of its clients',
    needs: ['keytool', 'javac'],
    files: { 'Get.java': java },
    run: 'java Get.java "$1"',
  },
];

const hasBash = spawnSync('bash', ['--version']).status === 0;
const chromium = findChromium(process.env);

function isHere(need: string): boolean {
  const check = need.includes(' ') ? need : `command -v ${need}`;
  return hasBash && spawnSync('bash', ['-c', check]).status === 0;
}

const missing = stackPrograms.filter(({ needs }) => !needs.every(isHere)).map(({ name }) => name);
if (missing.length > 0) console.warn(`Skipped: what is not on this machine: ${missing.join(', ')}.`);
if (chromium === null) console.warn('Skipped: Chromium is not on this machine, or name it in CHROMIUM_PATH.');

/** The lines of a banner for a stack, as they are printed. */
function linesFor(banner: string, stack: string): string[] {
  const lines = banner.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`  ${stack.padEnd(12)}`));
  if (first < 0) throw new TypeError(`The banner has no lines for ${stack}.`);
  const rest = lines.slice(first + 1);
  const end = rest.findIndex((line) => !line.startsWith(' '.repeat(14)));
  return [lines[first] ?? '', ...rest.slice(0, end)].map((line) => line.slice(14));
}

describe.each([
  { command: 'serve', flags: ['serve', '--port', '0', '--tls', 'auto'], name: 'loopback', hosts: loopbackHosts },
  { command: 'proxy', flags: ['proxy', '--port', '0'], name: 'banks', hosts: ownHosts.map(({ host }) => host) },
])('the lines that homologa $command prints', ({ command, flags, name, hosts }) => {
  let folder: string;
  let mock: RunningProcess;
  let banner: string;
  let url: string;
  let expected: string;
  let caFile: string;
  let pin: string;
  let other: LocalAuthority;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homologa stacks ')); // A space: the lines must be quoted.
    const config = join(folder, 'mock.yaml');
    await writeFile(config, 'settings: {btg: {discovery: true}}\n');
    mock = startHomologa([...flags, '--config', config], { env: { HOMOLOGA_HOME: join(folder, 'home') } });
    banner = await mock.said(/Ctrl\+C/);
    const bank = command === 'proxy' ? 'https://id.btgpactual.com' : /^BTG +(\S+)/m.exec(banner)?.[1];
    url = `${bank ?? ''}/.well-known/openid-configuration`;
    caFile = join(folder, 'home', 'authorities', name, 'ca.pem');
    expect(banner).toContain(caFile);
    pin = /spki-list=(\S+)/.exec(banner)?.[1] ?? '';
    other = await openLocalAuthority(join(folder, 'other'), { name, hosts });
    expected = `"issuer":"${bank ?? ''}"`;
  }, 60_000);
  afterAll(async () => {
    mock.signal('SIGTERM');
    await mock.ended;
    await rm(folder, { recursive: true, force: true });
  });

  /** What a program prints after these lines, in a folder of its own. */
  async function runAfter(lines: readonly string[], run: string, files: Readonly<Record<string, string>> = {}) {
    const cwd = await mkdtemp(join(folder, 'run-'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
    const env = { PATH: process.env['PATH'], HOME: cwd };
    const script = [...lines, run].join('\n');
    return spawnSync('bash', ['-euc', script, 'bash', url], { cwd, encoding: 'utf8', env, timeout: 60_000 });
  }

  /** The same lines for another authority of the same hosts, by which nothing here is signed. */
  const forAnother = (lines: readonly string[]): string[] =>
    lines.map((line) => line.replaceAll(caFile, other.caFile).replaceAll(pin, other.publicKeyPin));

  it.each(stackPrograms.filter(({ needs }) => needs.every(isHere)))(
    'serve $stack: $name',
    async ({ stack, files, run }) => {
      const every = command === 'proxy' ? linesFor(banner, 'every') : [];
      const lines = [...every, ...linesFor(banner, stack)];
      const trusting = await runAfter(lines, run, files);
      expect(trusting.stdout, trusting.stderr).toContain(expected);
      const distrusting = await runAfter(forAnother(lines), run, files);
      expect(distrusting.stdout).not.toContain(expected);
      expect(distrusting.stderr).toMatch(/certificat|PKIX|SSL|TLS/i);
    },
    120_000,
  );

  it.skipIf(chromium === null || !hasBash)(
    'serve Chromium, in a profile that is thrown away',
    async () => {
      const here = linesFor(banner, 'Chromium').map((line) =>
        line.replace(/^chromium/, `'${chromium ?? ''}' --headless --no-sandbox --disable-gpu --dump-dom`),
      );
      expect(here.join('\n')).toContain('--headless');
      const trusting = await runAfter([], `${here.join('\n')} "$1"`);
      expect(trusting.stdout, trusting.stderr).toContain(expected);
      const distrusting = await runAfter([], `${forAnother(here).join('\n')} "$1"`);
      expect(distrusting.stdout).not.toContain(expected);
    },
    120_000,
  );
});
