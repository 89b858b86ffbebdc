import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const known = parse(readFileSync(new URL('./bugs.yaml', import.meta.url), 'utf8')).map(({ bug: name }) => name);
const active = process.env.BUG ?? '';
if (active !== '' && !known.includes(active)) throw new Error(`There is no bug "${active}"; bugs.yaml lists them.`);

/** Whether the process was started with BUG=name. Without BUG every answer is no, and the application is correct. */
export function bug(name) {
  return active === name;
}
