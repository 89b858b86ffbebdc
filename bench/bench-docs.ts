/**
 * Brings reports/out/bench/bench.json of an earlier `npm run bench` into docs/performance.md, with its picture.
 *
 *     npx tsx bench/bench-docs.ts
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { benchRecordSchema } from './bench-record.js';
import { writeBenchDocs } from './write-bench-docs.js';

const told: unknown = JSON.parse(await readFile(new URL('../reports/out/bench/bench.json', import.meta.url), 'utf8'));
await writeBenchDocs(v.parse(benchRecordSchema, told));
