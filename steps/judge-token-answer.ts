import { CheckFailure, expectThat } from './check-failure.js';
import { describeTokenAnswer } from './token-answer.js';
import type { TokenAnswer } from './token-answer.js';

/** A usable access token came, as Bearer. @throws CheckFailure */
export function expectAccessToken(answer: TokenAnswer): string {
  const { http, accessToken, tokenType } = answer;
  if (http.status !== 200 || accessToken === null) throw new CheckFailure('tokens', describeTokenAnswer(answer));
  expectThat(
    tokenType?.toLowerCase() === 'bearer',
    'token_type Bearer',
    tokenType === null ? 'no token_type' : `token_type ${tokenType}`,
  );
  return accessToken;
}

/** Access and refresh token came. @throws CheckFailure */
export function expectTokens(answer: TokenAnswer): { readonly accessToken: string; readonly refreshToken: string } {
  const accessToken = expectAccessToken(answer);
  const { refreshToken } = answer;
  if (refreshToken === null) throw new CheckFailure('a refresh token', 'an access token alone');
  return { accessToken, refreshToken };
}

/** The token endpoint refused, for the right cause (RFC 6749 section 5.2). @throws CheckFailure */
export function expectRefusal(answer: TokenAnswer, status: number, error: string, because: string): void {
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
