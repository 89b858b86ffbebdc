import { writeFile } from 'node:fs/promises';
import { shippedSchemas } from './shipped-schemas.js';

/** `npm run schemas`. */
for (const [name, schema] of shippedSchemas()) {
  await writeFile(new URL(`../schemas/${name}`, import.meta.url), `${JSON.stringify(schema, null, 2)}\n`);
}
