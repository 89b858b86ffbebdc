import { findChromium } from '../client/user-agent/find-chromium.js';

/**
 * The Chromium that tests open pages in; null where this machine has none, with a line that says how to have it. Where
 * `HOMOLOGA_FORBID_SKIP` is set, as in CI, that is an error.
 */
export function chromiumForTests(of: string): string | null {
  const path = findChromium(process.env);
  if (path !== null) return path;
  const advice = `${of} need Chromium: install it ("apt-get install chromium") or set CHROMIUM_PATH.`;
  if ((process.env['HOMOLOGA_FORBID_SKIP'] ?? '') !== '') throw new Error(`Not skipped here: ${advice}`);
  console.warn(`Skipped: ${advice}`);
  return null;
}
