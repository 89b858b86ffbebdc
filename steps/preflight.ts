import { randomValue } from '../client/authorization-request.js';
import { HomologaError } from '../foundation/homologa-error.js';
import { askForAuthorization } from './authorization-outcome.js';
import { ClientDriver } from './client-driver.js';
import type { BankUnderTest } from './target.js';

/** A target with which nothing could be judged; `cause` is `{ setting }`. */
export class PreflightError extends HomologaError {
  constructor(
    readonly setting: string,
    problem: string,
  ) {
    super('ERR_PREFLIGHT', `Nothing was judged: ${problem} Check ${setting} in the target file.`, {
      cause: { setting },
    });
  }
}

/**
 * Asks three things before anything is judged: does the host answer, is the client known, does the bank take its
 * redirect URI. Whatever else is strange is left to the scenarios.
 *
 * @throws PreflightError (`ERR_PREFLIGHT`) that names the setting
 */
export async function preflight(bank: BankUnderTest): Promise<void> {
  const { client, endpoints, profile } = bank;
  const driver = new ClientDriver(bank, client);
  const held = { code: randomValue(), redirectUri: client.redirectUri, codeVerifier: null };
  const redeemed = await driver.redeem(held).catch(unreachable('baseUrl (or endpoints.token)', endpoints.token));
  if (redeemed.error === 'invalid_client') {
    throw new PreflightError('client.id and client.secret', `${hostOf(endpoints.token)} does not know the client.`);
  }
  const start = await driver.start();
  const credentials = profile.clientIdentification === 'basic' ? client : null;
  const outcome = await askForAuthorization(bank, start.url, credentials).catch(
    unreachable('baseUrl (or endpoints.authorization)', endpoints.authorization),
  );
  const isRefused = outcome.kind === 'page' && outcome.status >= 400 && outcome.status < 500 && !outcome.asksForLogin;
  if (isRefused) {
    const status = String(outcome.status);
    const said = `${hostOf(endpoints.authorization)} shows an error (${status}) instead of its login.`;
    throw new PreflightError('client.redirectUri and client.id', said);
  }
}

function unreachable(setting: string, address: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof HomologaError)) throw error;
    throw new PreflightError(setting, `${hostOf(address)} does not answer.`);
  };
}

function hostOf(address: string): string {
  return new URL(address).host;
}
