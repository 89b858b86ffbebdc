/** Where a text stops being JSON; `line` and `column` begin with 1. */
export interface JsonFault {
  readonly index: number;
  readonly line: number;
  readonly column: number;
}

const space = /[ \t\r\n]*/y;
const scalar = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const stringEnd = /["\\\x00-\x1f]/g;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** The first place at which a text that is not JSON (RFC 8259) goes wrong; its end where something is missing. */
export function findJsonFault(text: string): JsonFault {
  const index = scan(text);
  const before = text.slice(0, index).split('\n');
  return { index, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What may come next: a value, a value or the end of an empty list, a name, …; one state for each open bracket. */
type Expectation = 'value' | 'first-item' | 'first-name' | 'name' | 'colon' | 'after';

function scan(text: string): number {
  const open: ('{' | '[')[] = [];
  let expectation: Expectation = 'value';
  let index = 0;
  for (;;) {
    index = end(space, text, index) ?? index;
    const character = text.charAt(index);
    const inObject = open.at(-1) === '{';
    if (expectation === 'after' && open.length === 0) return index;
    if (character === '') return index;
    const closes = character === (inObject ? '}' : ']') && open.length > 0;
    if (closes && expectation !== 'value' && expectation !== 'name' && expectation !== 'colon') {
      open.pop();
      expectation = 'after';
      index += 1;
    } else if (expectation === 'after') {
      if (character !== ',') return index;
      expectation = inObject ? 'name' : 'value';
      index += 1;
    } else if (expectation === 'colon') {
      if (character !== ':') return index;
      expectation = 'value';
      index += 1;
    } else if (expectation === 'name' || expectation === 'first-name') {
      if (character !== '"') return index;
      const after = endOfString(text, index);
      if (after.fault) return after.index;
      expectation = 'colon';
      index = after.index;
    } else if (character === '{' || character === '[') {
      open.push(character);
      expectation = character === '{' ? 'first-name' : 'first-item';
      index += 1;
    } else {
      const after = character === '"' ? endOfString(text, index) : endOfScalar(text, index);
      if (after.fault) return after.index;
      expectation = 'after';
      index = after.index;
    }
  }
}

function endOfScalar(text: string, from: number): { fault: boolean; index: number } {
  const index = end(scalar, text, from);
  return { fault: index === null, index: index ?? from };
}

function endOfString(text: string, from: number): { fault: boolean; index: number } {
  let index = from + 1;
  for (;;) {
    stringEnd.lastIndex = index;
    const match = stringEnd.exec(text);
    if (match === null) return { fault: true, index: text.length };
    if (match[0] === '"') return { fault: false, index: match.index + 1 };
    const after = match[0] === '\\' ? end(escape, text, match.index) : null;
    if (after === null) return { fault: true, index: match.index };
    index = after;
  }
}

function end(pattern: RegExp, text: string, from: number): number | null {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : null;
}
