import { askBank, isTokenRejected } from './bank-api.js';
import { bug } from './bugs.js';
import { BankFailure, ConsentRequired } from './failures.js';
import { verifyIdToken } from './id-token.js';
import { redeem, refreshTokens } from './token-endpoint.js';

/** Redeems a code and gives the grant. @throws BankFailure */
export async function grantFrom(code, transaction) {
  const { bank, nonce } = transaction;
  const tokens = await redeem(code, transaction);
  const claims = bank.usesNonce ? verifyIdToken(tokens.idToken, { bank, nonce, original: null }) : null;
  const grant = { bank, claims, lost: false, flight: null, restUntil: 0, failures: 0, hopeless: null };
  take(grant, tokens);
  if (bug('refresh-by-timer')) setInterval(() => void refreshOnce(grant).catch(() => undefined), 1_000).unref();
  return grant;
}

function take(grant, tokens) {
  grant.accessToken = tokens.accessToken;
  grant.lifetimeMs = tokens.lifetimeMs;
  grant.expiresAt = tokens.expiresAt;
  if (bug('refresh-token-dropped-when-missing')) grant.refreshToken = tokens.refreshToken;
  else if (!bug('old-refresh-token-kept') || grant.refreshToken === undefined) {
    grant.refreshToken = tokens.refreshToken ?? grant.refreshToken ?? null;
  }
}

/**
 * Asks the bank with a grant's token. A rejected token is renewed once, unless somebody else did so meanwhile, and
 * the question is asked once more.
 */
export async function callBank(grant) {
  if (grant === undefined || grant.lost) throw new ConsentRequired();
  return bug('tokens-rolled-back') ? inTransaction(grant, callWith) : callWith(grant);
}

/** For `tokens-rolled-back`: what was stored in a call that fails is undone, as a transaction of the request would. */
async function inTransaction(grant, call) {
  const { accessToken, refreshToken, lifetimeMs, expiresAt } = grant;
  const rollBack = () => Object.assign(grant, { accessToken, refreshToken, lifetimeMs, expiresAt });
  try {
    const answer = await call(grant);
    if (answer.status >= 500) rollBack();
    return answer;
  } catch (error) {
    rollBack();
    throw error;
  }
}

async function callWith(grant) {
  const first = await usableToken(grant);
  const answer = await answerOf(grant, first);
  if (bug('401-looped')) return untilAccepted(grant, answer);
  if (!isTokenRejected(answer) || bug('no-retry-on-401') || bug('fixed-lifetime')) return answer;
  if (bug('401-taken-as-lost-consent')) return lose(grant);
  if (grant.accessToken === first || bug('late-401-refreshes')) {
    // A token that was new and rejected all the same: another new one would not help.
    if (grant.hopeless?.token === first && Date.now() < grant.hopeless.until) return answer;
    await refresh(grant);
  }
  const second = grant.accessToken;
  const again = await askBank(grant.bank, second);
  grant.hopeless = isTokenRejected(again) ? { token: second, until: Date.now() + 60_000 } : null;
  return again;
}

/** The bank's answer. An outage is no reason to ask again at once, and none to give up the grant. */
async function answerOf(grant, accessToken) {
  const attempts = bug('storm-on-api-failure') ? 50 : 1;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askBank(grant.bank, accessToken).catch((error) => error);
    const isDown = answer instanceof BankFailure || answer.status >= 500;
    if (isDown && bug('outage-taken-as-lost-consent')) return lose(grant);
    if (isDown && attempt < attempts) continue;
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

async function untilAccepted(grant, answer) {
  for (let tries = 0; isTokenRejected(answer) && tries < 50; tries += 1) {
    await refresh(grant);
    answer = await askBank(grant.bank, grant.accessToken);
  }
  return answer;
}

async function usableToken(grant) {
  const marginMs = Math.min(60_000, (grant.lifetimeMs ?? 0) / 10);
  const now = Date.now();
  if (!bug('refresh-on-every-call') && (grant.expiresAt === null || now < grant.expiresAt - marginMs)) {
    return grant.accessToken;
  }
  try {
    await refresh(grant);
  } catch (error) {
    const isAlive = grant.expiresAt === null || Date.now() < grant.expiresAt;
    if (!(error instanceof BankFailure) || error.kind === 'unusable' || !isAlive) throw error;
  }
  return grant.accessToken;
}

/** One refresh of a grant at a time, however many wait for it. */
export function refresh(grant) {
  if (bug('no-single-flight')) return refreshOnce(grant);
  grant.flight ??= refreshOnce(grant).finally(() => {
    grant.flight = null;
  });
  return grant.flight;
}

async function refreshOnce(grant) {
  if (grant.lost || grant.refreshToken === null) lose(grant);
  const restMs = grant.restUntil - Date.now();
  if (restMs > 0 && !isStorming()) throw new BankFailure('unavailable', 'the bank failed a moment ago', restMs);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await renew(grant);
      return;
    } catch (error) {
      if (!(error instanceof BankFailure)) throw error;
      if (repeatsWithoutEnd(error) && attempt < 50) continue;
      if (error.kind === 'refused') {
        if (bug('invalid-grant-500')) throw new TypeError('Cannot read properties of undefined', { cause: error });
        if (bug('invalid-grant-forgotten')) throw new BankFailure('unavailable', 'the refresh failed', 1_000);
        lose(grant);
      }
      // The tokens of that answer are not to be trusted, and the bank has rotated: nothing is left.
      if (error.kind === 'unusable') lose(grant);
      // An answer that was lost: if the bank never saw the request, the same token works a second time.
      if (error.kind === 'unavailable' && error.retryAfterMs === null && attempt === 1) {
        await new Promise((resolve) => setTimeout(resolve, 500));
        continue;
      }
      if (error.kind === 'rate-limited' && bug('retry-after-ignored')) everySecond(grant);
      grant.failures += 1;
      grant.restUntil = Date.now() + Math.max(error.retryAfterMs ?? 0, Math.min(60_000, 1_000 * 2 ** grant.failures));
      throw error;
    }
  }
}

/** Behind the customers’ backs, who are told to wait, the refresh is tried until the bank takes it. */
function everySecond(grant) {
  if (grant.timer !== undefined) return;
  grant.timer = setInterval(() => {
    const isOver = grant.restUntil === 0;
    if (isOver) clearInterval(grant.timer);
    grant.timer = isOver ? undefined : grant.timer;
    if (!isOver) void renew(grant).catch(() => undefined);
  }, 1_000);
  grant.timer.unref();
}

async function renew(grant) {
  const { bank, claims } = grant;
  const tokens = await refreshTokens(bank, grant.refreshToken);
  if (tokens.idToken !== null && bank.usesNonce && !bug('refreshed-id-token-not-compared')) {
    verifyIdToken(tokens.idToken, { bank, nonce: null, original: claims });
  }
  take(grant, tokens);
  grant.failures = 0;
  grant.restUntil = 0;
}

function repeatsWithoutEnd({ kind }) {
  if (kind === 'refused') return bug('invalid-grant-looped');
  if (kind === 'unavailable') return bug('storm-on-503') || bug('lost-answer-looped');
  return kind === 'rate-limited' && bug('storm-on-429');
}

function isStorming() {
  return bug('storm-on-429') || bug('storm-on-503') || bug('lost-answer-looped');
}

/** @throws ConsentRequired always: nothing of this grant is sent any more */
function lose(grant) {
  if (bug('dead-token-retried-slowly') && !grant.lost && grant.refreshToken !== null) {
    setInterval(() => void refreshTokens(grant.bank, grant.refreshToken).catch(() => undefined), 6_000).unref();
  }
  if (!bug('invalid-grant-looped')) grant.lost = true;
  throw new ConsentRequired();
}
