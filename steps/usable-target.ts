import { existsSync } from 'node:fs';
import { resolveEndpoints } from '../client/banks/bank-profile.js';
import type { BankEndpoints, BankProfile } from '../client/banks/bank-profile.js';
import { bs2 } from '../client/banks/bs2.js';
import { btg } from '../client/banks/btg.js';
import type { ScenarioBank } from '../reports/scenario-tags.js';
import { scriptPath } from './consent-ways/login-script.js';
import { refuseProduction } from './production-hosts.js';
import { TargetFileError } from './target-file.js';
import type { TargetFile } from './target-file.js';

/** What a bank asks of a client, by its name. */
export const profiles: Readonly<Record<ScenarioBank, BankProfile>> = { bs2, btg };

/**
 * Where a target's endpoints are, once nothing is left that would keep every run from beginning; nothing is sent to find out, so
 * that a plan says what a run would.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`), ProductionHostError (`ERR_PRODUCTION_HOST`)
 */
export function usableEndpoints(file: TargetFile, path: string): BankEndpoints {
  const endpoints = resolveEndpoints(profiles[file.bank], file);
  for (const [name, address] of Object.entries(endpoints)) {
    if (typeof address === 'string') refuseProduction(address, `endpoints.${name} of ${path}`);
  }
  for (const [name, client] of Object.entries({ client: file.client, secondClient: file.secondClient })) {
    if (client === undefined) continue;
    const { redirectUri } = client;
    if (!URL.canParse(redirectUri) || redirectUri.includes('#')) {
      const expected = 'expected the whole address that is registered at the bank, without fragment';
      throw new TargetFileError(path, `${name}.redirectUri: ${expected}, got "${redirectUri}"`);
    }
  }
  const logsIn = file.consent === 'http' || file.consent === 'browser';
  if (logsIn && file.user === undefined && file.control === undefined) {
    throw new TargetFileError(
      path,
      `user: consent: ${file.consent} logs in by itself, and needs username and password`,
    );
  }
  if (file.consent === 'control' && file.control === undefined) {
    throw new TargetFileError(path, 'consent: control needs the address of a mock’s control API in control');
  }
  if (file.consent === 'browser' && !existsSync(scriptPath(file, path))) {
    throw new TargetFileError(path, `loginScript: ${scriptPath(file, path)} is not there`);
  }
  try {
    new Headers(file.headers);
  } catch {
    throw new TargetFileError(path, 'headers: expected names and values that HTTP takes');
  }
  return endpoints;
}
