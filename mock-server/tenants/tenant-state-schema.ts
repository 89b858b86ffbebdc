import * as v from 'valibot';
import { bankIdSchema } from '../control/basic-schemas.js';
import {
  bs2SettingsPatchSchema,
  btgSettingsPatchSchema,
  settingsPatchSchema,
} from '../control/settings-patch-schema.js';
import { userSchema } from '../control/user-request.js';
import type { RegisteredClient } from './registered-client.js';
import type { TenantState } from './tenant-memory.js';
import type { User } from './user.js';

const instant = v.pipe(v.number(), v.integer());

/** A tenant's state as a file keeps it. */
export const tenantStateSchema: v.GenericSchema<unknown, TenantState> = v.strictObject({
  randomSeed: v.nullable(v.string()),
  generation: instant,
  start: settingsPatchSchema,
  changes: settingsPatchSchema,
  clock: v.strictObject({ offsetMs: v.number(), frozenAtMs: v.nullable(v.number()) }),
  declaration: v.nullable(v.string()),
});

/** A client as a file keeps it. */
export const keptClientSchema: v.GenericSchema<unknown, RegisteredClient> = v.strictObject({
  bank: bankIdSchema,
  id: v.string(),
  secret: v.nullable(v.string()),
  name: v.string(),
  type: v.picklist(['confidential', 'public']),
  redirectUris: v.array(v.string()),
  loopbackPaths: v.array(v.string()),
  scope: v.string(),
  registeredScope: v.array(v.string()),
  settings: v.union([bs2SettingsPatchSchema, btgSettingsPatchSchema]),
  provisioned: v.boolean(),
});

/** A user as a file keeps it. */
export const keptUserSchema: v.GenericSchema<unknown, User> = userSchema;

export const countedSchema = v.array(instant);
