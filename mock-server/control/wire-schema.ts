import * as v from 'valibot';
import { jsonLayouts, wirePlaces } from '../tenants/wire-rule.js';
import type { WireRule } from '../tenants/wire-rule.js';
import { plainText, wholeNumber } from './basic-schemas.js';

const headerExpected = 'the name of a header that is not of the connection or its length';
/** What HTTP itself must say rightly. */
const reserved = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const headerName = v.pipe(
  v.string(),
  v.maxLength(100, headerExpected),
  v.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, headerExpected),
  v.check((name) => !reserved.has(name.toLowerCase()), headerExpected),
);
const headerValue = v.pipe(
  v.string(),
  v.maxLength(4000, 'at most 4000 characters'),
  v.regex(/^[\x20-\x7E]*$/, 'printable ASCII'),
);

function few<Item extends v.GenericSchema>(item: Item) {
  return v.pipe(v.array(item), v.maxLength(50, 'at most 50 names'));
}

/** A rule of the setting `wire`. */
const wireRuleSchema = v.strictObject({
  when: v.optional(
    v.strictObject({
      at: v.optional(v.picklist(wirePlaces)),
      grantType: v.optional(plainText(100)),
      status: v.optional(wholeNumber(200, 599)),
      error: v.optional(plainText(200)),
    }),
  ),
  status: v.optional(wholeNumber(200, 599)),
  omitHeaders: v.optional(few(headerName)),
  setHeaders: v.optional(v.record(headerName, headerValue)),
  json: v.optional(v.picklist(jsonLayouts)),
  omitMembers: v.optional(few(plainText(200))),
  setMembers: v.optional(v.record(v.string(), v.unknown())),
  memberOrder: v.optional(few(plainText(200))),
  body: v.optional(
    v.union([
      v.pipe(v.string(), v.maxLength(65_536, 'at most 65536 characters')),
      v.array(v.unknown()),
      v.record(v.string(), v.unknown()),
    ]),
  ),
  omitParameters: v.optional(few(plainText(200))),
  setParameters: v.optional(v.record(v.string(), plainText(1000))),
});

/** Its type is the rules' own: spelt out in every settings schema, it would be most of the package's declarations. */
export const wireSchema: v.GenericSchema<WireRule[]> = v.pipe(
  v.array(wireRuleSchema),
  v.maxLength(100, 'at most 100 rules'),
);
