import type { AnswerDifference } from './compare-answers.js';
import type { MaskedJwt } from './masked-jwt.js';

/** What the claims and headers of two JWTs of the same token are called, and how they are signed. */
export function compareClaims(token: string, mock: MaskedJwt | null, other: MaskedJwt | null): AnswerDifference[] {
  if (mock === null || other === null) return [];
  const why = 'the mock’s tokens have no such setting';
  const names = new Set([...mock.claims.keys(), ...other.claims.keys()]);
  const claims = [...names].filter((name) => !isScope(name) && mock.claims.has(name) !== other.claims.has(name));
  const shown = (jwt: MaskedJwt, name: string): string => (jwt.claims.has(name) ? '(present)' : '(absent)');
  const differences = claims.map((name) => ({
    aspect: `claim.${token}.${name}`,
    mock: shown(mock, name),
    other: shown(other, name),
    change: null,
    why,
  }));
  const headers = ['alg', 'typ'].flatMap((name): AnswerDifference[] => {
    const word = (jwt: MaskedJwt): string => {
      const value = jwt.header.get(name);
      return typeof value === 'string' ? value : '(absent)';
    };
    if (word(mock) === word(other)) return [];
    return [{ aspect: `jwt-header.${token}.${name}`, mock: word(mock), other: word(other), change: null, why }];
  });
  return [...differences, ...headers];
}

/** BTG names claims after scopes, and those are the client's. */
function isScope(claim: string): boolean {
  return /[/:]/.test(claim);
}
