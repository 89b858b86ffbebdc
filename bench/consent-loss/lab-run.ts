import { createBankClient, createMemoryTokenStore, bs2 } from '../../client/index.js';
import type { TokenSet } from '../../client/index.js';
import { startMockServer } from '../../mock-server/index.js';
import type { TenantHandle, TenantSettingsPatch } from '../../mock-server/index.js';
import { referenceManager } from './lab-manager.js';
import type { LabManager } from './lab-manager.js';
import { LabWorker } from './lab-worker.js';
import type { FaultRates } from './lab-worker.js';
import { plainManager } from './plain-manager.js';
import type { Habits, SharedTokens } from './plain-manager.js';
import { seededRandom } from '../../scripts/seeded-random.js';
import type { Random } from '../../scripts/seeded-random.js';
import { VirtualTime } from './virtual-time.js';

export type Reuse = NonNullable<NonNullable<TenantSettingsPatch['bs2']>['refreshTokenReuse']>;

/** What a run of the lab is made of. */
export interface LabConditions {
  readonly customers: number;
  readonly days: number;
  readonly seed: number;
  readonly rates: FaultRates;
  /** Part of the uses that reach two processes at once. */
  readonly twoWorkers: number;
  /** Part of the customers that need a token every 30 to 60 days alone; the others need one every 3 to 9 days. */
  readonly seldom: number;
  readonly reuse: Reuse;
  /** The reference client's token manager, or one of the given habits. */
  readonly manager: 'reference' | Habits;
}

/** What came of it. */
export interface LabResult {
  readonly uses: number;
  readonly tokenRequests: number;
  /** Times that a user had to consent anew. */
  readonly lost: number;
}

const startMs = Date.UTC(2026, 0, 1);
const day = 86_400_000;
const keepAliveEveryMs = day / 2;
const origin = 'http://127.0.0.1:4010';

/** Runs one application with two processes and its customers at BS2, in virtual time; the process's `Date.now` follows. */
export async function runLab(conditions: LabConditions): Promise<LabResult> {
  const time = new VirtualTime(startMs);
  const systemNow = Date.now;
  Date.now = time.now;
  const mock = await startMockServer({ listen: false, controlToken: null, publicUrl: origin });
  try {
    const keys = Array.from({ length: conditions.customers }, (_, index) => `cliente-${String(index)}`);
    const tenant = await mock.createTenant({
      randomSeed: String(conditions.seed),
      users: keys.map((username) => ({ username, password: 'senha-de-teste' })),
      settings: { journalSize: 1, bs2: { rateLimit: 'off', refreshTokenReuse: conditions.reuse } },
    });
    return await live(conditions, keys, tenant, time, (request) => mock.fetch(request));
  } finally {
    await mock.close();
    Date.now = systemNow;
  }
}

/** The next need of a customer's token. */
interface Use {
  readonly atMs: number;
  readonly key: string;
  readonly random: Random;
  readonly isSeldom: boolean;
}

async function live(
  conditions: LabConditions,
  keys: readonly string[],
  tenant: TenantHandle,
  time: VirtualTime,
  bank: (request: Request) => Promise<Response>,
): Promise<LabResult> {
  const { seed, days, rates } = conditions;
  const result = { uses: 0, tokenRequests: 0, lost: 0 };
  const store = createMemoryTokenStore();
  const shared: SharedTokens = { tokens: new Map(), refreshing: new Map() };
  const fates = seededRandom(seed + 1);

  const startProcess = (): { worker: LabWorker; manager: LabManager } => {
    const counted = (request: Request): Promise<Response> => {
      result.tokenRequests += 1;
      return bank(request);
    };
    const worker = new LabWorker(time, counted, rates, fates);
    const client = createBankClient({
      profile: bs2,
      baseUrl: tenant.bs2.baseUrl,
      client: { id: tenant.bs2.client?.id ?? '', secret: tenant.bs2.client?.secret ?? '' },
      redirectUri: 'http://localhost:3000/callback',
      scope: 'saldo',
      clock: time.now,
      sleep: time.sleep,
      fetch: worker.transport,
      rateBudget: 'off',
    });
    const process = { worker, client, time };
    const manager =
      conditions.manager === 'reference'
        ? referenceManager(process, store)
        : plainManager(process, shared, conditions.manager);
    return { worker, manager };
  };
  const processes = [startProcess(), startProcess()] as const;
  const running = [...processes];
  const processOf = (index: number): LabManager => {
    const current = running[index];
    if (current !== undefined && !current.worker.hasEnded) return current.manager;
    const next = startProcess();
    running[index] = next;
    return next.manager;
  };

  const consent = async (key: string): Promise<void> => {
    const made = await tenant.grants.create({ bank: 'bs2', username: key, scope: 'saldo' });
    const tokens: TokenSet = {
      accessToken: made.accessToken,
      accessTokenExpiresAt: time.now() + 420_000,
      expiresInSeconds: 420,
      refreshToken: made.refreshToken,
      scope: made.scope,
      idToken: null,
      idTokenClaims: null,
      requestedAt: time.now(),
    };
    await processOf(0).adopt(key, tokens);
  };
  const loseAll = async (lost: readonly string[]): Promise<void> => {
    for (const key of lost) {
      result.lost += 1;
      await consent(key);
    }
  };

  const endMs = startMs + days * day;
  const uses = keys.map((key, index): Use => {
    const random = seededRandom(seed * 1_000_003 + index);
    return nextUse({ atMs: startMs + random() * day, key, random, isSeldom: random() < conditions.seldom });
  });
  uses.sort((first, second) => second.atMs - first.atMs);
  for (const key of keys) await consent(key);
  let tickAtMs = startMs + keepAliveEveryMs;
  for (;;) {
    const use = uses.pop();
    while (tickAtMs <= Math.min(use?.atMs ?? Infinity, endMs)) {
      time.passTo(tickAtMs);
      tickAtMs += keepAliveEveryMs;
      await loseAll(await time.finish(processOf(0).keepAlive()));
    }
    if (use === undefined || use.atMs > endMs) return result;
    time.passTo(use.atMs);
    result.uses += 1;
    const { key, random } = use;
    const chosen = random() < conditions.twoWorkers ? [0, 1] : [random() < 0.5 ? 0 : 1];
    const outcomes = await time.finish(Promise.all(chosen.map((index) => processOf(index).use(key))));
    if (outcomes.includes('lost')) await loseAll([key]);
    insert(uses, nextUse(use));
  }
}

function nextUse({ atMs, key, random, isSeldom }: Use): Use {
  const days = isSeldom ? 30 + random() * 30 : 3 + random() * 6;
  return { atMs: atMs + days * day, key, random, isSeldom };
}

/** Into a list that is sorted with the earliest last. */
function insert(uses: Use[], use: Use): void {
  let low = 0;
  let high = uses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((uses[middle]?.atMs ?? 0) > use.atMs) low = middle + 1;
    else high = middle;
  }
  uses.splice(low, 0, use);
}
