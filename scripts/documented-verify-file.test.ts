import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { plannedApplications } from '../steps/partner/application-environment.js';
import { startPartnerMock } from '../steps/partner/partner-bank.js';
import { loginKind } from '../steps/partner/customer-placeholder.js';
import { parseVerifyFile } from '../steps/partner/verify-file.js';
import { fencedBlocks } from './documentation.js';
import { checkout } from './package-installation.js';

let text = '';
let files: readonly string[] = [];
let ofBoth: readonly string[] = [];
let logins: readonly string[] = [];
beforeAll(async () => {
  text = await readFile(join(checkout, 'docs/verify.md'), 'utf8');
  const blocks = fencedBlocks(text, 'yaml');
  files = blocks.filter((block) => /^bank:/m.test(block));
  ofBoth = blocks.filter((block) => /^banks:/m.test(block));
  logins = blocks.filter((block) => !/^banks?:/m.test(block));
});

describe('docs/verify.md', () => {
  it('shows a file for each bank, and the placeholders that each bank has', async () => {
    const setups = files.flatMap((source) => parseVerifyFile('homologa.yaml', source, {}).setups);
    expect(setups.map(({ bank }) => bank)).toEqual(['bs2', 'btg']);
    for (const [index, source] of files.entries()) {
      const mock = await startPartnerMock(parseVerifyFile('homologa.yaml', source, {}));
      const bank = setups[index]?.bank ?? '';
      const known = [...mock.banks.values()].flatMap(({ placeholders }) => [...placeholders.keys()]);
      await mock.server.close();
      expect(documentedPlaceholders(bank).toSorted()).toEqual(known.toSorted());
      const used = [...source.matchAll(/\$\{([a-z]+\.[A-Za-z]+)\}/g)].map(([, name]) => name);
      expect(used.filter((name) => name === undefined || !known.includes(name))).toEqual([]);
    }
  });

  it('shows a file for a client of both banks, which is one process', async () => {
    const [source = ''] = ofBoth;
    const file = parseVerifyFile('homologa.yaml', source, {});
    const mock = await startPartnerMock(file);
    const planned = plannedApplications(file, ({ bank }) => mock.banks.get(bank) ?? unplayed(bank));
    await mock.server.close();
    expect(file.setups.map(({ bank }) => bank)).toEqual(['bs2', 'btg']);
    expect(planned.map(({ env }) => Object.keys(env))).toEqual([
      ['BS2_TOKEN_URL', 'BS2_API_KEY', 'BTG_TOKEN_URL', 'BTG_CLIENT_ID'],
    ]);
  });

  it('shows logins that make customers differ', () => {
    const [least = ''] = files;
    const kinds = logins.map((more) => {
      const [setup] = parseVerifyFile('homologa.yaml', `${least}${more}`, {}).setups;
      return setup === undefined ? null : loginKind(setup);
    });
    expect(kinds).toEqual(['new-users', 'users-in-turn']);
  });
});

function unplayed(bank: string): never {
  throw new Error(`${bank} is not played`);
}

/** Of the table whose second column says which banks have them. */
function documentedPlaceholders(bank: string): string[] {
  return [...text.matchAll(/^\| (`\$\{[^|]+) \| ([^|]+) \|/gm)].flatMap(([, names = '', banks = '']) =>
    banks.split(', ').includes(bank.toUpperCase())
      ? [...names.matchAll(/\$\{([^}]+)\}/g)].flatMap(([, name]) => name ?? [])
      : [],
  );
}
