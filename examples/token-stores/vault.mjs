// Keeps a target's tokens in HashiCorp Vault (KV version 2, Vault 1.11 or later), by its own command line:
//
//   tokenStore: { command: "node vault.mjs secret homologa/btg-sandbox" }
//
// The arguments are the mount and the path of one secret; homologa adds `load` or `save`. `vault` must be logged in
// (VAULT_ADDR, VAULT_TOKEN), with `create`, `read` and `update` on the path.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const conflict = 75;
const [, , mount, path, subcommand] = process.argv;
const { ifVersion, value } = JSON.parse(readFileSync(0, 'utf8'));

/** Secrets go by stdin: arguments are seen by every user of the machine. */
function vault(args, input = '') {
  const { status, stdout, stderr, error } = spawnSync('vault', ['kv', ...args], { input, encoding: 'utf8' });
  if (error !== undefined) fail(`vault cannot be started: ${error.message}`);
  return { status, stdout, stderr };
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

if (subcommand === 'load') {
  const { status, stdout, stderr } = vault(['get', '-format=json', `-mount=${mount}`, path]);
  // Vault says so, with 2 as for every refusal, where the path never had a value.
  if (status !== 0 && !/no value found/i.test(stderr)) fail(stderr);
  const { data, metadata } = status === 0 ? JSON.parse(stdout).data : { data: null, metadata: { version: null } };
  process.stdout.write(JSON.stringify({ version: metadata.version, value: JSON.parse(data?.grant ?? 'null') }));
} else if (subcommand === 'save') {
  // 0: only if there is no version yet.
  const cas = `-cas=${ifVersion ?? 0}`;
  const secret = JSON.stringify({ grant: JSON.stringify(value) });
  const { status, stdout, stderr } = vault(['put', '-format=json', `-mount=${mount}`, cas, path, '-'], secret);
  if (/check-and-set parameter did not match/i.test(stderr)) process.exit(conflict);
  if (status !== 0) fail(stderr);
  process.stdout.write(JSON.stringify({ version: JSON.parse(stdout).data.version }));
} else {
  fail('usage: node vault.mjs MOUNT PATH load|save');
}
