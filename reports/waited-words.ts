import type { Results, WaitingKind } from './results.js';

type Language = 'en' | 'pt';

const waitingNames: Readonly<Record<WaitingKind, Readonly<Record<Language, string>>>> = {
  pace: { en: 'the bank’s rate limit', pt: 'do limite de requisições do banco' },
  secondFactor: { en: 'the next code of the app', pt: 'do próximo código do app' },
  person: { en: 'a person', pt: 'de uma pessoa' },
};

/** ` (312.4 s waiting for the bank’s rate limit)`; nothing where nothing was waited for. */
export function waitedIn({ waitedMs }: Pick<Results['run'], 'waitedMs'>, language: Language = 'en'): string {
  const waiting = language === 'en' ? 'waiting for' : 'à espera';
  const parts = (['pace', 'secondFactor', 'person'] as const).flatMap((kind) => {
    const ms = waitedMs[kind] ?? 0;
    return ms < 50 ? [] : [`${secondsIn(ms, language)} ${waiting} ${waitingNames[kind][language]}`];
  });
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

/** `50.0 s`, or `50,0 s`, of milliseconds. */
export function secondsIn(ms: number, language: Language): string {
  const seconds = (ms / 1000).toFixed(1);
  return `${language === 'en' ? seconds : seconds.replace('.', ',')} s`;
}
