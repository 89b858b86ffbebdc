import type { Answer } from '../banks/exchange.js';

/** The value of a header; undefined where it is absent. */
export function headerOf(answer: Answer, wanted: string): string | undefined {
  return answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** An answer without some of its headers. */
export function withoutHeaders(answer: Answer, ...unwanted: readonly string[]): Answer {
  return { ...answer, headers: answer.headers.filter(([name]) => !unwanted.includes(name.toLowerCase())) };
}

/** An answer with a header in the place of those of its name. */
export function withHeader(answer: Answer, name: string, value: string): Answer {
  const rest = withoutHeaders(answer, name);
  return { ...rest, headers: [...rest.headers, [name, value]] };
}

/** The same answer in plain text. */
export function asPlainText(answer: Answer, body: string): Answer {
  return { ...withHeader(answer, 'content-type', 'text/plain;charset=UTF-8'), body };
}

/** Whether an answer is a page for people. */
export function isPage(answer: Answer): boolean {
  return headerOf(answer, 'content-type')?.startsWith('text/html') === true;
}
