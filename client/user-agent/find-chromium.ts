import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names of Chromium and of what is built on it, as package managers install them. */
const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];

/** Where installers put it that leave PATH alone; `%NAME%` comes from the environment. */
const usualPaths: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [...names.map((name) => `/usr/bin/${name}`), '/snap/bin/chromium', '/opt/google/chrome/chrome'],
  darwin: [
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['%PROGRAMFILES%', '%PROGRAMFILES(X86)%', '%LOCALAPPDATA%'].flatMap((folder) => [
    `${folder}\\Chromium\\Application\\chrome.exe`,
    `${folder}\\Google\\Chrome\\Application\\chrome.exe`,
    `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`,
  ]),
};

/**
 * The Chromium (or Chrome, or Edge) of this machine. `CHROMIUM_PATH`, or else `CHROME_PATH`, names one, and then no other
 * is taken; without them the first that is on PATH, or else at a usual place.
 *
 * @returns its path; null where there is none, or where the variable names nothing that can be run
 */
export function findChromium(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const named = [environment['CHROMIUM_PATH'], environment['CHROME_PATH']].find((path) => (path ?? '') !== '');
  if (named !== undefined) return isProgram(named) ? named : null;
  const files = platform === 'win32' ? ['chrome.exe', 'msedge.exe'] : names;
  const onPath = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => files.map((name) => join(folder, name)));
  const usual = (usualPaths[platform] ?? []).map((path) =>
    path.replace(/%([^%]+)%/, (_whole, name: string) => environment[name] ?? ''),
  );
  return [...onPath, ...usual].find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
