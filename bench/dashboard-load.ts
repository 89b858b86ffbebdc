/**
 * Whether the dashboard stays responsive while requests pour in: opens it in Chromium on a journal of ten thousand
 * entries, sends two hundred requests a second, scrolls, filters and opens entries meanwhile, and tells the longest task
 * of the page's main thread. Exits with 1 where one took more than 100 ms.
 *
 * `tsx bench/dashboard-load.ts [--seconds 10] [--rate 200] [--entries 10000]`
 */
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import * as v from 'valibot';
import { findChromium } from '../client/user-agent/find-chromium.js';
import { startMockServer } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    rate: { type: 'string', default: '200' },
    entries: { type: 'string', default: '10000' },
  },
});
const seconds = Number(values.seconds);
const rate = Number(values.rate);
const entries = Number(values.entries);
const mostTaskMs = 100;

const executablePath = findChromium(process.env);
if (executablePath === null) throw new Error('This needs Chromium: install it, or set CHROMIUM_PATH.');

const mock = await startMockServer();
const tenant = mock.defaultTenant;
await tenant.settings.patch({ journalSize: entries });
const { accessToken } = await tenant.grants.create({ bank: 'bs2' });
const requests = requestsOf(tenant, accessToken);
for (let sent = 0; sent < entries; sent += 1) await send(sent);

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(
    'window.tasks = []; new PerformanceObserver((list) => { for (const task of list.getEntries()) window.tasks.push({ startTime: task.startTime, duration: task.duration }); }).observe({ type: "longtask", buffered: true });',
  );
  const opened = performance.now();
  await page.goto(mock.url);
  // Waited for by a locator: the page's policy lets nobody evaluate a text in it.
  await page
    .locator('.views .count', { hasText: entries.toLocaleString('en') })
    .first()
    .waitFor({ timeout: 120_000 });
  const loadedMs = performance.now() - opened;
  const whileLoading = await longTasks(page);
  const load = sendAtRate();
  await useIt(page);
  const sent = await load;
  const underLoad = await longTasks(page);
  const rows = await page.locator('.row').count();
  report('while loading', whileLoading);
  report('under load', underLoad);
  say(
    `${String(entries)} entries on the page after ${loadedMs.toFixed(0)} ms; ${String(sent)} requests in ${String(seconds)} s; ${String(rows)} rows drawn`,
  );
  process.exitCode = [...whileLoading, ...underLoad].some((ms) => ms > mostTaskMs) ? 1 : 0;
} finally {
  await browser.close();
  await mock.close();
}

function requestsOf({ bs2, btg }: TenantHandle, token: string): readonly (() => Request)[] {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const authorize = new URL(bs2.authorizationEndpoint);
  return [
    () => new Request(bs2.balanceEndpoint, { headers: { authorization: `Bearer ${token}` } }),
    () => new Request(bs2.tokenEndpoint, { method: 'POST', headers: form, body: 'grant_type=client_credentials' }),
    () => new Request(btg.accountsEndpoint),
    () => new Request(`${authorize.href}?client_id=${bs2.client?.id ?? ''}&response_type=code&scope=saldo`),
  ];
}

async function send(index: number): Promise<void> {
  const request = requests[index % requests.length];
  if (request !== undefined) await (await mock.fetch(request())).arrayBuffer();
}

/** In portions of a fiftieth of a second, as the clock allows. */
async function sendAtRate(): Promise<number> {
  const startedAt = performance.now();
  let sent = 0;
  for (;;) {
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs >= seconds * 1000) return sent;
    for (; sent < (elapsedMs / 1000) * rate; sent += 1) await send(sent);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function useIt(page: Page): Promise<void> {
  const until = performance.now() + seconds * 1000 - 500;
  const search = page.getByRole('searchbox');
  while (performance.now() < until) {
    await page.locator('.rows').hover();
    await page.mouse.wheel(0, 3000);
    await page.locator('.row').nth(15).click();
    await search.fill('balance');
    await page.waitForTimeout(200);
    await search.fill('');
    await page.waitForTimeout(200);
    await page.keyboard.press('Escape');
  }
}

/** Durations of the tasks longer than 50 ms since the last call, which is what browsers tell of. */
async function longTasks(page: Page): Promise<number[]> {
  const told = await page.evaluate('window.tasks.splice(0)');
  return v.parse(v.array(v.object({ duration: v.number() })), told).map(({ duration }) => duration);
}

function report(when: string, tasks: readonly number[]): void {
  const longest = Math.max(0, ...tasks);
  say(
    `${when}: ${String(tasks.length)} tasks above 50 ms, the longest ${longest.toFixed(0)} ms (at most ${String(mostTaskMs)} allowed)`,
  );
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
