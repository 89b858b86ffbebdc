import type { Browser } from 'playwright-core';
import { findChromium } from '../client/user-agent/find-chromium.js';
import { HomologaError } from '../foundation/homologa-error.js';
import type { BrowserProxy } from './proxy-variables.js';

/** Thrown where a browser is asked for and cannot be had; `cause` is `{ missing }`. */
export class BrowserMissingError extends HomologaError {
  constructor(missing: string, remedy: string) {
    super('ERR_BROWSER_MISSING', `This needs ${missing}, which is not here: ${remedy}.`, { cause: { missing } });
  }
}

/** How a Chromium differs from one with nothing set. */
export interface ChromiumOptions {
  /** SHA-256 of public keys, base64, whose certificates are accepted although the system knows no authority for them. */
  readonly trustedKeys?: readonly string[];
  /** Null for none, whatever the system says. */
  readonly proxy?: BrowserProxy | null;
}

let opened: Promise<Browser> | null = null;

/** The Chromium of this machine, started once. @throws BrowserMissingError (`ERR_BROWSER_MISSING`) */
export function openChromium(): Promise<Browser> {
  opened ??= launchChromium();
  return opened;
}

/** Ends what {@link openChromium} started. */
export async function closeChromium(): Promise<void> {
  const closing = opened;
  opened = null;
  await (await closing?.catch(() => null))?.close();
}

/** A Chromium of one's own, to be closed by whoever asked. @throws BrowserMissingError (`ERR_BROWSER_MISSING`) */
export async function launchChromium({ trustedKeys = [], proxy }: ChromiumOptions = {}): Promise<Browser> {
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
    headless: process.env['HOMOLOGA_BROWSER'] !== 'visible',
    ...(proxy === undefined || proxy === null ? {} : { proxy: { ...proxy } }),
    // Chromium has no sandbox for root, who runs most CI containers; the rest keeps it from calling home.
    args: [
      ...(isRoot ? ['--no-sandbox'] : []),
      ...(trustedKeys.length === 0 ? [] : [`--ignore-certificate-errors-spki-list=${trustedKeys.join(',')}`]),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
