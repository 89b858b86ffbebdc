const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** The scope tokens in order and without repetition, or null when one has a character that RFC 6749 3.3 forbids. */
export function parseScope(scope: string): string[] | null {
  const tokens = scope.split(' ').filter((token) => token !== '');
  if (tokens.length === 0 || !tokens.every((token) => scopeToken.test(token))) return null;
  return [...new Set(tokens)];
}

/** The tokens of `requested` that `allowed` holds, in the order requested. */
export function intersectScope(requested: readonly string[], allowed: readonly string[]): string[] {
  return requested.filter((token) => allowed.includes(token));
}

/** Whether every token of `requested` is in `allowed`. */
export function isScopeWithin(requested: readonly string[], allowed: readonly string[]): boolean {
  return requested.every((token) => allowed.includes(token));
}
