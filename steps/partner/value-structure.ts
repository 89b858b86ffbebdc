/** The parts of values that were made alike, by their place; the same parts in each value. */
export type ValueParts = ReadonlyMap<string, readonly string[]>;

const deepest = 5;
const mostParts = 64;

/**
 * Takes values that an application made alike (its `state` of several connects) apart as far as they show their
 * making: JSON, JWT, base64 or hex of a readable text, percent-encoding, `a=b&c=d`, and fields between delimiters. A
 * reading counts only where it fits every value, so that random values are not taken for something else by chance.
 */
export function partsOf(values: readonly string[]): ValueParts {
  const parts = new Map<string, readonly string[]>();
  collect(values, '', 0, parts);
  return parts;
}

function collect(values: readonly string[], place: string, depth: number, into: Map<string, readonly string[]>): void {
  const split = depth < deepest && into.size < mostParts && new Set(values).size > 1 ? splitAll(values) : null;
  if (split === null) {
    into.set(place, values);
    return;
  }
  for (const [name, part] of split) collect(part, place === '' ? name : `${place}.${name}`, depth + 1, into);
}

type Split = ReadonlyMap<string, readonly string[]>;
type Reading = (value: string) => ReadonlyMap<string, string> | null;

function splitAll(values: readonly string[]): Split | null {
  for (const reading of readings) {
    const split = fitting(values.map(reading));
    if (split !== null) return split;
  }
  return delimiters.map((delimiter) => splitFields(values, delimiter)).find((split) => split !== null) ?? null;
}

/** The parts by name, where every value was read and into parts of the same names. */
function fitting(read: readonly (ReadonlyMap<string, string> | null)[]): Split | null {
  const [first] = read;
  if (first == null || first.size === 0) return null;
  const names = [...first.keys()];
  const split = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const parts of read) {
    if (parts?.size !== first.size) return null;
    for (const name of names) {
      const part = parts.get(name);
      if (part === undefined) return null;
      split.get(name)?.push(part);
    }
  }
  return split;
}

const one = (text: string | null): ReadonlyMap<string, string> | null =>
  text === null ? null : new Map([['text', text]]);

const readings: readonly Reading[] = [readJwt, readJson, readPercentEncoded, readPairs, readBase64, readHex];

function readJson(value: string): ReadonlyMap<string, string> | null {
  const json = /^\s*[[{"]/.test(value) ? parseJson(value) : undefined;
  if (typeof json === 'string') return one(json);
  if (typeof json !== 'object' || json === null) return null;
  return new Map(
    Object.entries(json).map(([name, member]: [string, unknown]) => [
      name,
      typeof member === 'string' ? member : JSON.stringify(member),
    ]),
  );
}

/** The claims and, where it is signed, the signature: nobody without the key makes that of another value. */
function readJwt(value: string): ReadonlyMap<string, string> | null {
  const [header, claims, signature, ...more] = value.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return null;
  const isHeader = parseJson(readable(Buffer.from(header, 'base64url')) ?? '') !== undefined;
  const text = readable(Buffer.from(claims, 'base64url'));
  if (!isHeader || text === null) return null;
  return new Map([
    ['claims', text],
    ['signature', signature],
  ]);
}

function readPercentEncoded(value: string): ReadonlyMap<string, string> | null {
  if (!/%[0-9A-Fa-f]{2}/.test(value)) return null;
  try {
    return one(decodeURIComponent(value));
  } catch {
    return null;
  }
}

function readPairs(value: string): ReadonlyMap<string, string> | null {
  if (!/^[A-Za-z_][\w.-]*=[^&=]+(?:&[A-Za-z_][\w.-]*=[^&=]*)*$/.test(value)) return null;
  return new Map(new URLSearchParams(value));
}

function readBase64(value: string): ReadonlyMap<string, string> | null {
  if (value.length < 6 || /^\d+$/.test(value) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return null;
  return one(readable(Buffer.from(value, 'base64url')));
}

function readHex(value: string): ReadonlyMap<string, string> | null {
  if (value.length < 8 || value.length % 2 > 0 || !/^[0-9A-Fa-f]+$/.test(value)) return null;
  return one(readable(Buffer.from(value, 'hex')));
}

/** Bytes as text, where they are one that people could have written. */
function readable(bytes: Buffer): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return text.length > 3 && !/[\p{Cc}\p{Cn}\p{Co}]/u.test(text) ? text : null;
  } catch {
    return null;
  }
}

const delimiters = ['|', ':', ';', ',', '~', '.', '/', ' ', '_', '-'];

/**
 * Fields between a delimiter. Some are letters of base64url, too: they delimit only where they stand at the same
 * places in every value, or leave a field that is the same in all or a number in all.
 */
function splitFields(values: readonly string[], delimiter: string): Split | null {
  const rows = values.map((value) => value.split(delimiter));
  const count = rows[0]?.length ?? 0;
  if (count < 2 || count > 16 || rows.some(({ length }) => length !== count)) return null;
  const fields = Array.from({ length: count }, (_, index) => rows.map((row) => row[index] ?? ''));
  const hasFixedPlaces = fields.every((field) => new Set(field.map(({ length }) => length)).size === 1);
  const hasPlainField = fields.some((field) => new Set(field).size === 1 || field.every((text) => /^\d+$/.test(text)));
  if (!hasFixedPlaces && !hasPlainField) return null;
  return new Map(fields.map((field, index) => [String(index + 1), field]));
}

function parseJson(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json;
  } catch {
    return undefined;
  }
}
