import { pathToFileURL, fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { createBankClient, createHttpUserAgent, bs2, btg, walkConsent } from '../client/index.js';
import type { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import type { InProcess } from './bench-record.js';

const entry = v.object({ startMockServer: v.custom<typeof startMockServer>((value) => typeof value === 'function') });

/** Measures the built library in this process; the first start, which loads it, is not counted. */
export async function measureInProcess(rounds: number): Promise<InProcess> {
  const built = pathToFileURL(fileURLToPath(new URL('../dist/mock-server/index.js', import.meta.url))).href;
  const loaded: unknown = await import(built);
  const { startMockServer: start } = v.parse(entry, loaded);
  const result: InProcess = { firstTokenMs: [], tenantMs: [], consentMs: { bs2: [], btg: [] } };
  for (let round = 0; round <= rounds; round += 1) {
    const startedAt = performance.now();
    const mock = await start({ rateLimit: 'off' });
    await firstToken(mock);
    const firstTokenMs = performance.now() - startedAt;
    const tenantMs = await timed(() => mock.createTenant(), 20);
    const consents = {
      bs2: await timed(() => consent(mock, 'bs2'), 20),
      btg: await timed(() => consent(mock, 'btg'), 20),
    };
    await mock.close();
    if (round === 0) continue;
    result.firstTokenMs.push(firstTokenMs);
    result.tenantMs.push(tenantMs);
    result.consentMs.bs2.push(consents.bs2);
    result.consentMs.btg.push(consents.btg);
  }
  return result;
}

/** Milliseconds a time. */
async function timed(work: () => Promise<unknown>, times: number): Promise<number> {
  const startedAt = performance.now();
  for (let time = 0; time < times; time += 1) await work();
  return (performance.now() - startedAt) / times;
}

async function firstToken({ defaultTenant: { bs2: bank } }: MockServer): Promise<void> {
  const answer = await fetch(bank.tokenEndpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${bank.client?.id ?? ''}:${bank.client?.secret ?? ''}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'saldo' }),
  });
  if (answer.status !== 200) throw new Error(`The first token was answered ${String(answer.status)}.`);
}

async function consent({ defaultTenant: tenant }: MockServer, bank: 'bs2' | 'btg'): Promise<void> {
  const { client, baseUrl } = tenant[bank];
  const redirectUri = client?.redirectUris[0] ?? '';
  const application = createBankClient({
    profile: bank === 'bs2' ? bs2 : btg,
    baseUrl,
    client: { id: client?.id ?? '', secret: client?.secret ?? '' },
    redirectUri,
    scope: client?.scope ?? '',
    rateBudget: 'off',
  });
  const { username = '', password = '' } = tenant.user ?? {};
  const started = application.startAuthorization();
  const { redirectTo } = await walkConsent(createHttpUserAgent(), await application.browserAddress(started), {
    redirectUri,
    username,
    password,
    decision: 'approve',
    secondFactor: { kind: 'sms', code: async () => (await tenant.secondFactor.get(username)).sms ?? '' },
  });
  await application.finishAuthorization(redirectTo, started.transaction);
}
