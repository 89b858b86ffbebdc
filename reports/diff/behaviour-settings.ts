import type { ScenarioBank } from '../scenario-tags.js';
import type { AnswerDifference } from './compare-answers.js';
import type { BankPatch, ComparedAnswers, SettingsPatch } from './mock-settings.js';

/** How a scenario ends, by its id without the bank, at a mock with a setting that is not the default. */
interface KnownEnd {
  readonly scenario: string;
  /** Absent for both. */
  readonly bank?: ScenarioBank;
  /** Of what the other run says of it: its verdict, and what it saw or noted. */
  readonly said: RegExp;
  readonly patch: BankPatch;
}

const worksAgain = /: 200 with (tokens|")/;

/** Each proved by runs of a mock with the setting and without (`steps/known-ends.test.ts`). */
export const knownEnds: readonly KnownEnd[] = [
  { scenario: 'refresh', bank: 'bs2', said: /an access token alone/, patch: { refreshTokenRotation: false } },
  { scenario: 'refresh-rotation', said: /an access token alone/, patch: { refreshTokenRotation: false } },
  { scenario: 'refresh-reuse-answer', said: /: 200 with tokens/, patch: { refreshTokenReuse: { grace: 'PT10S' } } },
  { scenario: 'refresh-reuse-aftermath', said: /: 400 /, patch: { refreshTokenReuse: 'revoke-grant' } },
  { scenario: 'code-reuse-revokes', said: worksAgain, patch: { codeReplayRevokesTokens: false } },
  { scenario: 'state-absent', said: /: (?!a redirect with code)/, patch: { requireState: true } },
  { scenario: 'scope-not-registered', said: /the bank’s login/, patch: { unregisteredScope: 'ignore' } },
  { scenario: 'scope-not-enabled', said: /the bank’s login/, patch: { unregisteredScope: 'ignore' } },
  { scenario: 'second-factor-replayed', said: /a redirect with code/, patch: { secondFactorReplay: 'accept' } },
  { scenario: 'consent-client-in-address', said: /\((400|401)\)/, patch: { clientIdentification: 'basic' } },
  { scenario: 'refresh-without-scope', said: /: 200 with tokens/, patch: { requireScopeOnRefresh: false } },
  { scenario: 'refresh-old-access-token', said: worksAgain, patch: { previousAccessTokenDies: 'never' } },
  { scenario: 'second-grant-access-token', said: /still works/, patch: { previousAccessTokenDies: 'grant' } },
  { scenario: 'metadata', said: /publishes metadata/, patch: { discovery: true } },
  { scenario: 'body-credentials', said: /: 200 with tokens/, patch: { bodyCredentials: true } },
  { scenario: 'consent-company', said: /failed: .*, /, patch: { companies: 'linked' } },
  { scenario: 'consent-developer', said: /failed: 403/, patch: { requireOperator: true } },
];

/** The settings of the mock with which a scenario ends as another bank was seen to end it; null where none is known. */
export function behaviourSettings(
  { id, bank }: { id: string; bank: ScenarioBank },
  said: string,
): SettingsPatch | null {
  const scenario = id.replace(/#.*$/, '').slice(bank.length + 1);
  const known = knownEnds.find(
    (end) => end.scenario === scenario && (end.bank ?? bank) === bank && end.said.test(said),
  );
  return known === undefined ? null : { [bank]: known.patch };
}

/** The setting of the mock that takes the decision behind a difference; null where it is a matter of the answer alone. */
export function decidingSetting(
  bank: ScenarioBank,
  { aspect, change }: AnswerDifference,
  pairs: readonly ComparedAnswers[],
): SettingsPatch | null {
  const areAll = (test: (pair: ComparedAnswers) => boolean): boolean => pairs.every(test);
  if (aspect === 'member.refresh_token' && change?.kind === 'omit-member') {
    const areRefreshes = areAll(({ mock }) => mock.grantType === 'refresh_token');
    return areRefreshes ? { [bank]: { refreshTokenRotation: false } } : null;
  }
  if (bank === 'bs2' && aspect === 'status' && change?.kind === 'status') {
    const areOverLimit = areAll(({ mock }) => mock.headers.has('retry-after') && mock.kind === 'none');
    return areOverLimit ? { bs2: { rateLimitStatus: change.status } } : null;
  }
  return null;
}
