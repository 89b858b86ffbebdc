import * as v from 'valibot';
import { randomValue } from '../client/authorization-request.js';
import { safeText } from '../client/safe-text.js';
import { TransportError } from '../client/transport-error.js';
import { HomologaError } from '../foundation/homologa-error.js';
import { askForAuthorization } from './authorization-outcome.js';
import { ClientDriver } from './client-driver.js';
import { proxyVariableOf } from './proxy-variables.js';
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
export async function preflight(bank: BankUnderTest, environment: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { client, endpoints, profile } = bank;
  const driver = new ClientDriver(bank, client);
  const held = { code: randomValue(), redirectUri: client.redirectUri, codeVerifier: null };
  const unreachable = unreachableIn(environment);
  const redeemed = await driver.redeem(held).catch(unreachable('baseUrl (or endpoints.token)', endpoints.token));
  if (redeemed.http.status === 404) {
    const { host, pathname } = new URL(endpoints.token);
    throw new PreflightError('baseUrl (or endpoints.token)', `${host} has nothing at ${pathname} (404).`);
  }
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
    const words = safeText(outcome.text, [client.id, client.secret]);
    const status = `${String(outcome.status)}${words === '' ? '' : `, "${words}"`}`;
    const said = `${hostOf(endpoints.authorization)} shows an error (${status}) instead of its login.`;
    throw new PreflightError('client.redirectUri and client.id', said);
  }
}

/** Of Node's codes for a certificate that it does not take. */
const certificateCodes = /CERT|SIGNATURE|ISSUER/;

function unreachableIn(environment: NodeJS.ProcessEnv) {
  const proxy = proxyVariableOf(environment);
  return (setting: string, address: string) =>
    (error: unknown): never => {
      // What was refused on purpose, such as a redirect to production, says so itself.
      if (!(error instanceof TransportError)) throw error;
      const { reason } = v.parse(reasonSchema, error.cause ?? {});
      const code = reason === null ? '' : ` (${reason})`;
      if (certificateCodes.test(reason ?? '')) {
        const problem = `the certificate of ${hostOf(address)} is not trusted${code}.`;
        throw new PreflightError('tls.ca, and the host’s name,', problem);
      }
      const by = proxy === null ? '' : `; ${proxy} names a proxy, which may be what does not`;
      throw new PreflightError(setting, `${hostOf(address)} does not answer${code}${by}.`);
    };
}

const reasonSchema = v.object({ reason: v.optional(v.nullable(v.string()), null) });

function hostOf(address: string): string {
  return new URL(address).host;
}
