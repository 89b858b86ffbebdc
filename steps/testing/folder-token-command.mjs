// A command of `tokenStore` that keeps one grant in the file that it is told: `node folder-token-command.mjs FILE load|save`.
import { readFileSync, writeFileSync } from 'node:fs';

const [, , file, subcommand] = process.argv;
const { ifVersion, value } = JSON.parse(readFileSync(0, 'utf8'));

function stored() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { version: null, value: null };
  }
}

if (subcommand === 'load') {
  process.stdout.write(JSON.stringify(stored()));
} else {
  const { version } = stored();
  if (version !== ifVersion) process.exit(75);
  const next = `v${Number(version?.slice(1) ?? 0) + 1}`;
  writeFileSync(file, JSON.stringify({ version: next, value }), { mode: 0o600 });
  process.stdout.write(JSON.stringify({ version: next }));
}
