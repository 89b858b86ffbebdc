import { configFileJsonSchema } from '../mock-server/control/config-json-schema.js';
import { jsonSchemaOf } from '../mock-server/control/json-schema.js';
import type { JsonSchema } from '../mock-server/control/json-schema.js';
import { bothBanksFileSchema, singleBankFileSchema } from '../steps/partner/verify-file-schema.js';
import { targetFileSchema } from '../steps/target-file.js';

const dialect = 'https://json-schema.org/draft/2020-12/schema';

/** The JSON Schemas that ship with the package, by file name: editors check and complete by them. */
export function shippedSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map([
    ['homologa.config.schema.json', configFileJsonSchema()],
    [
      'homologa.verify.schema.json',
      {
        $schema: dialect,
        title: 'homologa verify file',
        description: 'What homologa verify reads: how a partner’s application is started, reached and judged.',
        anyOf: [jsonSchemaOf(singleBankFileSchema), jsonSchemaOf(bothBanksFileSchema)],
      },
    ],
    [
      'homologa.target.schema.json',
      {
        $schema: dialect,
        title: 'homologa target file',
        description: 'What homologa run --target reads: a bank under test. ${NAME} comes from the environment.',
        ...jsonSchemaOf(targetFileSchema),
      },
    ],
  ]);
}
