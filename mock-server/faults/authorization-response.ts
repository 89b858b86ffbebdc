import type { Answer } from '../banks/exchange.js';
import { headerOf } from '../mutants/answer-changes.js';

/** Names and values of an authorization response, in the order in which they are written. */
export type ResponseParameters = readonly (readonly [name: string, value: string])[];

/** The redirect that takes the user back to the partner, taken apart. */
export interface AuthorizationResponse {
  /** The redirect_uri with its own query, which no alteration touches. */
  readonly redirectUri: string;
  /** What the bank added. */
  readonly parameters: ResponseParameters;
}

/** Reads an authorization response from its `Location`; null where it carries neither a code nor an error. */
export function readAuthorizationResponse(answer: Answer): AuthorizationResponse | null {
  const location = headerOf(answer, 'location') ?? '';
  const start = location.indexOf('?') + 1;
  if (start === 0) return null;
  const pairs = location.slice(start).split('&');
  // Every bank writes its result first; what stands before is the redirect_uri's own.
  const first = pairs.findLastIndex((pair) => pair.startsWith('code=') || pair.startsWith('error='));
  if (first < 0) return null;
  return {
    redirectUri: `${location.slice(0, start)}${pairs.slice(0, first).join('&')}${first === 0 ? '' : '&'}`,
    parameters: pairs.slice(first).map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [name, decodeURIComponent(value.join('='))];
    }),
  };
}

/** The same redirect with another response. */
export function withAuthorizationResponse(answer: Answer, response: AuthorizationResponse): Answer {
  const query = response.parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  const location = `${response.redirectUri}${query}`;
  return { ...answer, headers: answer.headers.map(([name, value]) => [name, name === 'location' ? location : value]) };
}

/** The value of a parameter; null where it is absent. */
export function parameterOf({ parameters }: AuthorizationResponse, wanted: string): string | null {
  return parameters.find(([name]) => name === wanted)?.[1] ?? null;
}

/** The response with a parameter changed where it stands; null where it is absent. */
export function withParameter(
  response: AuthorizationResponse,
  wanted: string,
  change: (value: string) => string,
): AuthorizationResponse | null {
  if (parameterOf(response, wanted) === null) return null;
  const parameters = response.parameters.map(
    ([name, value]) => [name, name === wanted ? change(value) : value] as const,
  );
  return { ...response, parameters };
}

/** The response without a parameter; null where it is absent already. */
export function withoutParameter(response: AuthorizationResponse, unwanted: string): AuthorizationResponse | null {
  if (parameterOf(response, unwanted) === null) return null;
  return { ...response, parameters: response.parameters.filter(([name]) => name !== unwanted) };
}
