import * as v from 'valibot';

/** One member of a document that is not what it should be. */
export interface MemberProblem {
  /** Such as `bs2.rateLimit.window` or `clients[0].scope`; empty for the document itself. */
  readonly path: string;
  readonly expected: string;
  /** What came, shortened; values of secret members are not repeated. */
  readonly received: string;
}

export type StrictResult<T> =
  | { readonly kind: 'valid'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problems: readonly MemberProblem[] };

const depthLimit = 32;
const problemLimit = 50;
const secretMember = /(?:^|\.)(?:value|secret|password|totpSecret|refreshToken|accessToken|code|basic|headers\.[^.]*)$/;

/**
 * Parses a document; every member that is unknown, missing or wrong is named. Members called as something that every
 * object inherits (`__proto__`, `constructor`) are unknown too.
 */
export function parseStrictly<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
): StrictResult<v.InferOutput<Schema>> {
  const foreign = findForeignMember(value);
  if (foreign !== null) return { kind: 'invalid', problems: [foreign] };
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  if (result.success) return { kind: 'valid', value: result.output };
  const problems = result.issues.flatMap((issue) => describeIssue(issue, ''));
  return { kind: 'invalid', problems: problems.slice(0, problemLimit) };
}

/** One line for a problem: `settings.journalSize: expected …, got …`. */
export function sentence({ path, expected, received }: MemberProblem, root = 'the body'): string {
  return `${path === '' ? root : path}: expected ${expected}, got ${received}`;
}

function findForeignMember(value: unknown, path = '', depth = 0): MemberProblem | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth > depthLimit) {
    return { path, expected: `at most ${String(depthLimit)} levels of nesting`, received: 'more' };
  }
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    const memberPath = isList ? `${path}[${key}]` : join(path, key);
    if (!isList && key in Object.prototype) {
      return { path: memberPath, expected: 'no member of this name', received: JSON.stringify(key) };
    }
    const found = findForeignMember(member, memberPath, depth + 1);
    if (found !== null) return found;
  }
  return null;
}

function describeIssue(issue: v.BaseIssue<unknown>, base: string): MemberProblem[] {
  const path = (issue.path ?? []).reduce(
    (joined, item) =>
      typeof item.key === 'number' ? `${joined}[${String(item.key)}]` : join(joined, String(item.key)),
    base,
  );
  // Of a union's options the one whose members were looked at is the one that was meant.
  const inner = (issue.issues ?? []).filter((option) => option.path !== undefined && !Array.isArray(issue.input));
  if (inner.length > 0) return inner.flatMap((option) => describeIssue(option, path));
  return [{ path, expected: expectation(issue), received: reception(issue, path) }];
}

function expectation(issue: v.BaseIssue<unknown>): string {
  if (issue.kind === 'validation') return issue.message;
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'no member of this name';
  if (issue.type === 'never') return issue.message;
  if (issue.received === 'undefined')
    return isObject(issue) ? 'this member, which is required' : typeName(issue.expected);
  return typeName(issue.expected);
}

function isObject(issue: v.BaseIssue<unknown>): boolean {
  return issue.type === 'strict_object' || issue.type === 'object' || issue.type === 'variant';
}

function typeName(expected: string | null): string {
  const names = (expected ?? 'something else').replaceAll(/^\(|\)$/g, '').split(' | ');
  const words = names.map((name) => typeWords[name] ?? name);
  return words.length === 1 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.slice(-1).join('')}`;
}

const typeWords: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
};

function reception(issue: v.BaseIssue<unknown>, path: string): string {
  if (issue.received === 'undefined') return 'nothing';
  const unknownMember = issue.type === 'strict_object' && issue.expected === 'never';
  if (!unknownMember && secretMember.test(path)) return 'a value that is not repeated here';
  const received = typeWords[issue.received] ?? issue.received;
  return received.length > 100 ? `${received.slice(0, 100)}…` : received;
}

function join(path: string, key: string): string {
  const name = /^[\w-]{1,80}$/.test(key) ? key : JSON.stringify(key.slice(0, 80));
  return path === '' ? name : `${path}.${name}`;
}
