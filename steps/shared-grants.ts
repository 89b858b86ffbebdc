import { createMemoryTokenStore } from '../client/memory-token-store.js';
import type { BankEndpoints } from '../client/banks/bank-profile.js';
import { systemClock } from '../client/clock.js';
import type { GrantRecord } from '../client/grant-record.js';
import type { HttpTransport } from '../client/http-transport.js';
import { TransportError } from '../client/transport-error.js';
import type { GrantShare } from '../reports/scenario-tags.js';
import { HarnessFault, PrerequisiteFailure } from './check-failure.js';
import { ClientDriver } from './client-driver.js';
import type { HeldTokens } from './client-driver.js';
import { createGrantLedger } from './grant-ledger.js';
import type { GrantLedger } from './grant-ledger.js';
import { tokenSetOf } from './grant-settlement.js';
import { interruption } from './interruption.js';
import { ConsentNeededError, KeptGrantError, storeFailure } from './kept-grant-error.js';
import { callResource } from './resource.js';
import { runRedactor } from './run-redactor.js';
import type { BankUnderTest } from './target.js';
import type { TargetTokenStore } from './target-token-store.js';
import { describeTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** Grants that scenarios share at a target where consents are dear: the kept one, and one of this run. */
export interface SharedGrants {
  /** Where the tokens are kept, for people. */
  readonly place: string;
  /**
   * Takes the kept grant for this run, and finds out what became of a refresh that was interrupted.
   *
   * @returns whether there is one
   * @throws GrantInUseError, ConsentNeededError, KeptGrantError
   */
  begin(bank: BankUnderTest): Promise<boolean>;
  /** Tokens that work now, for a scenario; null where it must ask for a consent. @throws PrerequisiteFailure */
  take(bank: BankUnderTest, scenario: { readonly share: GrantShare; readonly by: string }): Promise<HeldTokens | null>;
  /** Whether a scenario with that share can have tokens now, so that nobody need consent. */
  has(share: GrantShare): boolean;
  /** Leaves the tokens of a scenario's own consent for the scenarios after it. */
  put(tokens: HeldTokens, answer: TokenAnswer): Promise<void>;
  /** Takes the kept grant for this process, dead or alive. @throws GrantInUseError, KeptGrantError */
  hold(): Promise<void>;
  /** Keeps the tokens of a consent between runs, once it is held. */
  keep(tokens: HeldTokens, answer: TokenAnswer): Promise<GrantRecord>;
  /** Forgets the kept tokens, once they are held; whether there were any. */
  forget(): Promise<boolean>;
  /** After the last scenario: what is wrong with the kept grant now; null where nothing is. */
  verify(): Promise<string | null>;
  /** Lets others have the kept grant. */
  release(): Promise<void>;
  /** The transport of everybody who may carry the grants' tokens. */
  guard(transport: HttpTransport): HttpTransport;
}

/** An access token with less life left is renewed before a scenario gets it: longer than a scenario takes. */
const leastLifeMs = 180_000;

/** The grants of a target; nothing is read before it is asked for. `target` is what the command line calls it. */
export function createSharedGrants(
  target: string,
  { store, key, place, prepare }: TargetTokenStore,
  endpoints: BankEndpoints,
  clock = systemClock,
): SharedGrants {
  const common = { target, clock, tokenEndpoint: endpoints.token, revocationEndpoint: endpoints.revocation };
  const kept = createGrantLedger({ ...common, store, key, isProtected: true });
  const ofRun = createGrantLedger({ ...common, store: createMemoryTokenStore(), key: 'run', isProtected: false });
  let begun: Promise<boolean> | null = null;
  let lastUse: { readonly bank: BankUnderTest; readonly by: string } | null = null;

  /** Refreshes; null where that went well, else why the grant is over. @throws KeptGrantError where nobody can tell */
  async function renew(ledger: GrantLedger, bank: BankUnderTest): Promise<TokenAnswer | null> {
    const held = heldOf(ledger);
    if (held === null) return null;
    const isInDoubt = ledger.grant?.failure?.answerLost === true;
    const answer = await new ClientDriver(bank, bank.client).refreshTokens(held);
    if (answer.accessToken !== null) return null;
    if (answer.error !== 'invalid_grant') {
      const said = describeTokenAnswer(answer);
      const problem = `The bank answered a refresh of the tokens of ${target} with ${said}: nobody knows whether they live.`;
      throw new KeptGrantError('ERR_GRANT_UNCERTAIN', `${problem} Run it again.`);
    }
    await ledger.lose(isInDoubt ? 'refresh-answer-lost' : 'refresh-refused');
    return answer;
  }

  /** Null where the grant's tokens work now; else the refusal. */
  async function renewWhereNeeded(ledger: GrantLedger, bank: BankUnderTest): Promise<TokenAnswer | null> {
    const { grant } = ledger;
    const expiresAt = grant?.tokens.accessTokenExpiresAt ?? 0;
    const isDoubtful = grant === null || grant.failure !== null || expiresAt - clock() < leastLifeMs;
    if (!isDoubtful && (await isTaken(bank, grant.tokens.accessToken))) return null;
    return renew(ledger, bank);
  }

  async function begin(bank: BankUnderTest): Promise<boolean> {
    // A mock’s clock is the scenarios’ own: no grant would survive them.
    if (bank.control !== null) return false;
    const grant = await kept.hold();
    if (grant === null) return false;
    if (grant.status === 'consent-required') throw new ConsentNeededError(target, grant.reason ?? 'refresh-refused');
    learn(heldOf(kept));
    if (grant.failure?.answerLost === true && (await renew(kept, bank)) !== null) {
      throw new ConsentNeededError(target, 'refresh-answer-lost');
    }
    return true;
  }

  async function takeKept(bank: BankUnderTest, by: string): Promise<HeldTokens | null> {
    if (heldOf(kept) === null) return null;
    const before = lastUse?.by;
    lastUse = { bank, by };
    const refusal = await renewWhereNeeded(kept, bank);
    const held = heldOf(kept);
    if (refusal === null) return held;
    const since = before === undefined ? '' : ` after ${before} used them`;
    throw new PrerequisiteFailure(
      'the kept tokens',
      `${describeTokenAnswer(refusal)}${since}: they are lost, and a new consent is needed: homologa login --target ${target}`,
    );
  }

  async function takeOfRun(bank: BankUnderTest, share: GrantShare): Promise<HeldTokens | null> {
    if (heldOf(ofRun) === null) return null;
    // What a scenario that may be given such a grant does to it shows in a refresh alone.
    const refusal = share === 'run' ? await renew(ofRun, bank) : await renewWhereNeeded(ofRun, bank);
    return refusal === null ? heldOf(ofRun) : null;
  }

  const adopt = (ledger: GrantLedger, tokens: HeldTokens, { expiresIn }: TokenAnswer): Promise<void> =>
    ledger.adopt(tokenSetOf({ ...tokens, expiresIn }, clock()));

  return {
    place,
    begin: (bank) => (begun ??= begin(bank)),
    async take(bank, { share, by }) {
      if (bank.control !== null || share === 'own') return null;
      await (begun ??= begin(bank));
      const held = (share === 'kept' ? await takeKept(bank, by) : null) ?? (await takeOfRun(bank, share));
      learn(held);
      return held;
    },
    has: (share) => (share === 'kept' && heldOf(kept) !== null) || (share !== 'own' && heldOf(ofRun) !== null),
    put: (tokens, answer) => adopt(ofRun, tokens, answer),
    async hold() {
      await prepare?.().catch((error: unknown) => {
        throw storeFailure(target, error);
      });
      await kept.hold();
    },
    async keep(tokens, answer) {
      await adopt(kept, tokens, answer);
      if (kept.grant === null) throw new HarnessFault('A grant that was kept is not there.');
      return kept.grant;
    },
    forget: () => kept.forget(),
    async verify() {
      if (lastUse === null || heldOf(kept) === null || interruption.signal.aborted) return null;
      const { bank, by } = lastUse;
      try {
        if ((await renewWhereNeeded(kept, bank)) === null) return null;
        const { message } = new ConsentNeededError(target, 'refresh-refused');
        return `${message} The last scenario that used them was ${by}.`;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    release: () => kept.release(),
    guard: (transport) => kept.guard(ofRun.guard(transport)),
  };
}

/**
 * Whether the API takes an access token, or at least does not refuse it. A bank may say of a dead one that it is forbidden, and
 * one that limits calls may count by token; an API that does not answer has said nothing.
 */
async function isTaken(bank: BankUnderTest, accessToken: string): Promise<boolean> {
  try {
    const { status } = await callResource(bank, `Bearer ${accessToken}`);
    return ![401, 403, 429].includes(status);
  } catch (error) {
    if (error instanceof TransportError) return false;
    throw error;
  }
}

/** The tokens of a grant that lives; null where there is none. */
function heldOf({ grant }: GrantLedger): HeldTokens | null {
  if (grant?.status !== 'active') return null;
  const { accessToken, refreshToken, scope } = grant.tokens;
  return refreshToken === null ? null : { accessToken, refreshToken, scope: scope ?? '', idToken: null };
}

function learn(held: HeldTokens | null): void {
  if (held === null) return;
  runRedactor().learn('access_token', held.accessToken);
  runRedactor().learn('refresh_token', held.refreshToken);
}
