import { bs2Profile } from '../banks/bs2/profile.js';
import { btgProfile } from '../banks/btg/profile.js';
import type { ProfileValue } from '../tenants/settings.js';
import { durationSchema } from './basic-schemas.js';
import { jsonSchemaOf } from './json-schema.js';
import type { JsonSchema } from './json-schema.js';
import { clientRequestSchema, configFileSchema, settingsPatchSchema, userRequestSchema } from './settings-schema.js';
import { bs2SettingsPatchSchema, btgSettingsPatchSchema } from './settings-patch-schema.js';

/** JSON Schema of a configuration file, for editors: each setting with its default and what stands behind it. */
export function configFileJsonSchema(): JsonSchema {
  const { $defs, ...document } = jsonSchemaOf(configFileSchema, {
    settings: settingsPatchSchema,
    bs2Settings: bs2SettingsPatchSchema,
    btgSettings: btgSettingsPatchSchema,
    client: clientRequestSchema,
    user: userRequestSchema,
    duration: durationSchema,
  });
  const { bs2Settings, btgSettings, ...others } = members($defs);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'homologa configuration',
    description: 'What homologa serve --config reads: the start of the default tenant, and tenants beside it.',
    ...document,
    $defs: {
      ...others,
      bs2Settings: explain(members(bs2Settings), bs2Profile.homologacao),
      btgSettings: explain(members(btgSettings), btgProfile.homologacao),
    },
  };
}

function explain(settings: JsonSchema, profile: Readonly<Record<string, ProfileValue<unknown>>>): JsonSchema {
  const properties = Object.entries(members(settings['properties'])).map(([name, schema]) => {
    const known = profile[name];
    if (known === undefined) return [name, schema] as const;
    const { value, evidence, source } = known;
    return [name, { ...members(schema), default: value, description: `${evidence}: ${source}` }] as const;
  });
  return { ...settings, properties: Object.fromEntries(properties) };
}

function members(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
