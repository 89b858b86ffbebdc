import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { settingsPatchSchema, settingsSchema } from './settings-patch-schema.js';

const path = '/_mock/tenants/{tenant}/settings';
const answer = { status: 200, response: settingsSchema } as const;

/** What a tenant's banks do. */
export const settingsOperations: readonly Operation[] = [
  operation(
    { id: 'getSettings', method: 'GET', path, summary: 'All settings that are in force', ...answer },
    (call) => tenantOf(call).settings,
  ),
  operation(
    {
      id: 'patchSettings',
      method: 'PATCH',
      path,
      summary: 'Changes some settings; what is absent keeps its value',
      request: settingsPatchSchema,
      ...answer,
    },
    (call) => {
      const tenant = tenantOf(call);
      tenant.patchSettings(call.body);
      return tenant.settings;
    },
  ),
];
