/** A reading of what was pasted. */
export interface Guise {
  readonly value: string;
  /** What had to be done to it; null for nothing. */
  readonly readAs: string | null;
}

type Step = readonly [readAs: string, read: (text: string) => string | null];

const steps: readonly Step[] = [
  ['without the white space around it', (text) => text.trim()],
  ['without its quotes', (text) => /^(["'`“”])([\s\S]+)["'`“”],?$/.exec(text)?.[2] ?? null],
  ['without the scheme before it', (text) => /^(?:authorization:\s*)?bearer\s+(\S+)$/i.exec(text)?.[1] ?? null],
  ['without the name before it', (text) => /^"?[A-Za-z_]{2,30}"?\s*[=:]\s*(\S[\s\S]*)$/.exec(text)?.[1] ?? null],
  ['percent-decoded', percentDecoded],
  ['with spaces for plus signs', (text) => (text.includes('+') ? text.replaceAll('+', ' ') : null)],
  ['with plus signs for spaces', (text) => (/\S \S/.test(text) ? text.replaceAll(' ', '+') : null)],
  ['without its line breaks', (text) => (/\s/.test(text) ? text.replaceAll(/\s/g, '') : null)],
  ['with its JSON escapes undone', jsonUnescaped],
  ['with its HTML escapes undone', (text) => (/&(amp|quot|#39|lt|gt);/.test(text) ? unescapeHtml(text) : null)],
  ['base64-decoded', base64Decoded],
];

/** So many readings are enough: each step can follow each other, and what is pasted may be anything. */
const limit = 200;

/**
 * A value as it stands, and then in every reading of it, those with the fewest steps first: what was copied from a log,
 * a header, an address or a page, encoded once or twice.
 */
export function* guisesOf(text: string): Iterable<Guise> {
  const seen = new Set([text]);
  let round: readonly { readonly value: string; readonly done: readonly string[] }[] = [{ value: text, done: [] }];
  for (let depth = 0; round.length > 0 && depth <= 4; depth += 1) {
    const next: { value: string; done: readonly string[] }[] = [];
    for (const { value, done } of round) {
      yield { value, readAs: done.length === 0 ? null : done.join(', ') };
      for (const [name, read] of steps) {
        const other = read(value);
        if (other === null || other === '' || seen.has(other) || seen.size >= limit) continue;
        seen.add(other);
        next.push({ value: other, done: [...done, name] });
      }
    }
    round = next;
  }
}

function percentDecoded(text: string): string | null {
  if (!/%[0-9A-Fa-f]{2}/.test(text)) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function jsonUnescaped(text: string): string | null {
  if (!text.includes('\\')) return null;
  try {
    const parsed: unknown = JSON.parse(`"${text}"`);
    return typeof parsed === 'string' ? parsed : null;
  } catch {
    return null;
  }
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** Only where text comes out that could be a value. */
function base64Decoded(text: string): string | null {
  if (text.length < 12 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return null;
  const decoded = Buffer.from(text, 'base64').toString('utf8');
  return /^[\x21-\x7E]{6,}$/.test(decoded) ? decoded : null;
}
