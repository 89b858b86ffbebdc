/** What the control API answers, as its own schemas say it: types alone, so that none of its code is in the page. */
import type * as v from 'valibot';
import type { alterationSchema } from '../../control/alteration-schema.js';
import type { clientSchema } from '../../control/client-request.js';
import type { clockSchema } from '../../control/clock-schema.js';
import type { faultSchema } from '../../control/fault-schema.js';
import type { findingSchema } from '../../control/findings-schema.js';
import type { grantSchema, madeGrantSchema } from '../../control/grant-schema.js';
import type { journalEntrySchema } from '../../control/journal-schema.js';
import type { mutantSchema } from '../../control/mutant-schema.js';
import type { settingsSchema } from '../../control/settings-patch-schema.js';
import type { tenantDescriptionSchema } from '../../control/tenant-schema.js';
import type { userSchema } from '../../control/user-request.js';

export type { GrantLife } from '../../control/grant-life-schema.js';
export type { OpenedEntry } from '../../control/journal-entry-schema.js';
export type { Explanation } from '../../control/explain-schema.js';
export type { Problem } from '../../control/problem.js';
export type Alteration = v.InferOutput<typeof alterationSchema>;
export type Client = v.InferOutput<typeof clientSchema>;
export type Clock = v.InferOutput<typeof clockSchema>;
export type Fault = v.InferOutput<typeof faultSchema>;
export type Finding = v.InferOutput<typeof findingSchema>;
export type Grant = v.InferOutput<typeof grantSchema>;
export type MadeGrant = v.InferOutput<typeof madeGrantSchema>;
export type Entry = v.InferOutput<typeof journalEntrySchema>;
export type Mutant = v.InferOutput<typeof mutantSchema>;
export type Settings = v.InferOutput<typeof settingsSchema>;
export type Tenant = v.InferOutput<typeof tenantDescriptionSchema>;
export type User = v.InferOutput<typeof userSchema>;
export type BankId = Entry['bank'];
/** Every list of the control API. */
export interface Items<Item> {
  readonly items: readonly Item[];
}
