import { ConsentWalkError } from '../../client/user-agent/consent-walk-error.js';
import { stopRun } from '../run-stop.js';
import { LoginScriptError } from './browser-consent.js';
import type { ConsentWay } from './consent-way.js';

/**
 * Keeps the account of a bank that others use from being locked. A refused login is never tried again: the run ends. So it
 * does where a login script fails that never came through, or twice in a row, since nobody knows what it typed.
 */
export function guardAccount(way: ConsentWay): ConsentWay {
  let hasWorked = false;
  let failedLast = false;
  return {
    async consent(access, input) {
      try {
        const back = await way.consent(access, input);
        hasWorked = true;
        failedLast = false;
        return back;
      } catch (error) {
        if (isRefusedLogin(error)) throw stopRun(`${error.message} It was tried once and is not tried again.`);
        if (error instanceof LoginScriptError) {
          if (!hasWorked || failedLast) throw stopRun(error.message);
          failedLast = true;
        }
        throw error;
      }
    },
    close: () => way.close(),
  };
}

function isRefusedLogin(error: unknown): error is Error {
  if (error instanceof LoginScriptError) return error.refused;
  return error instanceof ConsentWalkError && error.code === 'ERR_LOGIN_REFUSED';
}
