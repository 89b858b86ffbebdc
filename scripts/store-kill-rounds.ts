import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { connectTenant } from '../mock-server/index.js';
import type { TenantHandle } from '../mock-server/index.js';
import { startHomologa } from './homologa-from-source.js';
import { KilledCustomer } from './killed-customer.js';
import { KilledOperator } from './killed-operator.js';
import { seededRandom } from './seeded-random.js';

/** How a mock with `--store` is killed again and again. */
export interface KillRoundsOptions {
  readonly rounds: number;
  /** How many refresh at once. */
  readonly customers: number;
  /** Decides when each kill comes. */
  readonly seed: number;
  /** From `dist/`; from the sources where false. */
  readonly built: boolean;
}

/** What was done, and what was found wrong. */
export interface KillRoundsReport {
  readonly rotations: number;
  readonly redemptions: number;
  readonly controlCalls: number;
  /** Rotations that happened and whose answer the kill took: what no server can help. */
  readonly lostAnswers: number;
  readonly problems: readonly string[];
}

const longestLoadMs = 300;
const listening = v.looseObject({ control: v.string() });

/**
 * Starts `homologa serve --store`, puts it under load, kills it with SIGKILL at a random moment, starts it again and
 * asks it for all that it had answered: round after round on the same state.
 */
export async function killRounds({
  rounds,
  customers: count,
  seed,
  built,
}: KillRoundsOptions): Promise<KillRoundsReport> {
  const folder = await mkdtemp(join(tmpdir(), 'homologa-kills-'));
  const random = seededRandom(seed);
  const customers = Array.from(
    { length: count },
    (_, index) => new KilledCustomer(index % 2 === 0 ? 'bs2' : 'btg', `cliente-${String(index)}`),
  );
  const operator = new KilledOperator();
  const problems: string[] = [];
  const serve = async (): Promise<{ tenant: TenantHandle; kill: () => Promise<void> }> => {
    const flags = ['serve', '--json', '--port', '0', '--rate-limit', 'off', '--store', join(folder, 'state')];
    const mock = startHomologa(flags, { built });
    const { control } = v.parse(listening, JSON.parse(await mock.said(/\n/)));
    return {
      tenant: await connectTenant(control),
      kill: async () => {
        mock.signal('SIGKILL');
        await mock.ended;
      },
    };
  };
  try {
    let { tenant, kill } = await serve();
    await prepare(tenant, customers, operator);
    for (let round = 1; round <= rounds; round += 1) {
      let isKilled = false;
      const working = [
        ...customers.map((customer) => () => act(customer, tenant, random)),
        () => operator.work(tenant),
      ].map(async (work) => {
        try {
          for (;;) await work();
        } catch (error) {
          if (!isKilled) throw error;
        }
      });
      const load = Promise.all(working);
      await Promise.race([load, new Promise((resolve) => setTimeout(resolve, random() * longestLoadMs))]);
      isKilled = true;
      await kill();
      await load;
      ({ tenant, kill } = await serve());
      const found = await Promise.all([...customers, operator].map((subject) => subject.judge(tenant)));
      problems.push(...found.flat().map((problem) => `round ${String(round)}: ${problem}`));
    }
    await kill();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const sum = (of: (customer: KilledCustomer) => number): number =>
    customers.reduce((total, each) => total + of(each), 0);
  return {
    rotations: sum(({ rotations }) => rotations),
    redemptions: sum(({ redemptions }) => redemptions),
    lostAnswers: sum(({ lostAnswers }) => lostAnswers),
    controlCalls: operator.calls,
    problems,
  };
}

async function prepare(
  tenant: TenantHandle,
  customers: readonly KilledCustomer[],
  operator: KilledOperator,
): Promise<void> {
  // The customers ask again with spent codes and tokens, which must cost them nothing but a refusal.
  const lenient = { refreshTokenReuse: 'refuse', codeReplayRevokesTokens: false } as const;
  await tenant.settings.patch({ bs2: lenient, btg: lenient });
  for (const { username } of customers) await tenant.users.create({ username, password: 'senha-de-teste' });
  for (const customer of customers) await customer.begin(tenant);
  await operator.begin(tenant);
}

async function act(customer: KilledCustomer, tenant: TenantHandle, random: () => number): Promise<void> {
  if (random() < 0.9) await customer.refresh(tenant);
  else await customer.consent(tenant);
}
