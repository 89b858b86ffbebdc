import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumForTests } from '../../scripts/chromium-for-tests.js';
import { runHomologa } from '../../scripts/homologa-from-source.js';

const executablePath = chromiumForTests('Tests of the HTML report');
const screenshots = fileURLToPath(new URL('../out/screenshots/', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What was wrong with a page, as axe-core tells it. */
const violationsSchema = v.array(
  v.object({
    id: v.string(),
    impact: v.nullable(v.string()),
    nodes: v.array(v.object({ html: v.string(), failureSummary: v.optional(v.string()) })),
  }),
);

const sizes = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
] as const;
const views = sizes.flatMap((viewport) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    name: `${String(viewport.width)}-${colorScheme}`,
    viewport,
    colorScheme,
  })),
);

describe.skipIf(executablePath === null)('the page of a run that failed, opened offline', () => {
  let folder: string;
  let browser: Browser;
  /** Of a bank whose mutant lets a refresh token work twice: every check of the run is in it. */
  let address: string;

  beforeAll(async () => {
    await mkdir(screenshots, { recursive: true });
    folder = await mkdtemp(join(tmpdir(), 'homologa-page-'));
    const run = await runHomologa(['run', '--mutant', 'bs2.refresh-not-rotated', '--out', folder]);
    expect(run).toMatchObject({ exitCode: 1 });
    address = pathToFileURL(join(folder, 'index.html')).href;
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  /** Opens the page with no network, and gives what it asked for besides itself. */
  async function open(
    options: BrowserContextOptions = {},
    fragment = '',
  ): Promise<{ readonly page: Page; readonly requests: readonly string[]; readonly problems: readonly string[] }> {
    const context = await browser.newContext({ viewport: sizes[0], locale: 'en-GB', ...options });
    await context.setOffline(true);
    const page = await context.newPage();
    const requests: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(`${address}${fragment}`);
    return { page, requests: requests.slice(1), problems };
  }

  async function seriousViolations(page: Page): Promise<string[]> {
    await page.evaluate(await readFile(axePath, 'utf8'));
    const found: unknown = await page.evaluate('axe.run().then(({ violations }) => violations)');
    return v
      .parse(violationsSchema, found)
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`));
  }

  it.each(views)('says in the first screen what the bank did wrong: $name', async ({ name, viewport, colorScheme }) => {
    const { page, requests, problems } = await open({ viewport, colorScheme });
    await page.screenshot({ path: join(screenshots, `${name}.png`) });
    const words = page.locator('#verdict, #first ~ .card h3, #first ~ .card .pair > div, #first ~ .card .consequence');
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

  it.each(views)('has nothing that axe-core finds serious: $name', async ({ viewport, colorScheme }) => {
    const { page } = await open({ viewport, colorScheme });
    await page.locator('details.check >> nth=0').locator('details.exchange >> nth=0').locator('summary').click();
    await page.locator('section.booklet details summary').click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.context().close();
  });

  it('is below 3 MB for all checks of both banks', async () => {
    const { size } = await stat(join(folder, 'index.html'));
    expect(size).toBeLessThan(3_000_000);
  });
});
