import { readTokens } from './bank-visit.js';
import type { BankVisit, Reply } from './bank-visit.js';
import type { Probes } from './probe.js';

async function limit({ tenant }: BankVisit): Promise<void> {
  await tenant.settings.patch({
    bs2: { rateLimit: { requests: 10, window: 'PT1M' } },
    btg: { refreshQuota: { requests: 3, window: 'PT1H' } },
  });
}

/** Sends so many token requests without a user. */
async function send(visit: BankVisit, times: number, secret = visit.client.secret): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (let sent = 0; sent < times; sent += 1) {
    replies.push(
      await visit.token(
        { grant_type: 'client_credentials', scope: 'saldo' },
        { client: { id: visit.client.id, secret } },
      ),
    );
  }
  return replies;
}

/** Refreshes so many times in a row; the status of each. */
async function refreshInARow(visit: BankVisit, times: number): Promise<readonly number[]> {
  let { refresh } = await visit.tokens();
  await visit.tenant.clock.advance('PT2H');
  const statuses: number[] = [];
  for (let sent = 0; sent < times; sent += 1) {
    const reply = await visit.refresh(refresh);
    statuses.push(reply.status);
    refresh = readTokens(reply).refresh;
  }
  return statuses;
}

async function statusAfter(visit: BankVisit, pause: string): Promise<number | undefined> {
  await limit(visit);
  await send(visit, 10);
  await visit.tenant.clock.advance(pause);
  return (await send(visit, 1))[0]?.status;
}

async function eleventh(visit: BankVisit): Promise<Reply | undefined> {
  await limit(visit);
  return (await send(visit, 11)).at(-1);
}

export const rateLimitProbes: Probes = {
  'rate-limit-absent': async (visit) => (await eleventh(visit))?.status === 200,
  'rate-limit-lower': async (visit) => {
    await limit(visit);
    return (await send(visit, 10)).at(-1)?.status === 429;
  },
  'rate-limit-spares-refreshes': async (visit) => {
    await limit(visit);
    return (await refreshInARow(visit, 11)).every((status) => status === 200);
  },
  'rate-limit-resets-early': async (visit) => (await statusAfter(visit, 'PT31S')) === 200,
  'rate-limit-by-the-clock': async (visit) => {
    const { now } = await visit.tenant.clock.show();
    const nextMinute = (Math.floor(Date.parse(now) / 60_000) + 2) * 60_000;
    await visit.tenant.clock.set(new Date(nextMinute - 5000));
    return (await statusAfter(visit, 'PT10S')) === 200;
  },
  'rate-limit-shared': async (visit) => {
    await limit(visit);
    const client = await visit.otherClient();
    await send(visit, 10);
    const form = { grant_type: 'client_credentials', scope: 'saldo' };
    return (await visit.token(form, { client })).status === 429;
  },
  'rate-limit-prolonged': async (visit) => {
    await limit(visit);
    await send(visit, 15);
    await visit.tenant.clock.advance('PT30S');
    await send(visit, 5);
    await visit.tenant.clock.advance('PT31S');
    return (await send(visit, 6)).some(({ status }) => status === 429);
  },
  'rate-limit-counts-strangers': async (visit) => {
    await limit(visit);
    await send(visit, 10, 'errado');
    return (await send(visit, 1))[0]?.status === 429;
  },
  'rate-limit-without-retry-after': async (visit) => (await eleventh(visit))?.headers.has('retry-after') === false,
  'rate-limit-with-body': async (visit) => (await eleventh(visit))?.text !== '',
  'api-limited': async (visit) => {
    const { access } = await visit.tokens();
    const statuses: number[] = [];
    for (let sent = 0; sent < 11; sent += 1) statuses.push((await visit.api(access)).status);
    return statuses.at(-1) === 429;
  },
  'quota-absent': async (visit) => {
    await limit(visit);
    return (await refreshInARow(visit, 4)).at(-1) === 200;
  },
  'quota-misnamed': async (visit) => {
    await limit(visit);
    return (await refreshInARow(visit, 4)).at(-1) === 400;
  },
};
