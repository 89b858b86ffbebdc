import { CheckFailure, expectThat, PrerequisiteFailure } from './check-failure.js';
import { describeTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** Errors that say that the bank did not even look at the code, the refresh token or the scope. */
const requestErrors: readonly (string | null)[] = ['invalid_client', 'unsupported_grant_type'];

/** The bank knows the client and the grant type, whatever it makes of the rest. @throws CheckFailure */
export function expectTaken(answer: TokenAnswer): void {
  const isTaken = !requestErrors.includes(answer.error);
  expectThat(isTaken, 'a known client and grant type', describeTokenAnswer(answer));
}

/** The bank knows the grant type, whatever it makes of the rest. @throws CheckFailure; PrerequisiteFailure for an unknown client */
export function expectGrantType(answer: TokenAnswer): void {
  requireTaken(answer, 'unsupported_grant_type');
  expectThat(answer.error !== 'unsupported_grant_type', 'a known grant type', describeTokenAnswer(answer));
}

/** @throws PrerequisiteFailure where the bank takes no request at all of this client or grant type */
export function requireTaken(answer: TokenAnswer, expectedError: string | null = null): void {
  if (answer.error === expectedError || !requestErrors.includes(answer.error)) return;
  throw new PrerequisiteFailure('a client and a grant type that the bank takes', describeTokenAnswer(answer));
}

/** A usable access token came. @throws CheckFailure; PrerequisiteFailure where the bank takes no such request at all */
export function expectAccessToken(answer: TokenAnswer): string {
  requireTaken(answer);
  const { http, accessToken } = answer;
  if (http.status !== 200 || accessToken === null) throw new CheckFailure('tokens', describeTokenAnswer(answer));
  return accessToken;
}

/** The token_type is Bearer, in whatever case. @throws CheckFailure */
export function expectBearer({ tokenType }: TokenAnswer): void {
  const came = tokenType === null ? 'no token_type' : `token_type ${tokenType}`;
  expectThat(tokenType?.toLowerCase() === 'bearer', 'token_type Bearer', came);
}

/** The access token of an answer about which something else is judged. @throws PrerequisiteFailure */
export function requireAccessToken(answer: TokenAnswer): string {
  const { http, accessToken } = answer;
  if (http.status === 200 && accessToken !== null) return accessToken;
  throw new PrerequisiteFailure('tokens', describeTokenAnswer(answer));
}

/** Both tokens of an answer about which something else is judged. @throws PrerequisiteFailure */
export function requireTokens(answer: TokenAnswer): { readonly accessToken: string; readonly refreshToken: string } {
  const accessToken = requireAccessToken(answer);
  const { refreshToken } = answer;
  if (refreshToken === null) throw new PrerequisiteFailure('a refresh token', 'an access token alone');
  return { accessToken, refreshToken };
}

/**
 * The token endpoint refused, for the right cause (RFC 6749 section 5.2).
 *
 * @throws CheckFailure; PrerequisiteFailure where it refuses for the client or the grant type, and did not look further
 */
export function expectRefusal(answer: TokenAnswer, status: number, error: string, because: string): void {
  requireTaken(answer, error);
  const { http } = answer;
  const refused = http.status === status && answer.error === error && answer.accessToken === null;
  expectThat(refused, `${String(status)} ${error}, ${because}`, describeTokenAnswer(answer));
}

/** 401 `invalid_client`, with a challenge where the client used the `Authorization` header. @throws CheckFailure */
export function expectClientRefused(answer: TokenAnswer): void {
  expectRefusal(answer, 401, 'invalid_client', 'the client did not prove who it is');
  const challenge = answer.http.headers.get('www-authenticate');
  expectThat(
    challenge !== null && /^basic\b/i.test(challenge),
    'a WWW-Authenticate header for Basic',
    challenge === null ? 'none' : 'one for another scheme',
  );
}

/** Refused for coming too often, in whatever way, but not as if the grant were over. @throws CheckFailure */
export function expectTooOften(answer: TokenAnswer): void {
  const { http, accessToken, error } = answer;
  const blamesOther = error === 'invalid_grant' || error === 'invalid_client';
  expectThat(
    http.status >= 400 && accessToken === null && !blamesOther,
    'a refusal for coming too often',
    describeTokenAnswer(answer),
  );
}
