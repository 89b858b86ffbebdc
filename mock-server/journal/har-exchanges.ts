import * as v from 'valibot';
import { HomologaError } from '../../foundation/homologa-error.js';
import type { BankId } from '../banks/bank-id.js';
import type { Endpoint } from '../banks/exchange.js';
import { seeExchange } from './findings/seen-exchange.js';
import type { SeenExchange } from './findings/seen-exchange.js';

/** Thrown for what is no HTTP Archive; `cause` is `{ entry, member }`, each null where the fault is not within one. */
export class UnreadableHarError extends HomologaError {
  constructor(entry: number | null, member: string | null, message: string) {
    super('ERR_UNREADABLE_HAR', message, { cause: { entry, member } });
  }
}

const text = v.string();
const optionalText = v.optional(v.nullable(text), null);
const headersSchema = v.array(v.object({ name: text, value: text }));
const parametersSchema = v.optional(v.nullable(v.array(v.object({ name: text, value: optionalText }))), null);
const entrySchema = v.object({
  startedDateTime: v.pipe(
    text,
    v.check((value) => !Number.isNaN(Date.parse(value)), 'a date and time'),
  ),
  time: v.optional(v.nullable(v.number()), null),
  request: v.object({
    method: text,
    url: v.pipe(text, v.minLength(1)),
    headers: headersSchema,
    postData: v.optional(
      v.nullable(v.object({ text: optionalText, mimeType: optionalText, params: parametersSchema })),
      null,
    ),
  }),
  response: v.object({
    status: v.number(),
    headers: headersSchema,
    redirectURL: optionalText,
    /** What browsers, and archives of this project, note of an answer that broke off. */
    _error: optionalText,
    content: v.optional(v.nullable(v.object({ text: optionalText, encoding: optionalText })), null),
  }),
});
type HarEntry = v.InferOutput<typeof entrySchema>;

const harSchema = v.object({ log: v.object({ entries: v.array(v.unknown()) }) });

/** What a recording holds of a bank: the exchanges, and how much else there was. */
export interface HarReading {
  readonly exchanges: readonly SeenExchange[];
  /** All entries of the archive. */
  readonly entryCount: number;
  /** How many of the others look like the other bank's. */
  readonly otherBankCount: number;
}

/**
 * Reads the exchanges with a bank out of an HTTP Archive 1.2: of a browser, of a proxy, or of this project's own, in
 * which secrets are tags. Entries are numbered from 1, in the order of the file; what is no request to the bank is left
 * out.
 *
 * @throws UnreadableHarError (`ERR_UNREADABLE_HAR`), with the entry and the member
 */
export function readHar(archive: string, bank: BankId): HarReading {
  const har = v.safeParse(harSchema, parse(archive));
  if (!har.success) {
    const [issue] = har.issues;
    const member = v.getDotPath(issue) ?? 'the file';
    throw new UnreadableHarError(
      null,
      member,
      `Expected an HTTP Archive, with a list at log.entries; ${member} is none.`,
    );
  }
  const entries = har.output.log.entries.map(readEntry);
  const exchanges = entries.flatMap((entry, index) => {
    const endpoint = endpointOf(bank, entry);
    return endpoint === null ? [] : [toExchange(bank, endpoint, index + 1, entry)];
  });
  const other: BankId = bank === 'bs2' ? 'btg' : 'bs2';
  return {
    exchanges: exchanges.sort(
      (first, second) => first.receivedAtMs - second.receivedAtMs || first.entry - second.entry,
    ),
    entryCount: entries.length,
    otherBankCount: entries.filter((entry) => endpointOf(bank, entry) === null && endpointOf(other, entry) !== null)
      .length,
  };
}

function parse(archive: string): unknown {
  try {
    return JSON.parse(archive.replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message.replaceAll(/"[^"]*"/g, '"…"').slice(0, 120) : '';
    throw new UnreadableHarError(null, null, `Expected an HTTP Archive; the file is not JSON (${why}).`);
  }
}

function readEntry(entry: unknown, index: number): HarEntry {
  const result = v.safeParse(entrySchema, entry);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const member = v.getDotPath(issue);
  const path = `log.entries[${String(index)}]${member === null ? '' : `.${member}`}`;
  const expected = issue.kind === 'validation' ? issue.message : (issue.expected ?? 'something else');
  throw new UnreadableHarError(
    index + 1,
    member,
    `Cannot read entry ${String(index + 1)}: expected ${expected} at ${path}, got ${issue.received === 'undefined' ? 'nothing' : typeof issue.input}.`,
  );
}

/** By the end of the path: the banks may stand behind a prefix, or another host. */
const paths: Readonly<Record<BankId, readonly (readonly [RegExp, Endpoint])[]>> = {
  bs2: [
    [/\/api-banking\/auth\/oauth\/v2\/authorize$/, 'authorize'],
    [/\/api-banking\/auth\/oauth\/v2\/authorize\/login$/, 'login'],
    [/\/api-banking\/auth\/oauth\/v2\/authorize\/consent$/, 'consent'],
    [/\/api-banking\/auth\/oauth\/v2\/authorize\/consent\/token$/, 'second-factor'],
    [/\/auth\/oauth\/v2\/token$/, 'token'],
    [/\/pj\/(apibanking\/)?forintegration\//, 'api'],
    [/\/auth\/oauth\/v2\//, 'unknown'],
  ],
  btg: [
    [/\/oauth2\/authorize$/, 'authorize'],
    [/\/oauth2\/authorize\/login$/, 'login'],
    [/\/oauth2\/authorize\/scopes$/, 'scopes'],
    [/\/oauth2\/authorize\/company$/, 'company'],
    [/\/oauth2\/authorize\/token$/, 'second-factor'],
    [/\/oauth2\/token$/, 'token'],
    [/\/oauth2\/revoke$/, 'revoke'],
    [/\/(?:[0-9A-Z]{14}|«[^»]*»|%C2%AB[^/]*%C2%BB)\/banking\//, 'api'],
    [/\/v1\/companies\/[^/]+\//, 'api'],
    [/\/oauth2\//, 'unknown'],
  ],
};

function endpointOf(bank: BankId, { request }: HarEntry): Endpoint | null {
  const path =
    request.url
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '')
      .split('?')[0]
      ?.replace(/(?<!«[^»]*)#.*$/, '') ?? '';
  return paths[bank].find(([pattern]) => pattern.test(path))?.[1] ?? null;
}

function toExchange(bank: BankId, endpoint: Endpoint, entry: number, har: HarEntry): SeenExchange {
  const { request, response } = har;
  const receivedAtMs = Date.parse(har.startedDateTime);
  const requestHeader = headerReader(request.headers);
  const responseHeader = headerReader(response.headers);
  return seeExchange({
    entry,
    bank,
    endpoint,
    receivedAtMs,
    answeredAtMs: receivedAtMs + Math.max(0, har.time ?? 0),
    arrivedAfter: null,
    environment: null,
    method: request.method.toUpperCase(),
    url: request.url,
    header: requestHeader,
    body: bodyOf(request.postData),
    status: response.status,
    answerHeader: (name) =>
      responseHeader(name) ?? (name === 'location' && response.redirectURL !== '' ? response.redirectURL : null),
    answerBody: contentOf(response.content),
    answerArrived: response.status > 0 && (response._error ?? '') === '',
    isFaulted: false,
    outcome: null,
    clientId: null,
    grantId: null,
  });
}

function headerReader(headers: HarEntry['request']['headers']): (name: string) => string | null {
  const known = new Map(headers.map(({ name, value }) => [name.toLowerCase(), value]));
  return (name) => known.get(name) ?? null;
}

function bodyOf(postData: HarEntry['request']['postData']): string {
  if (postData === null) return '';
  if (postData.text !== null && postData.text !== '') return postData.text;
  return new URLSearchParams(
    (postData.params ?? []).map(({ name, value }): [string, string] => [name, value ?? '']),
  ).toString();
}

function contentOf(content: HarEntry['response']['content']): string {
  if (content?.text == null) return '';
  return content.encoding === 'base64' ? Buffer.from(content.text, 'base64').toString('utf8') : content.text;
}
