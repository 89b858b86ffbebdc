import type { Page } from 'playwright-core';
import { isProductionHost } from './production-hosts.js';

/** Redirects of a browser that lead back to a client, stopped before they leave it. */
export interface HeldRedirects {
  /** The next address that is held; from now on they are. */
  next(): Promise<string>;
  /** Lets them through again. */
  letThrough(): void;
}

/**
 * Keeps redirects to `redirectUri` from being followed, and requests to a bank in production from being sent. By the
 * browser's own protocol, since Playwright's routes do not see where a redirect leads. `onProduction` is told the host; without it
 * only redirects are looked at.
 */
export async function holdRedirects(
  page: Page,
  redirectUri: string,
  onProduction?: (host: string) => void,
): Promise<HeldRedirects> {
  let hold: ((url: string) => void) | null = null;
  const protocol = await page.context().newCDPSession(page);
  const urlPattern = onProduction === undefined ? `${redirectUri}*` : 'http*://*';
  await protocol.send('Fetch.enable', { patterns: [{ urlPattern, resourceType: 'Document' }] });
  protocol.on('Fetch.requestPaused', ({ requestId, request: { url } }) => {
    const { hostname } = new URL(url);
    const isProduction = onProduction !== undefined && isProductionHost(hostname);
    const isHeld = hold !== null && url.startsWith(redirectUri);
    if (isProduction) onProduction(hostname);
    else if (isHeld) hold?.(url);
    const done =
      isProduction || isHeld
        ? protocol.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
        : protocol.send('Fetch.continueRequest', { requestId });
    // The page may be gone by now.
    void done.catch(() => undefined);
  });
  return {
    next: () =>
      new Promise<string>((resolve) => {
        hold = resolve;
      }),
    letThrough: () => {
      hold = null;
    },
  };
}
