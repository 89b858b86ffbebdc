import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPartnerTags } from '../reports/partner-tags.js';
import type { PartnerTags } from '../reports/partner-tags.js';
import { dryRun } from '../steps/testing/dry-run.js';
import { partnersFolder, readCorrectPartners, readDeclaredBugs } from './partner-catalogue.js';
import type { DeclaredBug } from './partner-catalogue.js';

/** Checks that measure and cannot fail. */
const onlyReported = ['partner.refresh.margin'];

const messageSchema = v.object({ pickle: v.optional(v.object({ tags: v.array(v.object({ name: v.string() })) })) });

let bugs: readonly DeclaredBug[] = [];
let checks: readonly PartnerTags[] = [];
beforeAll(async () => {
  bugs = await readDeclaredBugs();
  checks = (await dryRun('partner')).flatMap((message) => {
    const { pickle } = v.parse(messageSchema, message);
    return pickle === undefined ? [] : [readPartnerTags(pickle.tags.map(({ name }) => name))];
  });
}, 60_000);

const declaredBy = ({ fails, warns, informs }: DeclaredBug): readonly string[] => [...fails, ...warns, ...informs];

describe('the bugs of the broken partner', () => {
  it('are each declared once at a place', () => {
    const places = bugs.flatMap(({ bug, banks }) => banks.map((bank) => `${bug} ${bank}`));
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
  });

  it('are those that its code has, but for those that are made by a verify file', async () => {
    const folder = join(partnersFolder, 'broken');
    const sources = (await readdir(folder)).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(sources.map((name) => readFile(join(folder, name), 'utf8')));
    const named = texts.flatMap((text) => [...text.matchAll(/\bbug\('([a-z0-9-]+)'\)/g)].map(([, name]) => name));
    const inCode = bugs.filter(({ file }) => file === undefined).map(({ bug }) => bug);
    expect([...new Set(named)].sort()).toEqual([...new Set(inCode)].sort());
  });

  it('fail checks that there are, at banks where these are made', () => {
    const wrong = bugs.flatMap((bug) =>
      bug.banks.flatMap((place) =>
        declaredBy(bug).filter((id) => !checks.some((check) => check.id === id && isMadeAt(check, place))),
      ),
    );
    expect([...new Set(wrong)]).toEqual([]);
  });

  it('leave no check that never was seen to notice anything', () => {
    const noticed = new Set(bugs.flatMap(declaredBy));
    const unproved = checks.map(({ id }) => id).filter((id) => !noticed.has(id) && !onlyReported.includes(id));
    expect(unproved).toEqual([]);
  });

  it('each fail something, or pass nothing', () => {
    expect(bugs.filter((bug) => bug.passesNothing === declaredBy(bug).length > 0).map(({ bug }) => bug)).toEqual([]);
  });
});

function isMadeAt({ banks, needsBothBanks }: PartnerTags, place: string): boolean {
  return place === 'both' || (banks.some((bank) => bank === place) && !needsBothBanks);
}

describe('the correct partners', () => {
  it('are all folders of the examples, with all of their verify files', async () => {
    const listed = (await readCorrectPartners()).map(({ partner, files }) => [partner, [...files].sort()] as const);
    const folders = (await readdir(partnersFolder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const found = await Promise.all(
      folders.map(async ({ name }) => {
        const files = await readdir(join(partnersFolder, name));
        const own = bugs.flatMap(({ file }) => file ?? []);
        return [
          name,
          files.filter((file) => file.endsWith('.yaml') && file.startsWith('homologa.') && !own.includes(file)).sort(),
        ] as const;
      }),
    );
    expect(new Map(listed)).toEqual(new Map(found));
  });
});
