import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { stringify } from 'yaml';
import { createFileTokenStore } from '../../client/file-token-store.js';
import { startMockServer } from '../../mock-server/mock-server.js';
import type { TenantHandle } from '../../mock-server/tenant-handle.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { createFileTarget } from '../file-target.js';
import { keepGrant } from '../keep-grant.js';
import { packagePaths } from '../package-paths.js';
import { callResource } from '../resource.js';
import { startProxy, targetRedirectUri } from './target-proxies.js';

/** What was found after processes were killed while they refreshed. */
export interface KillTally {
  readonly rounds: number;
  /** The kill left a refresh of which nobody knew the end. */
  readonly interrupted: number;
  /** The next run went on with the kept tokens. */
  readonly usable: number;
  /** The next run said that a new consent is needed, and it was. */
  readonly lost: number;
  /** Anything else. */
  readonly problems: readonly string[];
}

/** Longer than a refresh of the slow stand-in takes, so that the kill falls anywhere in one, or between two. */
const longestLifeMs = 160;

/**
 * Kills a process that refreshes kept tokens, at a random moment, and looks what the next run makes of what is left; as
 * often as told. The bank is a mock that is slow to begin a token request, behind a proxy that is slow to hand its answer on,
 * so that many kills fall between the rotation and its answer.
 */
export async function killDuringRefresh(rounds: number, bank: ScenarioBank = 'bs2'): Promise<KillTally> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-kills-'));
  const mock = await startMockServer({ controlToken: null });
  const settings = {
    bs2: { secondFactorReplay: 'accept', rateLimit: 'off', accessTokenLifetime: 'PT60S' },
    btg: { accessTokenLifetime: 'PT60S' },
  } as const;
  const tenant = await mock.createTenant({ settings });
  await tenant.faults.create({ at: `${bank}.token`, times: 0, effect: { delay: 'PT0.02S' } });
  const proxy = await startProxy(mock.listen, async (answer, { path }) => {
    if (path.includes('/token')) await wait(20);
    return answer;
  });
  const path = join(folder, 'target.yaml');
  await writeFile(path, stringify(await targetOf(tenant, bank, (url) => url.replace(mock.listen, proxy.url))));
  const tally = { rounds, interrupted: 0, usable: 0, lost: 0, problems: [] as string[] };
  try {
    await login(path);
    for (let round = 1; round <= rounds; round += 1) {
      await killOne(path, randomInt(longestLifeMs));
      await settled(proxy);
      const found = await lookAfter(path, bank, join(folder, 'grants'), tenant);
      tally.interrupted += found.wasInterrupted ? 1 : 0;
      if (found.state === 'usable') tally.usable += 1;
      else if (found.state === 'lost') tally.lost += 1;
      else tally.problems.push(`round ${String(round)}: ${found.state}`);
      if (found.state !== 'usable') await login(path);
    }
    return tally;
  } finally {
    proxy.close();
    await mock.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function targetOf(tenant: TenantHandle, bank: ScenarioBank, at: (url: string) => string): Promise<object> {
  const { client, baseUrl } = tenant[bank];
  const [user] = await tenant.users.list();
  if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
  const { username, password, totpSecret } = user;
  return {
    name: 'stand-in',
    bank,
    baseUrl: at(baseUrl),
    ...(bank === 'btg' ? { issuer: tenant.btg.issuer } : {}),
    client: { id: client.id, secret: client.secret, redirectUri: targetRedirectUri, scope: client.scope },
    user: { username, password, secondFactor: { kind: 'app', totpSecret, replay: 'accept' } },
    consent: 'http',
    pace: 'off',
    tokenStore: { folder: 'grants' },
  };
}

async function login(path: string): Promise<void> {
  const target = await createFileTarget(path);
  await keepGrant(target).finally(() => target.close());
}

/** Lets a process refresh for so long, and kills it. */
async function killOne(path: string, lifeMs: number): Promise<void> {
  const script = join(packagePaths.root, 'steps/testing/refresh-until-killed.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  await wait(lifeMs);
  const isRunning = child.exitCode === null;
  child.kill('SIGKILL');
  await ended;
  if (!isRunning) throw new Error(`The process ended by itself: ${said}`);
}

/** What the dead process sent may still be on its way: on a busy machine for long. */
async function settled(proxy: { isBusy(): boolean }): Promise<void> {
  await wait(60);
  // What arrived before is read in the next turns of the loop, however late the first of them came.
  for (let quietTurns = 0; quietTurns < 10; quietTurns += 1) {
    if (proxy.isBusy()) quietTurns = 0;
    await wait(2);
  }
}

/** What the next run makes of what is left, held against what the bank says of the kept refresh token. */
async function lookAfter(
  path: string,
  name: ScenarioBank,
  folder: string,
  tenant: TenantHandle,
): Promise<{ readonly state: string; readonly wasInterrupted: boolean }> {
  const store = createFileTokenStore(folder);
  const [key, ...others] = await store.list();
  const left = key === undefined ? null : await store.load(key);
  if (left === null || others.length > 0) return { state: 'the store holds no readable grant', wasInterrupted: false };
  const wasInterrupted = left.value.refreshing !== null;
  const isGood = (await tenant.explain(left.value.tokens.refreshToken ?? '')).good === true;
  const state = await nextRun(path, name);
  const expected = isGood ? 'usable' : 'lost';
  return { state: state === expected ? state : `${state}; the kept refresh token was ${expected}`, wasInterrupted };
}

async function nextRun(path: string, name: ScenarioBank): Promise<string> {
  const target = await createFileTarget(path);
  const bank = await target.open(name, (transport) => transport);
  try {
    await target.grants?.begin(bank);
    const held = (await target.grants?.take(bank, { share: 'kept', by: 'the next run' })) ?? null;
    const { status } = await callResource(bank, `Bearer ${held?.accessToken ?? ''}`);
    return status === 200 ? 'usable' : `tokens that the API answers with ${String(status)}`;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const isSaid = /refresh was interrupted.*a new consent is needed: homologa login --target/.test(message);
    return isSaid ? 'lost' : message;
  } finally {
    await target.close();
  }
}
