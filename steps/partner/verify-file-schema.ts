import * as v from 'valibot';
import { parseDuration } from '../../foundation/iso-duration.js';
import { customersSchema } from './customer-placeholder.js';

const text = v.pipe(v.string(), v.minLength(1));
const address = v.pipe(
  text,
  v.regex(/^https?:\/\/[^\s#]+$/, 'an http or https address'),
  v.check((url) => URL.canParse(url), 'an http or https address'),
);
const duration = v.pipe(
  text,
  v.check((value) => isDuration(value), 'an ISO 8601 duration such as PT2S'),
);
const port = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535));

/** A request to the application: an address for a GET, or more. */
export const requestSchema = v.union([
  address,
  v.strictObject({
    method: v.optional(v.picklist(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])),
    url: address,
    headers: v.optional(v.record(v.string(), v.string())),
    body: v.optional(v.string()),
  }),
]);
/** One, or one for each instance. */
export const requestsSchema = v.union([requestSchema, v.pipe(v.array(requestSchema), v.minLength(1))]);

const signalSchema = v.pipe(
  v.strictObject({
    status: v.optional(v.pipe(v.number(), v.integer(), v.minValue(100), v.maxValue(599))),
    bodyMatches: v.optional(
      v.pipe(
        text,
        v.check((pattern) => isPattern(pattern), 'a regular expression'),
      ),
    ),
  }),
  v.check(({ status, bodyMatches }) => status !== undefined || bodyMatches !== undefined, 'status or bodyMatches'),
);

/** What is said of the application at one bank. */
const bankEntries = {
  application: v.strictObject({
    command: v.optional(text),
    cwd: v.optional(text, '.'),
    ready: v.optional(address),
    readyTimeout: v.optional(duration, 'PT30S'),
    env: v.optional(
      v.record(v.pipe(text, v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of a variable')), v.string()),
      {},
    ),
  }),
  redirectUri: address,
  login: v.optional(v.union([requestsSchema, v.strictObject({ script: text })])),
  /** Who is logged in, in turn, where the application does not make customers as they come. */
  customers: v.optional(customersSchema),
  connect: requestSchema,
  callApi: requestsSchema,
  refreshNow: v.optional(requestSchema),
  disconnect: v.optional(requestSchema),
  signals: v.optional(v.strictObject({ needsConsent: v.optional(signalSchema) }), {}),
  userAgent: v.optional(v.picklist(['http', 'browser']), 'http'),
  window: v.optional(duration, 'PT2S'),
  /** Says that the application relies on the id_token though it sends no nonce. */
  idToken: v.optional(v.picklist(['used', 'ignored'])),
  client: v.optional(v.strictObject({ id: text, secret: text })),
};
const mockSchema = v.optional(
  v.strictObject({ port: v.optional(port, 0), bs2Port: v.optional(port), btgPort: v.optional(port) }),
  {},
);
/** What is said of the application at one of both banks. */
export const bankSchema = v.strictObject(bankEntries);

/** A verify file for one bank. */
export const singleBankFileSchema = v.strictObject({
  bank: v.picklist(['bs2', 'btg']),
  ...bankEntries,
  mock: mockSchema,
  expected: v.optional(text),
});
/** A verify file for an application that is a client of both banks. */
export const bothBanksFileSchema = v.strictObject({
  banks: v.strictObject({ bs2: bankSchema, btg: bankSchema }),
  mock: mockSchema,
  expected: v.optional(text),
});

function isDuration(value: string): boolean {
  try {
    parseDuration(value);
    return true;
  } catch {
    return false;
  }
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    return false;
  }
}
