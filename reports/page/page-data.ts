import { checkKey } from '../check.js';
import type { ExchangeRecord } from '../evidence-records.js';
import type { RunReport } from '../run-report.js';

/** Longer bodies are cut here; evidence.ndjson has more of them. */
const longestBody = 2_000;
/** Where a bank fails in everything, the others look alike. */
const mostWhole = 30;
/** Of a page that did what it should, its beginning is enough to know it by. */
const longestPage = 600;

/**
 * The exchanges of a run as the page's script draws them, small: every text is there once, exchanges are lists of
 * places in that list. Bodies of the first checks that failed are whole.
 */
export function pageData({ evidence, unexpected }: RunReport): string {
  const texts: string[] = [];
  const places = new Map<string, number>();
  const place = (text: string): number => {
    const known = places.get(text);
    if (known !== undefined) return known;
    places.set(text, texts.length);
    texts.push(text);
    return texts.length - 1;
  };
  const failed = new Set(unexpected.slice(0, mostWhole).map((check) => checkKey(check)));
  const headersOf = (headers: ExchangeRecord['request']['headers']) =>
    headers.map(([name, value]) => place(`${name}: ${value}`));
  const bodyOf = (id: string | null, omitted: number, isWhole: boolean): number => {
    const text = id === null ? undefined : evidence.bodies.get(id);
    if (text === undefined) return -1;
    const isPage = text.startsWith('<');
    const compact = isPage ? text.replaceAll(/\s*\n\s*/g, '\n') : text;
    const start = isPage && !isWhole ? Math.max(0, compact.indexOf('<main')) : 0;
    const shown = isWhole ? compact : compact.slice(start, start + (isPage ? longestPage : longestBody));
    const missing = omitted + compact.length - shown.length;
    return place(missing === 0 ? shown : `${shown}\n… +${String(missing)}`);
  };
  const ofCheck = [...evidence.exchanges].map(([check, exchanges]) => [
    check,
    exchanges.map(({ step, between, request, response, problem, durationMs, atMs }) => [
      actorOf(between, request.headers),
      request.method,
      place(request.url),
      headersOf(request.headers),
      bodyOf(request.body, request.omitted, failed.has(check)),
      response?.status ?? 0,
      headersOf(response?.headers ?? []),
      bodyOf(response?.body ?? null, response?.omitted ?? 0, failed.has(check)),
      problem === null ? -1 : place(problem),
      Math.round(durationMs),
      step === null ? -1 : place(step),
      atMs,
    ]),
  ]);
  // "<" could end the script element.
  return JSON.stringify({ texts, checks: Object.fromEntries(ofCheck) as object }).replaceAll('<', '\\u003c');
}

/** 0: user agent and bank; 1: partner and bank; 2: user agent and partner. */
function actorOf(between: ExchangeRecord['between'], headers: ExchangeRecord['request']['headers']): 0 | 1 | 2 {
  if (between === 'user-application') return 2;
  if (between !== undefined) return between === 'user-bank' ? 0 : 1;
  return headers.some(([name]) => name.toLowerCase() === 'sec-fetch-mode') ? 0 : 1;
}
