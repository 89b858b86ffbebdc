import { readTokens } from './bank-visit.js';
import type { BankVisit } from './bank-visit.js';
import type { Probes } from './probe.js';

async function refreshAfter(visit: BankVisit, duration: string): Promise<number> {
  const { refresh } = await visit.tokens();
  await visit.tenant.clock.advance(duration);
  return (await visit.refresh(refresh)).status;
}

async function callAfter(visit: BankVisit, duration: string): Promise<number> {
  const { access } = await visit.tokens();
  await visit.tenant.clock.advance(duration);
  return (await visit.api(access)).status;
}

/** Ends the grants of the tenant, as their users do. */
async function revokeAll({ tenant }: BankVisit): Promise<void> {
  for (const { id } of await tenant.grants.list()) await tenant.grants.delete(id);
}

export const codeProbes: Probes = {
  'code-usable-twice': async (visit) => {
    const code = await visit.code();
    await visit.redeem(code);
    return (await visit.redeem(code)).status === 200;
  },
  'code-replay-keeps-tokens': async (visit) => {
    const code = await visit.code();
    const { refresh } = readTokens(await visit.redeem(code));
    return (await visit.redeem(code)).status === 400 && (await visit.refresh(refresh)).status === 200;
  },
  'code-not-bound-to-client': async (visit) =>
    (await visit.redeem(await visit.code(), {}, { client: await visit.otherClient() })).status === 200,
  'code-not-bound-to-redirect-uri': async (visit) =>
    (await visit.redeem(await visit.code(), { redirect_uri: 'http://127.0.0.1:9/callback' })).status === 200,
  'redirect-uri-optional-at-exchange': async (visit) =>
    (await visit.redeem(await visit.code(), { redirect_uri: null })).status === 200,
  'code-outlives-its-time': async (visit) => {
    const code = await visit.code();
    await visit.tenant.clock.advance('PT10M1S');
    return (await visit.redeem(code)).status === 200;
  },
  'code-dies-early': async (visit) => {
    const code = await visit.code();
    await visit.tenant.clock.advance('PT6M');
    return (await visit.redeem(code)).status === 400;
  },
};

export const refreshProbes: Probes = {
  'refresh-not-rotated': async (visit) => {
    const { refresh } = await visit.tokens();
    const first = await visit.refresh(refresh);
    return first.json['refresh_token'] === undefined && (await visit.refresh(refresh)).status === 200;
  },
  'old-refresh-token-lives': async (visit) => {
    const { refresh } = await visit.tokens();
    const first = readTokens(await visit.refresh(refresh));
    return first.refresh !== '' && (await visit.refresh(refresh)).status === 200;
  },
  'refresh-token-outlives-its-time': async (visit) =>
    (await refreshAfter(visit, visit.choose('P30DT1S', 'P10DT1S'))) === 200,
  'refresh-token-dies-early': async (visit) => (await refreshAfter(visit, visit.choose('P29DT1S', 'P9DT1S'))) === 400,
  'refresh-lifetime-fixed': async (visit) => {
    const { refresh } = await visit.tokens();
    const pause = visit.choose('P20D', 'P6D');
    await visit.tenant.clock.advance(pause);
    const renewed = readTokens(await visit.refresh(refresh));
    await visit.tenant.clock.advance(pause);
    return renewed.refresh !== '' && (await visit.refresh(renewed.refresh)).status === 400;
  },
  'refresh-of-other-client': async (visit) => {
    const { refresh } = await visit.tokens();
    return (await visit.refresh(refresh, {}, { client: await visit.otherClient() })).status === 200;
  },
  'scope-widened-on-refresh': async (visit) => {
    const { refresh } = await visit.tokens({}, { scope: visit.choose('saldo', 'openid') });
    const answer = await visit.refresh(refresh, { scope: visit.client.scope });
    return readTokens(answer).scope.split(' ').length > 1;
  },
  'refresh-drops-scope': async (visit) => {
    const { refresh, scope } = await visit.tokens();
    return readTokens(await visit.refresh(refresh)).scope.length < scope.length;
  },
  'refresh-narrows-for-good': async (visit) => {
    const { refresh } = await visit.tokens();
    const narrow = readTokens(await visit.refresh(refresh, { scope: visit.choose('saldo', 'openid') }));
    return (await visit.refresh(narrow.refresh, { scope: visit.client.scope })).status === 400;
  },
  'revoked-refresh-token-accepted': async (visit) => {
    const { refresh } = await visit.tokens();
    await revokeAll(visit);
    return (await visit.refresh(refresh)).status === 200;
  },
  'refresh-token-withheld': async (visit) => {
    const { access, refresh } = await visit.tokens();
    return access !== '' && refresh === '';
  },
  'scope-optional-on-refresh': async (visit) => {
    const { refresh } = await visit.tokens();
    return (await visit.refresh(refresh, { scope: null })).status === 200;
  },
  'refresh-token-dies-with-access-token': async (visit) => (await refreshAfter(visit, 'PT7M1S')) === 400,
  'refreshed-token-lives-shorter': async (visit) => {
    const { refresh } = await visit.tokens();
    return (await visit.refresh(refresh)).json['expires_in'] === 210;
  },
  'refresh-unsupported': async (visit) => {
    const { refresh } = await visit.tokens();
    return (await visit.refresh(refresh)).json['error'] === 'unsupported_grant_type';
  },
};

export const accessTokenLifeProbes: Probes = {
  'access-token-outlives-its-time': async (visit) =>
    (await callAfter(visit, visit.choose('PT7M1S', 'PT24H1S'))) === 200,
  'access-token-dies-early': async (visit) => (await callAfter(visit, visit.choose('PT4M', 'PT13H'))) === 401,
  'revoked-access-token-accepted': async (visit) => {
    const { access } = await visit.tokens();
    await revokeAll(visit);
    return (await visit.api(access)).status === 200;
  },
  'old-access-token-lives': async (visit) => {
    const { access, refresh } = await visit.tokens();
    await visit.refresh(refresh);
    return (await visit.api(access)).status === 200;
  },
  'refresh-kills-other-users': async (visit) => {
    const { refresh } = await visit.tokens();
    const { access } = await visit.tokens({}, { username: 'outra' });
    await visit.refresh(refresh);
    return (await visit.api(access)).status === 401;
  },
};
