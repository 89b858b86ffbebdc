// Keeps a target's tokens in AWS Secrets Manager, by the AWS command line:
//
//   tokenStore: { command: "node aws-secrets-manager.mjs homologa/btg-sandbox" }
//
// The argument is the name of a secret that is there already (`aws secretsmanager create-secret --name …`, no value);
// homologa adds `load` or `save`. Needed: secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage.
//
// The label AWSCURRENT is what is compared and swapped: a new value is put beside it under a label of our own, and then
// AWSCURRENT is moved from the version that was loaded. Secrets Manager refuses that where it is on another version by now.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const conflict = 75;
const current = 'AWSCURRENT';
const [, , SecretId, subcommand] = process.argv;
const { ifVersion, value } = JSON.parse(readFileSync(0, 'utf8'));

/** Secrets go by stdin: arguments are seen by every user of the machine. */
function aws(operation, request) {
  const args = ['secretsmanager', operation, '--output', 'json', '--cli-input-json', 'file:///dev/stdin'];
  const input = JSON.stringify(request);
  const { status, stdout, stderr, error } = spawnSync('aws', args, { input, encoding: 'utf8' });
  if (error !== undefined) fail(`aws cannot be started: ${error.message}`);
  return { isDone: status === 0, answer: status === 0 && stdout.trim() !== '' ? JSON.parse(stdout) : {}, stderr };
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

if (subcommand === 'load') {
  const { isDone, answer, stderr } = aws('get-secret-value', { SecretId });
  // A secret without a value and one that is not there are told apart by `save`.
  if (!isDone && !/ResourceNotFoundException/.test(stderr)) fail(stderr);
  const { VersionId = null, SecretString = 'null' } = answer;
  process.stdout.write(JSON.stringify({ version: VersionId, value: JSON.parse(SecretString) }));
} else if (subcommand === 'save') {
  const ClientRequestToken = randomUUID();
  const SecretString = JSON.stringify(value);
  const put = aws('put-secret-value', { SecretId, ClientRequestToken, SecretString, VersionStages: ['homologa-next'] });
  if (!put.isDone) fail(put.stderr);
  // The first version of a secret becomes the current one by itself.
  const isCurrent = put.answer.VersionStages.includes(current);
  if (!isCurrent) {
    if (ifVersion === null) process.exit(conflict);
    const move = {
      SecretId,
      VersionStage: current,
      MoveToVersionId: ClientRequestToken,
      RemoveFromVersionId: ifVersion,
    };
    const moved = aws('update-secret-version-stage', move);
    if (/InvalidParameterException/.test(moved.stderr)) process.exit(conflict);
    if (!moved.isDone) fail(moved.stderr);
  }
  process.stdout.write(JSON.stringify({ version: ClientRequestToken }));
} else {
  fail('usage: node aws-secrets-manager.mjs SECRET load|save');
}
