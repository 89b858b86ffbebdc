import type { ObservedAnswer } from './observed-answer.js';

/** An answer of either run to the same request of the same step; null where only the other run has it. */
export type AnswerPair =
  | { readonly a: ObservedAnswer; readonly b: ObservedAnswer }
  | { readonly a: ObservedAnswer; readonly b: null }
  | { readonly a: null; readonly b: ObservedAnswer };

/**
 * Pairs the answers of one step. Requests of a program are paired kind by kind, in their order; those that ran at the
 * same time have none, and are paired by status. Banks have different pages for the same consent, so that pages are
 * paired where method and status agree, and otherwise only where the statuses of a method differ altogether.
 */
export function pairAnswers(a: readonly ObservedAnswer[], b: readonly ObservedAnswer[]): readonly AnswerPair[] {
  const isPage = ({ endpoint }: ObservedAnswer): boolean => endpoint === 'pages' || endpoint === 'authorize';
  const programs = pairByKey(
    a.filter((answer) => !isPage(answer)),
    b.filter((answer) => !isPage(answer)),
    ({ endpoint, method, grantType }) => `${endpoint} ${method} ${usualGrant(grantType)}`,
  );
  return [...programs, ...pairPages(a.filter(isPage), b.filter(isPage))];
}

function pairByKey(
  a: readonly ObservedAnswer[],
  b: readonly ObservedAnswer[],
  keyOf: (answer: ObservedAnswer) => string,
): AnswerPair[] {
  const keys = new Set([...a, ...b].map(keyOf));
  return [...keys].flatMap((key) => {
    const of = (answers: readonly ObservedAnswer[]) => answers.filter((answer) => keyOf(answer) === key);
    const raced = overlap(of(a)) || overlap(of(b));
    return zip(raced ? byStatus(of(a)) : of(a), raced ? byStatus(of(b)) : of(b));
  });
}

function pairPages(a: readonly ObservedAnswer[], b: readonly ObservedAnswer[]): AnswerPair[] {
  // Consents that a control API or a person gave leave no pages behind.
  if (a.length === 0 || b.length === 0) return [];
  const alike = ({ endpoint, method, status }: ObservedAnswer): string => `${endpoint} ${method} ${String(status)}`;
  const keys = new Set(a.map(alike));
  const shared = new Set(b.map(alike).filter((key) => keys.has(key)));
  const sharing = (answers: readonly ObservedAnswer[]) => answers.filter((answer) => shared.has(alike(answer)));
  const pairs = pairByKey(sharing(a), sharing(b), alike).filter(
    ({ a: one, b: other }) => one !== null && other !== null,
  );
  const loose = (answers: readonly ObservedAnswer[]) => answers.filter((answer) => !shared.has(alike(answer)));
  const others = pairByKey(loose(a), loose(b), ({ endpoint, method }) => `${endpoint} ${method}`);
  return [...pairs, ...others.filter(({ a: one, b: other }) => one !== null && other !== null)];
}

/** What is no grant type may be masked in one run and not in the other. */
function usualGrant(grantType: string | null): string {
  const isUsual = /^(authorization_code|refresh_token|client_credentials|password)$/.test(grantType ?? '');
  return isUsual ? (grantType ?? '') : '';
}

function zip(a: readonly ObservedAnswer[], b: readonly ObservedAnswer[]): AnswerPair[] {
  const pairs: AnswerPair[] = [];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const [one, other] = [a[index], b[index]];
    if (one !== undefined) pairs.push({ a: one, b: other ?? null });
    else if (other !== undefined) pairs.push({ a: null, b: other });
  }
  return pairs;
}

function overlap(answers: readonly ObservedAnswer[]): boolean {
  return answers.some((answer, index) => {
    const next = answers[index + 1];
    return next !== undefined && next.startsAtMs < answer.endsAtMs;
  });
}

function byStatus(answers: readonly ObservedAnswer[]): readonly ObservedAnswer[] {
  return [...answers].sort((one, other) => (one.status ?? 0) - (other.status ?? 0));
}
