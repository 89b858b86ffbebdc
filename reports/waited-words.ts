import type { Results, WaitingKind } from './results.js';

const waitingNames: Readonly<Record<WaitingKind, string>> = {
  pace: 'the bank’s rate limit',
  secondFactor: 'the next code of the app',
  person: 'a person',
};

/** `, 312.4 s of it waiting for the bank’s rate limit`; nothing where nothing was waited for. */
export function waitedIn({ waitedMs }: Pick<Results['run'], 'waitedMs'>): string {
  const parts = (['pace', 'secondFactor', 'person'] as const).flatMap((kind) => {
    const ms = waitedMs[kind] ?? 0;
    return ms < 50 ? [] : [`${(ms / 1000).toFixed(1)} s waiting for ${waitingNames[kind]}`];
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
