import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { shippedSchemas } from './shipped-schemas.js';

it.each([...shippedSchemas()])(
  'keeps %s in step with the sources (npm run schemas writes it)',
  async (name, schema) => {
    const committed: unknown = JSON.parse(await readFile(new URL(`../schemas/${name}`, import.meta.url), 'utf8'));
    expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
  },
);
