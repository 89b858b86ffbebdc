import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { CommandSite } from './command-site.js';
import type { CommandChange } from './command-site.js';
import { commandsLeftOut, leavesOut } from './commands-left-out.js';
import { documentationPages, fencedBlocks } from './documentation.js';
import { documentedSessions, packageScripts } from './documented-commands.js';
import type { DocumentedSession } from './documented-commands.js';
import { stopAll } from './homologa-from-source.js';
import { compareOutput } from './output-comparison.js';

// A page has several commands, each a process of its own.
vi.setConfig({ testTimeout: 120_000 });

const oneExchange = ['--tags', '@id:btg-code-exchange'];
const oneCheck = ['--only', 'partner.callback.state-altered'];

/** Commands that are cut short here, or that end with another exit code than 0. */
const changes: Readonly<Record<string, CommandChange>> = {
  'npm run conformance -- --bank bs2': { flags: ['--tags', '@id:bs2-code-exchange'] },
  'npx homologa verify homologa.yaml': { flags: oneCheck },
  'homologa run --target btg-sandbox': { flags: oneExchange },
  'npx homologa plan --target btg-sandbox': { exitCode: 2 },
  'npx homologa run --bank bs2 --tags @kind:edge --settings stand-in.json --out b': { exitCode: 1 },
  'npx homologa run --bank bs2 --tags @kind:edge --settings like-b.json --out c': { exitCode: 1 },
  'npx homologa diff a b': { exitCode: 1 },
  'npx homologa diff a b --settings like-b.json': { exitCode: 1 },
  'npx homologa findings traffic.har --bank bs2': { exitCode: 1 },
};

const pages = await documentationPages();
const all = pages.map((page) => ({ page, sessions: documentedSessions(page) }));
const scripts = await packageScripts();

const hasCurl = spawnSync('curl', ['--version']).error === undefined;
if (!hasCurl) {
  const advice = 'The calls of docs/faults.md and docs/findings.md need curl.';
  if ((process.env['HOMOLOGA_FORBID_SKIP'] ?? '') !== '') throw new Error(`Not skipped here: ${advice}`);
  console.warn(`Skipped: ${advice}`);
}

const isLeftOut = (path: string, text: string): boolean =>
  (!hasCurl && text.startsWith('curl ')) || commandsLeftOut.some((entry) => leavesOut(entry, path, text));

/** Each command once, and again only where a page shows something else of it. */
function planned(): readonly { path: string; text: string; sessions: readonly DocumentedSession[] }[] {
  const seen = new Set<string>();
  return all.flatMap(({ page: { path, text }, sessions }) => {
    const left = sessions.flatMap((session) => {
      const commands = session.commands.filter((command) => !isLeftOut(path, command.text));
      const shown = JSON.stringify([session.commands, session.outputs]);
      const news =
        session.outputs.length > 0 && !seen.has(shown) ? commands : commands.filter((c) => !seen.has(c.text));
      for (const { text: known } of commands) seen.add(known);
      seen.add(shown);
      return news.length === 0 ? [] : [{ ...session, commands: news }];
    });
    return left.length === 0 ? [] : [{ path, text, sessions: left }];
  });
}

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ controlToken: null });
});
afterAll(async () => {
  await stopAll();
  await mock.close();
});

describe.concurrent('the commands of the documentation, carried out', () => {
  it.each(planned())('$path: they end as they should, and print what is shown', async ({ path, text, sessions }) => {
    const site = await CommandSite.open(mock, scripts, path === 'docs/findings.md');
    try {
      if (path === 'docs/kept-tokens.md') site.standInForSandbox();
      for (const [, name, file] of text.matchAll(/`([\w-]+\.json)`:\n\n```json\n([^]*?)^```$/gm))
        await site.write(name ?? '', file ?? '');
      for (const { line, commands, outputs } of sessions) {
        const outcomes: string[] = [];
        for (const command of commands) outcomes.push(await site.carryOut(command, changes[command.text] ?? {}));
        const printed = outcomes.map((text) => text.replace(/\n?$/, '\n')).join('');
        for (const shown of outputs) {
          const difference = compareOutput(shown, printed);
          if (difference === null) continue;
          expect.fail(
            `${path}:${String(line)} shows what is not printed.\n  shown:   ${difference.shown}\n` +
              `  printed: ${difference.got ?? 'nothing like it'}\n\nAll that is printed:\n${printed}`,
          );
        }
      }
    } finally {
      await site.close();
    }
  });
});

describe('the commands of the documentation', () => {
  const texts = all.flatMap(({ page: { path }, sessions }) =>
    sessions.flatMap(({ commands }) => commands.map(({ text }) => ({ path, text }))),
  );

  it('are each carried out or left out for a reason, and no reason is left over', () => {
    const idle = commandsLeftOut.filter((entry) => !texts.some(({ path, text }) => leavesOut(entry, path, text)));
    expect(idle).toEqual([]);
    expect(Object.keys(changes).filter((changed) => !texts.some(({ text }) => text === changed))).toEqual([]);
    expect(planned().flatMap(({ sessions }) => sessions.flatMap(({ commands }) => commands)).length).toBeGreaterThan(
      25,
    );
  });

  it('are carried out here where a page shows what they print, or in the smoke test', () => {
    const unseen = all.flatMap(({ page: { path }, sessions }) =>
      sessions
        .filter(({ commands, outputs }) => outputs.length > 0 && commands.every(({ text }) => isLeftOut(path, text)))
        .flatMap(({ commands }) => commands.map(({ text }) => text)),
    );
    const walked = commandsLeftOut.filter(({ because }) => because.startsWith('scripts/quick-start-check.ts'));
    expect(unseen.filter((text) => !walked.some(({ command }) => command === text))).toEqual([]);
    expect(all.flatMap(({ sessions }) => sessions.flatMap(({ outputs }) => outputs)).length).toBeGreaterThan(15);
  });

  it('are shown with what they print in blocks of text alone', () => {
    const others = pages.flatMap(({ text }) => fencedBlocks(text, '').map((block) => block.split('\n')[0] ?? ''));
    expect(others).toEqual([
      expect.stringMatching(/^foundation\/ /), // docs/architecture.md: folders
      // docs/quick-start.md: an answer and an address, both compared in documentation.test.ts
      'HTTP/1.1 200 OK',
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:4010\/bs2\//),
    ]);
  });
});
