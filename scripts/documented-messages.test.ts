import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exitCodes } from '../cli/exit-codes.js';
import { literalPattern } from '../foundation/literal-pattern.js';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { CommandSite } from './command-site.js';
import { codeSpans, documentationPages } from './documentation.js';
import { documentedSessions, packageScripts } from './documented-commands.js';
import { runHomologa, startHomologa, stopAll } from './homologa-from-source.js';
import { checkout } from './package-installation.js';

// Processes of their own, several at a time.
vi.setConfig({ testTimeout: 60_000 });

let home = '';
const pages = await documentationPages();
let mock: MockServer;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'homologa-messages-'));
  mock = await startMockServer({ controlToken: null });
});
afterAll(async () => {
  await stopAll();
  await mock.close();
  await rm(home, { recursive: true, force: true });
});

function pageAt(path: string): string {
  const page = pages.find((candidate) => candidate.path === path);
  if (page === undefined) throw new Error(`There is no page ${path}.`);
  return page.text;
}

/** A message as a page has it, in backticks or quotes, with `…` for what differs; as a pattern of what is printed. */
function quoted(path: string, begins: string): RegExp {
  const text = pageAt(path);
  const all = [...codeSpans(text), ...[...text.matchAll(/"([^"\n]+)"/g)].map(([, quote]) => quote ?? '')];
  const message = all.find((quote) => quote.startsWith(begins));
  if (message === undefined) throw new Error(`${path} no longer quotes ${begins}.`);
  return new RegExp(message.split('…').map(literalPattern).join('.*'));
}

describe('the messages that pages quote', () => {
  it('docs/troubleshooting.md: a port that is taken, an address that is open to others', async () => {
    const taken = await runHomologa(['serve', '--port', new URL(mock.listen).port]);
    expect(taken).toMatchObject({ exitCode: 2, stdout: '' });
    expect(taken.stderr).toMatch(quoted('docs/troubleshooting.md', 'ERR_LISTEN'));
    const open = await runHomologa(['serve', '--host', '0.0.0.0', '--port', '0']);
    expect(open).toMatchObject({ exitCode: 2, stdout: '' });
    expect(open.stderr).toMatch(quoted('docs/troubleshooting.md', 'Binding 0.0.0.0'));
  });

  it('docs/proxy.md: a host that is no bank’s, and an application that does not trust the authority', async () => {
    const proxy = startHomologa(['proxy', '--port', '0'], { env: { HOMOLOGA_HOME: home } });
    const [, address = ''] = /^Proxy +(http:\S+)$/m.exec(await proxy.said(/^Ctrl\+C/m)) ?? [];
    const refused = await tunnel(address, 'other.example:443');
    expect(refused.status).toMatch(quoted('docs/proxy.md', '403 homologa proxy'));
    refused.socket.destroy();
    const { socket } = await tunnel(address, 'id.btgpactual.com:443');
    const distrust = connect({ socket, servername: 'id.btgpactual.com' });
    await new Promise((resolve) => distrust.once('error', resolve));
    await proxy.complained(quoted('docs/proxy.md', 'Note: a client left'));
    proxy.signal('SIGTERM');
    expect((await proxy.ended).exitCode).toBe(0);
  });
});

/** How a proxy answers `CONNECT`, and the connection. */
async function tunnel(proxy: string, host: string): Promise<{ readonly status: string; readonly socket: Duplex }> {
  return new Promise((resolve, reject) => {
    const call = request(proxy, { method: 'CONNECT', path: host, headers: { host } });
    call.once('error', reject);
    call.once('connect', ({ statusCode, statusMessage }, socket) => {
      resolve({ status: `${String(statusCode)} ${statusMessage ?? ''}`, socket });
    });
    call.end();
  });
}

describe('the codes that pages name', () => {
  it('of a process are those that it ends with', () => {
    const codes = Object.values(exitCodes).map(String);
    const table = [...pageAt('docs/verify.md').matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
    expect(table).toEqual(codes);
    const [said = ''] = /Exit code 0: [^]*?\n\n/.exec(pageAt('docs/scenarios.md')) ?? [];
    expect([...said.matchAll(/\b(\d+): /g)].map(([, code]) => code)).toEqual(codes);
  });

  it('of a store are those that it refuses with', async () => {
    const folder = join(checkout, 'mock-server', 'store');
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
    const sources = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    const known = new Set(sources.flatMap((source) => source.match(/(?<=')ERR_STORE_[A-Z_]+(?=')/g) ?? []));
    // An answer that cannot be kept is no refusal to start.
    known.delete('ERR_STORE_WRITE');
    const table = [...pageAt('docs/store.md').matchAll(/^\| `(ERR_STORE_\w+)` \|/gm)].map(([, code]) => code);
    expect(table.toSorted()).toEqual([...known].toSorted());
  });
});

describe('the clock of README.md', () => {
  it('is one second before the end of a refresh token of BS2, and then at it', async () => {
    const site = await CommandSite.open(mock, await packageScripts(), false);
    const commands = documentedSessions({ path: 'README.md', text: pageAt('README.md') })
      .flatMap((session) => session.commands)
      .filter(({ text }) => text.startsWith('npx homologa clock advance'));
    // Time goes on between the commands, and tokens live by the second.
    await site.tenant.clock.freeze();
    const { refreshToken } = await site.tenant.grants.create({ bank: 'bs2' });
    const isGood = async () => (await site.tenant.explain(refreshToken)).good;
    const seen = [await isGood()];
    for (const command of commands) {
      await site.carryOut(command, {});
      seen.push(await isGood());
    }
    expect(seen).toEqual([true, true, false]);
    await site.close();
  });
});
