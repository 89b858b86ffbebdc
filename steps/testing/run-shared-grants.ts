import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startMockServer } from '../../mock-server/mock-server.js';
import { bankMutants } from '../../mock-server/mutants/catalogue.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { createFileTarget } from '../file-target.js';
import { createMockTarget } from '../mock-target.js';
import { keepGrant } from '../keep-grant.js';
import { runScenarios } from '../run-scenarios.js';
import { startProxy, targetRedirectUri } from './target-proxies.js';

// Run by shared-grants-at-targets.test.ts in a process of its own, since step definitions are TypeScript that cucumber
// imports. With `every-mutant` as argument it takes all mutants, and not only those that the test is about.

/** A stand-in for a bank's sandbox, and which scenarios are played on it. */
interface StandIn {
  readonly name: string;
  readonly bank: ScenarioBank;
  readonly tags: string;
  readonly mutant?: string;
  /** True: at the second bearer token that it does not know the bank ends every grant. */
  readonly endsGrants?: boolean;
}

/** Bugs of refreshes and of what they give; `every-mutant` tries all there are. */
const ofTokens =
  /\.(refresh-not-rotated|old-refresh-token-lives|refresh-token-dies-with-access-token|errors-with-200|tokens-not-json|expires-in-wrong|access-token-dies-early|dead-token-with-403|scope-widened-on-refresh|old-access-token-lives|refresh-drops-scope|bearer-refused)$/;
const mutants = bankMutants.filter(({ id }) => process.argv[2] === 'every-mutant' || ofTokens.test(id));
const standIns: StandIn[] = [
  ...(['bs2', 'btg'] as const).flatMap((bank): StandIn[] => [
    { name: 'honest', bank, tags: '@grant:kept' },
    { name: 'honest to all', bank, tags: '@grant:kept or @grant:run' },
    { name: 'quick to end grants', bank, tags: '@grant:kept', endsGrants: true },
  ]),
  ...mutants.map(({ id, bank }): StandIn => ({ name: id, bank, tags: '@grant:kept or @grant:run', mutant: id })),
];

const folder = await mkdtemp(join(tmpdir(), 'homologa-grants-'));
const mock = await startMockServer({ controlToken: null });

async function play(standIn: StandIn) {
  const { name, bank, tags, mutant, endsGrants = false } = standIn;
  const tenant = await mock.createTenant({ settings: { bs2: { secondFactorReplay: 'accept', rateLimit: 'off' } } });
  const { client, baseUrl } = tenant[bank];
  const [user] = await tenant.users.list();
  if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
  const registration = { redirectUri: targetRedirectUri, scope: client.scope };
  const second = await tenant.clients.create({ bank, redirectUris: [targetRedirectUri], scope: client.scope });
  let refusals = 0;
  const proxy = await startProxy(mock.listen, async (answer, { path }) => {
    refusals += answer.status === 401 && !path.includes('/token') ? 1 : 0;
    if (endsGrants && refusals > 1) for (const { id } of await tenant.grants.list()) await tenant.grants.delete(id);
    return answer;
  });
  const path = join(folder, `${tenant.id}.yaml`);
  const file = {
    name: `${bank}-sandbox`,
    bank,
    baseUrl: baseUrl.replace(mock.listen, proxy.url),
    ...(bank === 'btg' ? { issuer: tenant.btg.issuer } : {}),
    company: '30306294000145',
    client: { ...registration, id: client.id, secret: client.secret },
    secondClient: { ...registration, id: second.id, secret: second.secret },
    user: {
      username: user.username,
      password: user.password,
      secondFactor: { kind: 'app', totpSecret: user.totpSecret, replay: 'accept' },
    },
    consent: 'http',
    pace: 'off',
    tokenStore: { folder: tenant.id },
  };
  await writeFile(path, stringify(file));
  const login = await createFileTarget(path);
  await keepGrant(login).finally(() => login.close());

  if (mutant !== undefined) await tenant.mutants.set([mutant]);
  const target = await createFileTarget(path);
  const run = { target, targetName: bank, bank, tags, parallel: 0, strict: false, folder: null };
  const results = await runScenarios(run);
  const notice = (await target.grants?.verify()) ?? null;
  await target.close();
  const grants = await tenant.grants.list();
  if (mutant !== undefined) await tenant.mutants.set([]);

  const next = await nextRun(path, bank);
  proxy.close();
  await tenant.delete();
  const alone = await playAlone(standIn);
  return { name, bank, isMutant: mutant !== undefined, results, notice, grants: grants.length, next, alone };
}

/** The same scenarios with the same bug, each in a bank and with a grant of its own. */
async function playAlone({ bank, tags, mutant }: StandIn) {
  const target = await createMockTarget({ mutants: mutant === undefined ? [] : [mutant] });
  const run = { target, targetName: 'mock', bank, tags, parallel: 0, strict: false, folder: null };
  return runScenarios(run).finally(() => target.close());
}

/** What the next run finds: tokens that work, or what it says. */
async function nextRun(path: string, name: ScenarioBank): Promise<string> {
  const target = await createFileTarget(path);
  const bank = await target.open(name, (transport) => transport);
  try {
    if ((await target.grants?.begin(bank)) !== true) return 'no grant';
    return (await target.grants?.take(bank, { share: 'kept', by: 'next' })) === null ? 'no tokens' : 'usable';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await target.close();
  }
}

const outcomes = [];
for (const standIn of standIns) outcomes.push(await play(standIn));
await mock.close();
await rm(folder, { recursive: true });
process.stdout.write(JSON.stringify(outcomes));
