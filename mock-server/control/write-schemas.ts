import { writeFile } from 'node:fs/promises';
import { configFileJsonSchema } from './config-json-schema.js';

/** Writes the JSON Schemas that ship with the package: `npm run schemas`. */
const target = new URL('../../schemas/homologa.config.schema.json', import.meta.url);
await writeFile(target, `${JSON.stringify(configFileJsonSchema(), null, 2)}\n`);
