import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import * as v from 'valibot';

/** Where tests leave pictures of what they saw; CI keeps them. */
const screenshots = fileURLToPath(new URL('../reports/out/screenshots/', import.meta.url));
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The sizes and colours that every page is looked at in. */
export const views = ([1280, 390] as const).flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({
    name: `${String(width)}-${colorScheme}`,
    viewport: { width, height: width === 1280 ? 800 : 844 },
    colorScheme,
  })),
);
export type View = (typeof views)[number];

/** A page, and all that it asked for and complained of since. */
export interface VisitedPage {
  readonly page: Page;
  /** Addresses, the page's own first. */
  readonly requests: string[];
  /** Errors of scripts, and what the console told as an error; a test that causes one empties it. */
  readonly problems: string[];
}

/** Starts the Chromium that {@link chromiumForTests} found. */
export function launchChromium(executablePath: string | null): Promise<Browser> {
  return chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
}

/** A fresh window, 1280 pixels wide unless told, with nothing kept from another. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<VisitedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'pt-BR', ...options });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const problems: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  return { page, requests, problems };
}

/** Shows the page in another size and colour, without loading it again. */
export async function lookIn(page: Page, { viewport, colorScheme }: View): Promise<void> {
  await page.setViewportSize(viewport);
  await page.emulateMedia({ colorScheme });
}

/** Leaves a picture at `reports/out/screenshots/<name>.png`. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** By how many pixels the page is wider than its window: 0 where nobody has to scroll sideways. */
export async function sidewaysOverflow(page: Page): Promise<number> {
  return Number(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'));
}

const violationsSchema = v.array(
  v.object({
    id: v.string(),
    impact: v.nullable(v.string()),
    nodes: v.array(v.object({ html: v.string(), failureSummary: v.optional(v.string()) })),
  }),
);

/** What axe-core finds serious or critical, a line for each place. */
export async function seriousViolations(page: Page): Promise<string[]> {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(await readFile(axePath, 'utf8'));
  const found: unknown = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations)',
  );
  return v
    .parse(violationsSchema, found)
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary ?? ''}`));
}

/** Where a bank sends the user back to: an application that answers every request alike. */
export interface Callback {
  readonly redirectUri: string;
  close(): Promise<void>;
}

/** A redirect cannot be intercepted in Chromium, so something must listen where it leads. */
export async function listenForCallback(): Promise<Callback> {
  const server = createServer((_request, response) => response.end('the application'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    redirectUri: `http://127.0.0.1:${String(port)}/callback`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
