import { ConsentWalkError } from '../../client/user-agent/consent-walk-error.js';
import { stopRun } from '../run-stop.js';
import { LoginScriptError } from './browser-consent.js';
import type { ConsentWay } from './consent-way.js';

/**
 * Keeps the account of a bank that others use from being locked. A refused login is never tried again: the run ends. So it
 * does where a login leads nowhere or its script fails, and none ever came through or it happens twice in a row: nobody
 * knows what became of what was typed.
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
        stopAtRefusedLogin(error);
        if (isLoginInDoubt(error)) {
          if (!hasWorked || failedLast) throw stopRun(error.message);
          failedLast = true;
        }
        throw error;
      }
    },
    close: () => way.close(),
  };
}

/** @throws RunStoppedError for the error of a login that the bank refused */
export function stopAtRefusedLogin(error: unknown): void {
  if (isRefusedLogin(error)) throw stopRun(`${error.message} It was tried once and is not tried again.`);
}

function isRefusedLogin(error: unknown): error is Error {
  if (error instanceof LoginScriptError) return error.refused;
  return error instanceof ConsentWalkError && error.code === 'ERR_LOGIN_REFUSED';
}

function isLoginInDoubt(error: unknown): error is Error {
  if (error instanceof LoginScriptError) return true;
  return error instanceof ConsentWalkError && error.code === 'ERR_LOGIN_LED_NOWHERE';
}
