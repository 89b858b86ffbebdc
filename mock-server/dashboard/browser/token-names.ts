import type { GrantLife } from './api-types.js';

type TokenLife = GrantLife['tokens'][number];

const names = { code: 'Code', 'access-token': 'Access token', 'refresh-token': 'Refresh token' } as const;

/** What a token of a list is called: its kind and which of its kind it is, in the order in which they were given. */
export function tokenNames(tokens: readonly TokenLife[]): string[] {
  const counts = new Map<string, number>();
  return tokens.map(({ kind }) => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${names[kind]} ${String(count)}`;
  });
}
