import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../../scripts/chromium-for-tests.js';
import { launchChromium, openPage, seriousViolations, takeScreenshot, views } from '../../scripts/pages-in-chromium.js';
import type { VisitedPage } from '../../scripts/pages-in-chromium.js';
import { runHomologa } from '../../scripts/homologa-from-source.js';

const executablePath = chromiumForTests('Tests of the HTML report');
describe.skipIf(executablePath === null)('the page of a run that failed, opened offline', () => {
  let folder: string;
  let browser: Browser;
  /** Of a bank whose mutant lets a refresh token work twice: every check of the run is in it. */
  let address: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'homologa-page-'));
    const run = await runHomologa(['run', '--mutant', 'bs2.refresh-not-rotated', '--out', folder]);
    expect(run).toMatchObject({ exitCode: 1 });
    address = pathToFileURL(join(folder, 'index.html')).href;
    browser = await launchChromium(executablePath);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens the page with no network, and gives what it asked for besides itself. */
  async function open(options: BrowserContextOptions = {}, fragment = ''): Promise<VisitedPage> {
    const { page, requests, problems } = await openPage(browser, { locale: 'en-GB', ...options });
    await page.context().setOffline(true);
    await page.goto(`${address}${fragment}`);
    return { page, requests: requests.slice(1), problems };
  }

  it.each(views)('says in the first screen what the bank did wrong: $name', async ({ name, viewport, colorScheme }) => {
    const { page, requests, problems } = await open({ viewport, colorScheme });
    await takeScreenshot(page, `report-${name}`);
    const words = page.locator(
      '#verdict, #first ~ .card h3, #first ~ .card .pair > div, #first ~ .card .why:not(.why ~ .why)',
    );
    const boxes = await Promise.all((await words.all()).map((word) => word.boundingBox()));
    expect(boxes.length).toBeGreaterThanOrEqual(5);
    for (const box of boxes) {
      expect(box).not.toBeNull();
      expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(viewport.height);
    }
    const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
    expect(width).toBeLessThanOrEqual(viewport.width);
    expect({ requests, problems }).toEqual({ requests: [], problems: [] });
    await page.context().close();
  });

  // Both sizes and both colours: what is wrong with a colour is so at every size.
  const opposite = [views[0], views[3]].flatMap((view) => view ?? []);
  it.each(opposite)(
    'has nothing that axe-core finds serious: $name',
    async ({ viewport, colorScheme }) => {
      const { page } = await open({ viewport, colorScheme });
      await page.locator('details.check >> nth=0').locator('details.exchange >> nth=0').locator('summary').click();
      await page.locator('section.booklet details summary').click();
      expect(await seriousViolations(page)).toEqual([]);
      await page.context().close();
    },
    60_000,
  );

  it('is below 3 MB for all checks of both banks', async () => {
    const { size } = await stat(join(folder, 'index.html'));
    expect(size).toBeLessThan(3_000_000);
    const { page } = await open();
    expect(await page.locator('details.check').count()).toBeGreaterThan(300);
    await page.context().close();
  });

  it('filters by verdict, bank, requirement and words, and says how many are left', async () => {
    const { page } = await open();
    const filters = page.locator('#filters');
    const total = await page.locator('details.check').count();
    /** The ids and verdicts of the checks that are shown; the page must have counted them. */
    const left = async (): Promise<readonly (readonly [id: string, verdict: string])[]> => {
      const found: unknown = await page.evaluate(
        '[...document.querySelectorAll("details.check")].filter((c) => c.offsetParent !== null).map((c) => [c.id, c.dataset.v])',
      );
      const shown = v.parse(v.array(v.tuple([v.string(), v.string()])), found);
      expect(await page.locator('#shown').textContent()).toBe(`${String(shown.length)} / ${String(total)}`);
      return shown;
    };
    expect(await left()).toHaveLength(total);
    await filters.locator('[name=verdict]').selectOption('failed');
    expect(new Set((await left()).map(([, verdict]) => verdict))).toEqual(new Set(['failed']));
    await filters.locator('[name=bank]').selectOption('btg');
    expect(await left()).toEqual([]);
    await filters.locator('[name=verdict]').selectOption('');
    const ofBtg = (await left()).map(([id]) => id);
    expect(ofBtg.length).toBeGreaterThan(100);
    expect(ofBtg.filter((id) => !id.startsWith('btg-'))).toEqual([]);
    await filters.locator('[name=bank]').selectOption('');
    await filters.locator('[name=requirement]').fill('bs2-tokens-h');
    expect((await left()).map(([id]) => id)).toEqual(expect.arrayContaining(['bs2-refresh-reuse']));
    expect((await left()).length).toBeLessThan(20);
    await filters.locator('[name=requirement]').fill('');
    await filters.locator('[name=words]').fill('REFRESH works once');
    expect((await left()).map(([id]) => id)).toEqual(['bs2-refresh-reuse', 'btg-refresh-reuse']);
    await page.context().close();
  });

  it('opens the check that an address names, with its requests drawn, whole and as curl', async () => {
    const { page } = await open({}, '#bs2-refresh-reuse');
    const check = page.locator('#bs2-refresh-reuse');
    await expect.poll(() => check.getAttribute('open')).toBe('');
    await expect.poll(async () => (await check.boundingBox())?.y).toBeLessThan(200);
    // They are drawn when the browser has told that something opened.
    await check.locator('ol.seq').waitFor();
    const arrows = await check.locator('ol.seq li:not(.step)').allTextContents();
    expect(arrows.filter((arrow) => arrow.includes('refresh_token')).length).toBeGreaterThanOrEqual(2);
    const last = check.locator('details.exchange').last();
    await last.locator('summary').click();
    await last.locator('pre').nth(2).waitFor();
    const [request, answer, curl] = await last.locator('pre').allTextContents();
    expect(request).toMatch(/^POST https?:\S+\/token\n[^]*refresh_token=«refresh_token#\d+»/);
    expect(answer).toMatch(/^200\n[^]*"access_token"/);
    expect(curl).toMatch(/^curl -i -X POST '[^]*--data-raw '[^]*«refresh_token#\d+»/);
    // Within the page, and a requirement as well as a check.
    await page.locator('a[href="#req-BS2-tokens-h"]:visible').first().click();
    await expect.poll(async () => (await page.locator('[id="req-BS2-tokens-h"]').boundingBox())?.y).toBeLessThan(200);
    await page.context().close();
  });

  it('speaks the language of the browser until another is chosen', async () => {
    const { page } = await open({ locale: 'pt-BR' });
    const heading = page.locator('h1');
    expect(await heading.innerText()).toMatch(/^Reprovado: \d+ de \d+ verificações falharam$/);
    expect(await page.locator('[data-t=en]:visible').count()).toBe(0);
    expect(await page.locator('#first ~ .card h3').innerText()).toContain('O cliente renova os tokens');
    expect([await page.locator('html').getAttribute('lang'), await page.title()]).toEqual([
      'pt-BR',
      expect.stringContaining('Reprovado'),
    ]);
    await page.locator('button', { hasText: 'English' }).click();
    expect(await heading.innerText()).toMatch(/^Failed: \d+ of \d+ checks$/);
    expect(await page.locator('[data-t=pt]:visible').count()).toBe(0);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.context().close();
  });

  it('prints the whole booklet, and neither filters nor buttons', async () => {
    const { page } = await open({ locale: 'pt-BR', colorScheme: 'dark' });
    const rows = page.locator('.booklet tbody tr');
    expect(await rows.first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await rows.first().isVisible()).toBe(true);
    expect(await page.locator('#filters, button, nav').filter({ visible: true }).count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await page.evaluate('dispatchEvent(new Event("afterprint"))');
    expect(await rows.first().isVisible()).toBe(false);
    await page.context().close();
  });

  it('shows without scripts all but filters, pictures and requests', async () => {
    const { page } = await open({ javaScriptEnabled: false });
    expect(await page.locator('h1').innerText()).toMatch(/^Failed/);
    expect(await page.locator('#first ~ .card .pair').isVisible()).toBe(true);
    expect(await page.locator('noscript').isVisible()).toBe(true);
    await page.context().close();
  });
});
