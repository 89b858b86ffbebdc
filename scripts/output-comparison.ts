import { literalPattern } from '../foundation/literal-pattern.js';

/** What differs from run to run, and the same value of whose kind stands for it. All else is compared word for word. */
const kinds = [
  { name: 'instant', pattern: String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z`, isName: false },
  { name: 'folder', pattern: String.raw`\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(?=-)`, isName: false },
  { name: 'date', pattern: String.raw`\b\d{4}-\d\d-\d\d\b`, isName: false },
  // Credentials of the package begin with zeros, and are the same each time.
  {
    name: 'guid',
    pattern: String.raw`(?!00000000-)\b[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\b`,
    isName: true,
  },
  { name: 'jwt', pattern: String.raw`\beyJ[\w-]+\.[\w-]+\.[\w-]+`, isName: true },
  { name: 'port', pattern: String.raw`(?<=//127\.0\.0\.1:)\d+`, isName: true },
  { name: 'seconds', pattern: String.raw`\b\d+\.\d(?= s\b)`, isName: false },
] as const;

const gap = '…';
const token = new RegExp(
  [...kinds.map(({ name, pattern }) => `(?<${name}>${pattern})`), `(?<gap>${gap})`].join('|'),
  'g',
);

/** The first shown line that does not hold, and what came in its place; null where nothing like it came. */
export interface OutputDifference {
  readonly shown: string;
  readonly got: string | null;
}

interface ShownLine {
  readonly text: string;
  readonly pattern: RegExp;
  /** For each value of the pattern what the page shows, where it is a name: it means the same thing each time. */
  readonly names: readonly (string | null)[];
}

type Meanings = ReadonlyMap<string, string>;

/**
 * Compares what a page shows with what a command printed. The shown lines stand together in the output; where the page has
 * a line of `…` alone, one or more were left out, and `…` within a line is some text. Ids, JWTs and ports of loopback
 * mean one thing each throughout a page's excerpt: two that are alike there are alike in the output, and two that differ, differ.
 *
 * @returns null where it holds
 */
export function compareOutput(shown: string, printed: string): OutputDifference | null {
  const passages: ShownLine[][] = [[]];
  for (const text of shown.trimEnd().split('\n')) {
    if (text.trim() === gap) passages.push([]);
    else passages.at(-1)?.push(readLine(text.trimEnd()));
  }
  const lines = printed.split(/\r?\n/).map((line) => line.trimEnd());
  const search = { lines, farthest: -1, difference: null as OutputDifference | null };
  return place(search, passages, { passage: 0, from: 0, passed: 0 }, new Map()) ? null : search.difference;
}

function readLine(text: string): ShownLine {
  let pattern = '';
  let end = 0;
  const names: (string | null)[] = [];
  for (const found of text.matchAll(token)) {
    pattern += literalPattern(text.slice(end, found.index));
    end = found.index + found[0].length;
    const kind = kinds.find(({ name }) => found.groups?.[name] !== undefined);
    pattern += kind === undefined ? '.+' : `(${kind.pattern})`;
    if (kind !== undefined) names.push(kind.isName ? found[0] : null);
  }
  return { text, pattern: new RegExp(`^${pattern}${literalPattern(text.slice(end))}$`), names };
}

interface Search {
  readonly lines: readonly string[];
  /** How many shown lines held at the best try, and where that one ended. */
  farthest: number;
  difference: OutputDifference | null;
}

interface Place {
  readonly passage: number;
  readonly from: number;
  readonly passed: number;
}

/** Whether the passages from this one on are found, one behind the other, wherever that may be. */
function place(search: Search, passages: readonly (readonly ShownLine[])[], at: Place, meanings: Meanings): boolean {
  const passage = passages[at.passage];
  if (passage === undefined) return true;
  const next = { passage: at.passage + 1, passed: at.passed + passage.length };
  // A gap at the beginning leaves out at least one line, too.
  if (passage.length === 0) return place(search, passages, { ...next, from: at.from + 1 }, meanings);
  for (let start = at.from; start < search.lines.length; start += 1) {
    const meant = holds(search, passage, { ...at, from: start }, meanings);
    if (meant === null) continue;
    if (place(search, passages, { ...next, from: start + passage.length + 1 }, meant)) return true;
  }
  if (at.passed > search.farthest) {
    search.farthest = at.passed;
    search.difference = { shown: passage[0]?.text ?? '', got: null };
  }
  return false;
}

/** What names mean when all lines of a passage hold from a place on; null where they do not. */
function holds(search: Search, passage: readonly ShownLine[], at: Place, before: Meanings): Meanings | null {
  let meanings = before;
  for (const [index, line] of passage.entries()) {
    const printed = search.lines[at.from + index];
    const meant = printed === undefined ? null : meaningsOf(line, printed, meanings);
    if (meant === null) {
      if (index > 0 && at.passed + index > search.farthest) {
        search.farthest = at.passed + index;
        search.difference = { shown: line.text, got: printed ?? null };
      }
      return null;
    }
    meanings = meant;
  }
  return meanings;
}

function meaningsOf({ pattern, names }: ShownLine, printed: string, before: Meanings): Meanings | null {
  const values = pattern.exec(printed)?.slice(1);
  if (values === undefined) return null;
  const meanings = new Map(before);
  for (const [index, value] of values.entries()) {
    const name = names[index] ?? null;
    if (name === null) continue;
    const isTaken = [...meanings].some(([other, meant]) => (other === name) !== (meant === value));
    if (isTaken) return null;
    meanings.set(name, value);
  }
  return meanings;
}
