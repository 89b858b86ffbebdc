const { env } = process;
export const isBtg = env.BANK === 'btg';
const apiUrl = isBtg ? env.ACCOUNTS_ENDPOINT : env.BALANCE_ENDPOINT;
const timeoutMs = Number(env.BANK_TIMEOUT_MS ?? 5_000);
// BTG takes Basic; BS2 takes either, and some of its pages show the body.
const secretInBody = { client_id: env.CLIENT_ID, client_secret: env.CLIENT_SECRET };
const basic = { authorization: `Basic ${Buffer.from(`${env.CLIENT_ID}:${env.CLIENT_SECRET}`).toString('base64')}` };
let pausedUntil = 0;

/** What went wrong: `refused`, `lost`, `down`, `unusable`, `misconfigured`, or `consent`, which only a new one cures. */
export class BankError extends Error {
  constructor(kind, retryAfterMs = null) {
    super(kind);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The bank asked for a pause: a short one is waited out, of a long one the customer is told. */
async function pauseOver() {
  for (let waitMs = pausedUntil - Date.now(); waitMs > 0; waitMs = pausedUntil - Date.now()) {
    if (waitMs > 4_000) throw new BankError('down', waitMs);
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

/** One token request. `renewAt` is null where the bank did not say how long the token lives. */
export async function askForTokens(parameters) {
  await pauseOver();
  const askedAt = Date.now();
  const { status, headers, json } = await exchange(env.TOKEN_ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', connection: 'close', ...(isBtg ? basic : {}) },
    body: new URLSearchParams({ ...parameters, ...(isBtg ? {} : secretInBody) }).toString(),
  });
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  if (status === 429) {
    pausedUntil = Date.now() + (retryAfterMs ?? 60_000);
    throw new BankError('down', pausedUntil - Date.now());
  }
  if (status >= 500) throw new BankError('lost', retryAfterMs);
  if (status >= 400) throw new BankError(json?.error === 'invalid_grant' ? 'refused' : 'misconfigured');
  if (typeof json?.access_token !== 'string' || json.access_token === '') throw new BankError('lost');
  if (String(json.token_type).toLowerCase() !== 'bearer') throw new BankError('unusable');
  const lifetimeMs = Number(json.expires_in ?? NaN) * 1000;
  return {
    accessToken: json.access_token,
    refreshToken: json.refresh_token || null,
    renewAt: Number.isFinite(lifetimeMs) ? askedAt + lifetimeMs - Math.min(60_000, lifetimeMs / 10) : null,
  };
}

/** One request to the bank's API. */
export async function askApi(accessToken) {
  const headers = { authorization: `Bearer ${accessToken}`, accept: 'application/json' };
  const { status, text, json } = await exchange(apiUrl, { headers });
  const isRejected = status === 401 || (status >= 400 && status < 500 && text.trim() === 'Invalid token');
  return { status, json, isRejected };
}

/** Whether an answer can be shown: JSON, and at BTG of the company that was asked for and no other. */
export function isOurs({ status, json }) {
  if (status !== 200 || json === null || !isBtg) return status === 200 && json !== null;
  const company = new URL(apiUrl).pathname.split('/').at(-3);
  return Array.isArray(json.data) && json.data.every(({ accountId }) => String(accountId).startsWith(`${company}-`));
}

async function exchange(url, request) {
  try {
    const response = await fetch(url, { ...request, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parse(text) };
  } catch {
    throw new BankError('lost');
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
