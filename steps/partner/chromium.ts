import type { Browser } from 'playwright-core';
import { HomologaError } from '../../foundation/homologa-error.js';
import { findChromium } from '../../client/user-agent/find-chromium.js';

/** Thrown where `userAgent: browser` cannot be had; `cause` is `{ missing }`. */
export class BrowserMissingError extends HomologaError {
  constructor(missing: string, remedy: string) {
    super('ERR_BROWSER_MISSING', `userAgent: browser needs ${missing}, which is not here: ${remedy}.`, {
      cause: { missing },
    });
  }
}

let opened: Promise<Browser> | null = null;

/** The Chromium of this machine, started once. @throws BrowserMissingError (`ERR_BROWSER_MISSING`) */
export function openChromium(): Promise<Browser> {
  opened ??= launch();
  return opened;
}

/** Ends what {@link openChromium} started. */
export async function closeChromium(): Promise<void> {
  const closing = opened;
  opened = null;
  await (await closing?.catch(() => null))?.close();
}

async function launch(): Promise<Browser> {
  const executablePath = findChromium(process.env);
  if (executablePath === null) {
    throw new BrowserMissingError('Chromium', 'install chromium or Chrome, or name one by CHROMIUM_PATH');
  }
  const playwright = await import('playwright-core').catch(() => {
    throw new BrowserMissingError('the package playwright-core', 'npm install --save-dev playwright-core');
  });
  const isRoot = process.getuid?.() === 0;
  return playwright.chromium.launch({
    executablePath,
    // Chromium has no sandbox for root, who runs most CI containers; the rest keeps it from calling home.
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
