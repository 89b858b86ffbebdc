import * as v from 'valibot';

/** How JSON is laid out: without any white space, in one line with spaces, or in lines that end in LF or CRLF. */
export const whitespaceClasses = ['compact', 'spaced', 'lines-lf', 'lines-crlf'] as const;
export type WhitespaceClass = (typeof whitespaceClasses)[number];

/** The form of a JSON body: all that is not its values. */
export const jsonFormSchema = v.object({
  whitespace: v.picklist(whitespaceClasses),
  /**
   * Path and type of every member in the body's order; elements of an array are `[]`, their forms as one. Types are
   * those of JSON, and `jwt`.
   */
  members: v.array(v.tuple([v.string(), v.string()])),
});
export type JsonForm = v.InferOutput<typeof jsonFormSchema>;

const string = /"(?:[^"\\]|\\.)*"/g;
const jwt = /^eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
const deepest = 12;
const mostMembers = 500;

/** The form of a text; null where it is not JSON of an object or array. */
export function jsonForm(text: string): JsonForm | null {
  const start = text.trimStart().slice(0, 1);
  if (start !== '{' && start !== '[') return null;
  try {
    const value: unknown = JSON.parse(text);
    return { whitespace: whitespaceClass(text), members: membersOf(value) };
  } catch {
    return null;
  }
}

/** How a JSON text is laid out; white space within strings and around the whole does not count. */
export function whitespaceClass(json: string): WhitespaceClass {
  const bare = json.trim().replace(string, '""');
  if (bare.includes('\r\n')) return 'lines-crlf';
  if (bare.includes('\n')) return 'lines-lf';
  return /[ \t]/.test(bare) ? 'spaced' : 'compact';
}

/** Path and type of every member, in order. */
export function membersOf(value: unknown): [string, string][] {
  const found = new Map<string, string>();
  collect(value, '', found, 0);
  return [...found];
}

function collect(value: unknown, path: string, found: Map<string, string>, depth: number): void {
  if (found.size >= mostMembers) return;
  const type = typeOf(value);
  // Of elements that differ, what is not null says more.
  if (path !== '' && (!found.has(path) || found.get(path) === 'null')) found.set(path, type);
  if (depth >= deepest) return;
  if (Array.isArray(value)) {
    for (const element of value) collect(element, `${path}[]`, found, depth + 1);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      collect(member, path === '' ? name : `${path}.${name}`, found, depth + 1);
    }
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'string' && jwt.test(value)) return 'jwt';
  return Array.isArray(value) ? 'array' : typeof value;
}
