/** What a shop has of its own towards BS2: what the recipes beside it test. */

/** The customer has to consent again. */
export class ConsentOver extends Error {}

/** One customer's account at BS2. `fetch` is looked up at each request, so that a test may stand in for it. */
export function createAccount({
  bankUrl = 'https://apihmz.bancobonsucesso.com.br',
  apiKey,
  apiSecret,
  redirectUri,
  scope = 'saldo',
  fetch = (...request) => globalThis.fetch(...request),
}) {
  let tokens = null;
  let refreshing = null;

  /** Where the customer's browser goes. `state` is kept in the session of that browser. */
  function authorizationUrl(state) {
    const query = { response_type: 'code', client_id: apiKey, redirect_uri: redirectUri, scope, state };
    return `${bankUrl}/api-banking/auth/oauth/v2/authorize?${new URLSearchParams(query)}`;
  }

  /** The customer is back at the redirect URI. */
  async function finish(code) {
    tokens = await askForTokens({ grant_type: 'authorization_code', code, redirect_uri: redirectUri });
  }

  async function balance() {
    if (tokens === null) throw new ConsentOver('The customer has not consented.');
    if (Date.now() >= tokens.renewAtMs) await refresh();
    let answer = await askForBalance();
    if (answer.status === 401) {
      await refresh();
      answer = await askForBalance();
    }
    if (!answer.ok) throw new Error(`BS2 answers ${answer.status}.`);
    return (await answer.json()).valor;
  }

  function askForBalance() {
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    return fetch(`${bankUrl}/pj/apibanking/forintegration/v2/contascorrentes/saldo`, { headers });
  }

  /** One at a time: BS2 takes each refresh token once. */
  async function refresh() {
    refreshing ??= askForTokens({ grant_type: 'refresh_token', refresh_token: tokens.refreshToken, scope })
      .then((newer) => (tokens = newer))
      .finally(() => (refreshing = null));
    await refreshing;
  }

  async function askForTokens(form) {
    const authorization = `Basic ${btoa(`${apiKey}:${apiSecret}`)}`;
    const answer = await fetch(`${bankUrl}/auth/oauth/v2/token`, {
      method: 'POST',
      headers: { authorization },
      body: new URLSearchParams(form),
    });
    // Half an answer with tokens is an error here; an error need not be JSON.
    const said = answer.ok ? await answer.json() : await answer.json().catch(() => ({}));
    if (said.error === 'invalid_grant') throw new ConsentOver('BS2 no longer takes this consent.');
    if (!answer.ok) throw new Error(`BS2 answers ${answer.status}.`);
    // Nine tenths of what is left: 420 seconds are 300 in production.
    const renewAtMs = Date.now() + said.expires_in * 900;
    return { accessToken: said.access_token, refreshToken: said.refresh_token, renewAtMs };
  }

  return { authorizationUrl, finish, balance };
}
