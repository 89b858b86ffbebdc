import type { JsonLayout } from '../tenants/wire-rule.js';

const memberStart = /^(\s*"(?:[^"\\]|\\.)*"): /gm;
const string = /"(?:[^"\\]|\\.)*"/g;

/** A value as JSON of that layout; `like` is a text whose habit of spaces after colons is kept in lines. */
export function layOutJson(value: unknown, layout: JsonLayout, like = ''): string {
  switch (layout) {
    case 'compact':
      return JSON.stringify(value);
    case 'spaced':
      return spaced(value);
    case 'lines-lf':
      return lines(value, like);
    case 'lines-crlf':
      return lines(value, like).replaceAll('\n', '\r\n');
  }
}

/** How a JSON text is laid out. */
export function layoutOf(json: string): JsonLayout {
  const bare = json.trim().replace(string, '""');
  if (bare.includes('\r\n')) return 'lines-crlf';
  if (bare.includes('\n')) return 'lines-lf';
  return /[ \t]/.test(bare) ? 'spaced' : 'compact';
}

function lines(value: unknown, like: string): string {
  const text = JSON.stringify(value, null, 2);
  const isTight = like.replace(string, '""').includes('":"');
  return isTight ? text.replace(memberStart, '$1:') : text;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}: ${spaced(member)}`)
    .join(', ')}}`;
}
