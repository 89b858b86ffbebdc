import { readFile, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../cli/program.js';
import { bankIds } from '../mock-server/banks/bank-id.js';
import { bs2Paths, bs2Profile } from '../mock-server/banks/bs2/profile.js';
import { btgPaths, btgProfile } from '../mock-server/banks/btg/profile.js';
import { operations } from '../mock-server/control/operations.js';
import { findingGroups, findingRules } from '../mock-server/journal/findings/catalogue.js';
import { startMockServer } from '../mock-server/index.js';
import { firstToken } from './first-token.js';
import { readPartnerTags } from '../reports/partner-tags.js';
import { problemsOfArguments, shellCommands } from './command-lines.js';
import { homologaArguments, npmScript, packageScripts, scriptArguments } from './documented-commands.js';
import { codeSpans, documentationPages, fencedBlocks } from './documentation.js';
import type { DocumentationPage } from './documentation.js';
import { featureScenarios } from './feature-scenarios.js';
import { checkout } from './package-installation.js';

let pages: readonly DocumentationPage[] = [];
let scripts: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  pages = await documentationPages();
  scripts = await packageScripts();
});

function pageAt(path: string): string {
  const page = pages.find((candidate) => candidate.path === path);
  if (page === undefined) throw new Error(`There is no page ${path}.`);
  return page.text;
}

describe('the commands of the documentation', () => {
  it('can be carried out, where they are written to be copied', async () => {
    const wrong: string[] = [];
    let count = 0;
    for (const { path, text } of pages) {
      for (const words of ['sh', 'bash', 'console']
        .flatMap((name) => fencedBlocks(text, name))
        .flatMap(shellCommands)) {
        const args = await argumentsOf(words);
        if (args === null) continue;
        count += 1;
        if (typeof args === 'string') wrong.push(`${path}: ${args}`);
        else wrong.push(...problemsOfArguments(args).map((problem) => `${path}: ${words.join(' ')}: ${problem}`));
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(30);
  });

  it('exist, with the flags that are named, where a sentence speaks of them', () => {
    const wrong = pages.flatMap(({ path, text }) =>
      codeSpans(text).flatMap((code) => {
        const [, script] = /^npm run (?:-s )?([\w:-]+)/.exec(code) ?? [];
        if (script !== undefined && scripts[script] === undefined) return [`${path}: no script ${script}`];
        const [, called] = /^(?:npx )?homologa ([a-z]+(?: [^(]*)?)$/.exec(code) ?? [];
        return called === undefined ? [] : unknownParts(called).map((part) => `${path}: ${code}: no ${part}`);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('are all told of somewhere', () => {
    const told = pages.map(({ text }) => text).join('\n');
    const names = createProgram().commands.map((command) => command.name());
    expect(names.filter((name) => !told.includes(`homologa ${name}`))).toEqual([]);
  });
});

/** What `homologa` is called with; null where it is not called, a text where the command is none of the package's. */
async function argumentsOf(words: readonly string[]): Promise<readonly string[] | string | null> {
  const args = homologaArguments(words, scripts);
  const name = npmScript(words);
  if (args !== null || name === null) return args;
  const script = scripts[name];
  if (script === undefined) return `npm run ${name} is no script of package.json`;
  const [, file] = /tsx (\S+\.ts)$/.exec(script) ?? [];
  const source = file === undefined ? '' : await readFile(join(checkout, file), 'utf8');
  const unknown = scriptArguments(words).filter(
    (word) => word.startsWith('--') && !new RegExp(`\\b${word.slice(2)}\\b`).test(source),
  );
  return unknown.length > 0 ? `npm run ${name} has no ${unknown.join(' ')}` : null;
}

function unknownParts(called: string): string[] {
  const [name = '', ...rest] = called.split(' ');
  const program = createProgram();
  const command = program.commands.find((candidate) => candidate.name() === name);
  if (command === undefined) return [name];
  const known = [...command.options, ...program.options].flatMap(({ long, short }) => [long, short]);
  return rest.filter((word) => /^-[-a-z]/.test(word) && !known.includes(word.split('=')[0] ?? '') && word !== '--help');
}

describe('the pages', () => {
  it('lead to files that there are', async () => {
    const wrong: string[] = [];
    for (const { path, text } of pages) {
      for (const [, target] of text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (target === undefined || /^[a-z]+:/.test(target)) continue;
        const there = await stat(join(checkout, dirname(path), target)).catch(() => null);
        if (there === null) wrong.push(`${path}: ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('name checks that there are, or beginnings of their ids', async () => {
    const ids = (await featureScenarios('partner')).map(({ tags }) => readPartnerTags(tags).id);
    const named = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\bpartner\.[a-z][a-z0-9.-]*[a-z0-9]/g)].map(([id]) => ({ path, id })),
    );
    const isFile = /\.(feature|yaml|ts)$/;
    const wrong = named.filter(
      ({ id }) =>
        !isFile.test(id) &&
        !ids.some((known) => known === id || known.startsWith(`${id}.`) || known.startsWith(`${id}-`)),
    );
    expect(wrong).toEqual([]);
    expect(named.length).toBeGreaterThan(100);
  });

  it('name settings that there are', () => {
    const known = new Set([
      ...Object.keys(bs2Profile.homologacao).map((name) => `bs2.${name}`),
      ...Object.keys(btgProfile.homologacao).map((name) => `btg.${name}`),
    ]);
    const guides = pages.filter(({ path }) =>
      /docs\/(flows|go-live|troubleshooting|quick-start|out-of-scope|container)\.md$/.test(path),
    );
    const named = guides.flatMap(({ path, text }) =>
      codeSpans(text).flatMap((code) => (/^(bs2|btg)\.[a-z]+[A-Za-z]*$/.test(code) ? [{ path, code }] : [])),
    );
    expect(named.filter(({ code }) => !known.has(code))).toEqual([]);
    expect(named.length).toBeGreaterThan(8);
  });
});

describe('the number of checks that a newcomer sees', () => {
  it('is the one that there are for a client of BS2', async () => {
    const tags = (await featureScenarios('partner')).map((scenario) => readPartnerTags(scenario.tags));
    const count = tags.filter(({ banks, needsBothBanks }) => banks.includes('bs2') && !needsBothBanks).length;
    expect(pageAt('README.md')).toContain(`: ${String(count)} checks in half a minute`);
    expect(pageAt('LEIAME.md')).toContain(`: ${String(count)} verificações em meio minuto`);
    expect(pageAt('docs/quick-start.md')).toContain(`${String(count)} checks (application, bs2) in`);
  });
});

describe('LEIAME.md', () => {
  it('has the sections, commands, programs and flags of README.md', () => {
    const [english, portuguese] = [pageAt('README.md'), pageAt('LEIAME.md')];
    const shapeOf = (text: string) => ({
      sections: text.match(/^## /gm)?.length,
      commands: fencedBlocks(text, 'sh').flatMap(shellCommands),
      outputs: fencedBlocks(text, 'text'),
      yaml: fencedBlocks(text, 'yaml').map((block) => block.replaceAll(/ +#.*$/gm, '')),
      ts: fencedBlocks(text, 'ts').map((block) => block.replaceAll(/ +\/\/.*$/gm, '')),
      flags: [...text.matchAll(/^\| (`--[^|]+) \|/gm)].map(([, flags]) => flags),
    });
    expect(shapeOf(portuguese)).toEqual(shapeOf(english));
    expect(shapeOf(english).flags.length).toBeGreaterThan(5);
  });
});

describe('the recipes', () => {
  it('quote their files to the letter, and every program', async () => {
    const quoted = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)].map(([, file = '', body = '']) => ({ path, file, body })),
    );
    const differing: string[] = [];
    for (const { path, file, body } of quoted) {
      if ((await readFile(join(checkout, file), 'utf8')) !== body) differing.push(`${path}: ${file}`);
    }
    expect(differing).toEqual([]);
    const programs = await readdir(join(checkout, 'examples', 'recipes'), { recursive: true });
    const shown = quoted.map(({ file }) => file.replace('examples/recipes/', ''));
    const sources = programs.filter((file) => /\.(js|go|py)$/.test(file));
    expect(sources.filter((file) => !shown.includes(file))).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  it('names findings that there are', () => {
    const ids = new Set(findingRules.map(({ id }) => id));
    const text = pageAt('docs/troubleshooting.md');
    const named = [...text.matchAll(/findings? ((?:`[a-z0-9-]+`(?:, | and )?)+)/g)].flatMap(([, list]) =>
      [...(list ?? '').matchAll(/`([^`]+)`/g)].map(([, id]) => id ?? ''),
    );
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(25);
  });
});

describe('docs/go-live.md', () => {
  it('has every setting that production changes, and no other', () => {
    const differing = [
      ...Object.keys(bs2Profile.producao).map((name) => `bs2.${name}`),
      ...Object.keys(btgProfile.producao).map((name) => `btg.${name}`),
    ];
    const rows = [...pageAt('docs/go-live.md').matchAll(/^\| `((?:bs2|btg)\.\w+)` \|/gm)].map(([, name]) => name ?? '');
    expect(rows.sort()).toEqual(differing.sort());
  });

  it('names every finding that is about going live', () => {
    const group = findingGroups.find(({ heading }) => heading === 'Go-live');
    const text = pageAt('docs/go-live.md');
    expect(group?.rules.map(({ id }) => id).filter((id) => !text.includes(`\`${id}\``))).toEqual([]);
  });
});

describe('docs/flows.md', () => {
  it('shows paths that the banks have', () => {
    const paths = [...Object.values(bs2Paths), ...Object.values(btgPaths)].map((path) =>
      path.replaceAll(/:(\w+)/g, '{$1}'),
    );
    const text = pageAt('docs/flows.md');
    const shown = [...text.matchAll(/\b(?:GET|POST) (\/[\w/{}.-]+)/g)].map(([, path]) => path ?? '');
    const known = operations.map(({ path }) => path.replace('{tenant}', 'default').replace('{grant}', '{id}'));
    expect(shown.filter((path) => ![...paths, ...known, '/callback'].includes(path))).toEqual([]);
    expect(new Set(shown).size).toBeGreaterThanOrEqual(8);
    // A semicolon ends a statement of a sequence diagram, wherever it stands.
    const diagrams = fencedBlocks(text, 'mermaid');
    expect(diagrams.filter((diagram) => !diagram.startsWith('sequenceDiagram\n') || diagram.includes(';'))).toEqual([]);
    expect(diagrams).toHaveLength(2 * bankIds.length);
    expect(bankIds.every((bank) => text.includes(`## ${bank.toUpperCase()}: the life of a grant`))).toBe(true);
  });
});

describe('docs/adding-a-check.md', () => {
  it('quotes the register and the feature', async () => {
    const text = pageAt('docs/adding-a-check.md');
    const sources = await Promise.all(
      ['features/requirements/partner-refresh.yaml', 'features/partner/rate.feature'].map((path) =>
        readFile(join(checkout, path), 'utf8'),
      ),
    );
    const quoted = [
      ...fencedBlocks(text, 'yaml').filter((block) => !block.includes('…')),
      ...fencedBlocks(text, 'gherkin'),
    ];
    expect(quoted).toHaveLength(2);
    expect(quoted.filter((block) => !sources.some((source) => source.includes(block.trim())))).toEqual([]);
  });
});

describe('docs/adding-a-bank.md', () => {
  it('names places that there are', async () => {
    const places = codeSpans(pageAt('docs/adding-a-bank.md'))
      .filter((code) => /^(mock-server|client|features|steps|cli|proxy|interop|oauth)\//.test(code))
      .map((code) => (code.startsWith('oauth/') ? `mock-server/${code}` : code).replace('<bank>', 'bs2'));
    const missing: string[] = [];
    for (const place of places) if ((await stat(join(checkout, place)).catch(() => null)) === null) missing.push(place);
    expect(missing).toEqual([]);
    expect(places.length).toBeGreaterThan(12);
  });
});

describe('docs/quick-start.md', () => {
  it('shows the token answer as it comes, but for what is drawn by lot', async () => {
    const [shown = ''] = fencedBlocks(pageAt('docs/quick-start.md'), '').filter((block) => block.startsWith('HTTP/'));
    const mock = await startMockServer({ listen: false });
    const { answer } = await firstToken(mock.defaultTenant, (request) => mock.fetch(request));
    const headers = [...answer.headers].filter(([name]) => name !== 'date').map(([name, value]) => `${name}: ${value}`);
    const wire = [`HTTP/1.1 ${String(answer.status)} OK`, ...headers, '', await answer.text()].join('\n');
    const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    expect(shown.trim().replaceAll(guid, 'guid')).toBe(wire.replaceAll('\r\n', '\n').replaceAll(guid, 'guid'));
    await mock.close();
  });

  it('shows the banner’s credentials and the authorization request that leads to a login', async () => {
    const [address = ''] = fencedBlocks(pageAt('docs/quick-start.md'), '').filter((block) => block.startsWith('http:'));
    const mock = await startMockServer({ listen: false });
    const answer = await mock.fetch(new Request(address.trim(), { redirect: 'manual' }));
    expect(answer.headers.get('location') ?? '').toContain(bs2Paths.login);
    const { user } = mock.defaultTenant;
    expect(codeSpans(pageAt('docs/quick-start.md'))).toEqual(expect.arrayContaining([user?.username, user?.password]));
    await mock.close();
  });
});
