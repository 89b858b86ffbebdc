import type { Evidence } from '../../reports/evidence.js';
import { CheckFailure } from '../check-failure.js';
import type { BankCall } from './bank-call.js';
import { isRefresh, isTokenRequest } from './bank-traffic.js';
import type { Driving } from './driving.js';
import { isRefused, times } from './refresh-chain.js';

/** What an application was made to do, and until when. */
export interface DrivenUntil {
  /** How often it was asked for something of the customer. */
  readonly driven: number;
  /** From then on nobody asked, in epoch ms. */
  readonly quietSinceMs: number;
  /** How often it was told to refresh, whomever, since then. */
  readonly toldSince?: number;
}

const expected = 'a refresh token that the bank refused to be left alone';
/** What comes as soon as this after the last question may still belong to it; twice is the rhythm of a loop. */
const promptMs = 3_500;
/** So many that come when nobody asks are a loop, however slow it is. */
const loop = 3;
/** The slowest loop that is a whole minute’s quota of BS2, ten requests, shows that often in this time. */
export const slowLoopMs = 20_000;

/**
 * Judges what an application did with a refresh token after the bank had refused it. Another try for each thing that was
 * asked of it is useless but bounded; more than that, or tries when nobody asks, are a loop. One more is let pass:
 * processes that each have to find out.
 *
 * @param sends every request with that refresh token, in the order of the answers
 * @throws CheckFailure for a loop
 */
export function judgeDeadToken(sends: readonly BankCall[], until: DrivenUntil): Evidence | null {
  const { driven, quietSinceMs, toldSince = 0 } = until;
  const again = repeatsOf(sends);
  const sinceMs = (call: BankCall): number => call.recorded.receivedAtMs - quietSinceMs;
  const quiet = again.filter((call) => sinceMs(call) > 0);
  const prompt = quiet.filter((call) => sinceMs(call) <= promptMs).length;
  const unasked = Math.max(0, quiet.length - toldSince);
  const told = `it was sent ${times(again.length, 'time', 'times')} more`;
  if (prompt > 1 + toldSince || unasked >= loop) {
    const seconds = Math.ceil(Math.max(...quiet.map(sinceMs)) / 1000);
    const when = `${String(quiet.length)} of them when nobody asked, within ${String(seconds)} s`;
    throw new CheckFailure(expected, `${told}, ${when}: a loop`);
  }
  const asked = again.length - quiet.length;
  if (asked + prompt > driven + 1 + toldSince)
    throw new CheckFailure(expected, `${told} for ${times(driven, 'call', 'calls')}: a loop`);
  if (unasked > prompt) {
    return { finding: 'warning', expected, actual: `${told}, ${times(unasked, 'time', 'times')} when nobody asked` };
  }
  return asked + prompt < 2 ? null : { finding: 'warning', expected, actual: `${told}, about once a call` };
}

/** Requests with a refresh token that came when the bank had refused it. */
function repeatsOf(sends: readonly BankCall[]): readonly BankCall[] {
  const refusal = sends.find(isRefused);
  if (refusal === undefined) return [];
  return sends.filter(({ recorded }) => recorded.receivedAtMs > refusal.recorded.answeredAtMs);
}

/** Requests with refused refresh tokens that nobody caused, and since when they could have been seen, in epoch ms. */
export interface UnaskedRepeats {
  readonly atMs: readonly number[];
  readonly sinceMs: number;
}

/** What was sent, of all grants of a run, with refresh tokens that the bank had refused, when no check asked any more. */
export function unaskedRepeats(calls: readonly BankCall[], driving: Driving): UnaskedRepeats | null {
  const refreshes = calls.filter((call) => isTokenRequest(call) && isRefresh(call));
  const refused = new Set(refreshes.filter(isRefused).map(({ form }) => form.get('refresh_token')));
  const found = [...refused].flatMap((refreshToken): UnaskedRepeats[] => {
    const again = repeatsOf(refreshes.filter(({ form }) => form.get('refresh_token') === refreshToken));
    const quietSinceMs = again.length === 0 ? null : quietSince(refreshToken, calls, driving);
    if (quietSinceMs === null) return [];
    const unasked = again.map(({ recorded }) => recorded.receivedAtMs).filter((atMs) => atMs > quietSinceMs);
    const atMs = unasked.slice(driving.timesToldSince(quietSinceMs));
    return atMs.length === 0 ? [] : [{ atMs, sinceMs: quietSinceMs }];
  });
  if (found.length === 0) return null;
  return { atMs: found.flatMap(({ atMs }) => atMs), sinceMs: Math.min(...found.map(({ sinceMs }) => sinceMs)) };
}

/** When the check ended in which the grant of a refresh token began; null where it goes on, or the token is nobody’s. */
function quietSince(refreshToken: string | null, calls: readonly BankCall[], driving: Driving): number | null {
  const issued = calls.find(({ tokens }) => tokens !== null && tokens.refreshToken === refreshToken);
  if (issued === undefined || refreshToken === null) return null;
  const began = calls.find((call) => isTokenRequest(call) && call.grantId === issued.grantId) ?? issued;
  return driving.quietSince(began.number);
}
