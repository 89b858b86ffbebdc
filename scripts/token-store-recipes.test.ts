import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GrantRecord } from '../client/grant-record.js';
import type { TokenStore } from '../client/token-store.js';
import { createCommandTokenStore } from '../steps/command-token-store.js';

const recipes = fileURLToPath(new URL('../examples/token-stores', import.meta.url));
const key = 'bs2 https://bank.example/token um-cliente saldo';

const record = (accessToken: string): GrantRecord => ({
  schema: 1,
  grantId: 'um-consentimento',
  status: 'active',
  reason: null,
  tokens: {
    accessToken,
    accessTokenExpiresAt: null,
    expiresInSeconds: null,
    refreshToken: `renovacao-de-${accessToken}`,
    scope: 'saldo',
    idToken: null,
    idTokenClaims: null,
    requestedAt: 0,
  },
  refreshTokenIssuedAt: 0,
  refreshing: null,
  failure: null,
});

/** Begins each stand-in: what it was called with is written down, what it remembers is a file beside it. */
const beginning = `#!/usr/bin/env node
const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const args = process.argv.slice(2);
appendFileSync(join(__dirname, 'calls'), args.join(' ') + '\\n');
const file = join(__dirname, 'state.json');
const read = () => { try { return JSON.parse(readFileSync(file, 'utf8')); } catch { return null; } };
const write = (state) => writeFileSync(file, JSON.stringify(state));
const end = (code, stderr) => { process.stderr.write(stderr + '\\n'); process.exit(code); };
if (process.env.STORE_IS_DOWN) end(2, 'Error making API request: 503');
`;

/** \`vault kv get\` and \`put\` as their manual has them. */
const vault = `${beginning}
const [kv, subcommand, format, mount, ...rest] = args;
if (kv !== 'kv' || format !== '-format=json' || mount !== '-mount=secret') end(1, 'unknown flag');
const state = read();
if (subcommand === 'get') {
  if (rest[0] !== 'homologa/bs2') end(1, 'wrong path');
  if (state === null) end(2, 'No value found at secret/data/homologa/bs2');
  process.stdout.write(JSON.stringify({ data: { data: state.data, metadata: { version: state.version, destroyed: false } } }));
} else {
  const [cas, path, from] = rest;
  if (path !== 'homologa/bs2' || from !== '-' || !/^-cas=\\d+$/.test(cas)) end(1, 'wrong arguments');
  if (Number(cas.slice(5)) !== (state === null ? 0 : state.version)) {
    end(2, 'Error writing data to secret/data/homologa/bs2: Error making API request.\\n\\nCode: 400. Errors:\\n\\n' +
      '* check-and-set parameter did not match the current version');
  }
  const next = { version: (state === null ? 0 : state.version) + 1, data: JSON.parse(readFileSync(0, 'utf8')) };
  write(next);
  process.stdout.write(JSON.stringify({ data: { version: next.version } }));
}
`;

/** \`aws secretsmanager\`, as the API reference has it: a secret that was made without a value. */
const aws = `${beginning}
const [service, operation, ...rest] = args;
if (service !== 'secretsmanager' || rest.join(' ') !== '--output json --cli-input-json file:///dev/stdin') end(252, 'usage');
const request = JSON.parse(readFileSync(0, 'utf8'));
if (request.SecretId !== 'homologa/bs2') end(254, 'An error occurred (ResourceNotFoundException)');
const state = read() ?? { versions: {}, stages: {} };
if (operation === 'get-secret-value') {
  const VersionId = state.stages.AWSCURRENT;
  if (VersionId === undefined) end(254, 'An error occurred (ResourceNotFoundException): staging label: AWSCURRENT');
  process.stdout.write(JSON.stringify({ VersionId, SecretString: state.versions[VersionId] }));
} else if (operation === 'put-secret-value') {
  const { ClientRequestToken: VersionId, SecretString, VersionStages } = request;
  const stages = Object.keys(state.versions).length === 0 ? [...VersionStages, 'AWSCURRENT'] : VersionStages;
  state.versions[VersionId] = SecretString;
  for (const stage of stages) state.stages[stage] = VersionId;
  write(state);
  process.stdout.write(JSON.stringify({ VersionId, VersionStages: stages }));
} else {
  const { VersionStage, MoveToVersionId, RemoveFromVersionId } = request;
  if (state.stages[VersionStage] !== RemoveFromVersionId) end(254, 'An error occurred (InvalidParameterException)');
  state.stages[VersionStage] = MoveToVersionId;
  write(state);
  process.stdout.write('{}');
}
`;

let tools = '';
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), 'homologa-store-'));
  vi.stubEnv('PATH', `${tools}${delimiter}${process.env['PATH'] ?? ''}`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(tools, { recursive: true, force: true });
});

describe.each([
  { name: 'vault', source: vault, command: 'node vault.mjs secret homologa/bs2' },
  { name: 'aws', source: aws, command: 'node aws-secrets-manager.mjs homologa/bs2' },
])('the recipe for $name', ({ name, source, command }) => {
  let store: TokenStore;
  beforeEach(async () => {
    await mkdir(tools, { recursive: true });
    await writeFile(join(tools, name), source);
    await chmod(join(tools, name), 0o755);
    store = createCommandTokenStore(command, recipes);
  });
  /** Another machine: it knows nothing but what the store tells. */
  const elsewhere = (): TokenStore => createCommandTokenStore(command, recipes);

  it('loads what was saved, on another machine too', async () => {
    expect(await store.load(key)).toBeNull();
    await store.save(key, record('um'), null);
    const found = await elsewhere().load(key);
    expect(found?.value).toEqual(record('um'));
    const other = elsewhere();
    const loaded = await other.load(key);
    const { version } = await other.save(key, record('dois'), loaded?.version ?? null);
    await other.save(key, record('três'), version);
    expect((await store.load(key))?.value).toEqual(record('três'));
  });

  it('saves nothing over what somebody else saved in between', async () => {
    await store.save(key, record('um'), null);
    const [first, second] = [elsewhere(), elsewhere()];
    const [before, same] = [await first.load(key), await second.load(key)];
    await first.save(key, record('dois'), before?.version ?? null);
    const conflict = { code: 'ERR_TOKEN_STORE_CONFLICT' };
    await expect(second.save(key, record('três'), same?.version ?? null)).rejects.toMatchObject(conflict);
    await expect(second.save(key, record('três'), null)).rejects.toMatchObject(conflict);
    await expect(second.remove(key, same?.version ?? 0)).rejects.toMatchObject(conflict);
    expect((await store.load(key))?.value).toEqual(record('dois'));
  });

  it('forgets, and begins again', async () => {
    await store.save(key, record('um'), null);
    await store.remove(key, (await store.load(key))?.version ?? 0);
    expect(await elsewhere().load(key)).toBeNull();
    await elsewhere().save(key, record('dois'), null);
    expect((await elsewhere().load(key))?.value).toEqual(record('dois'));
  });

  it('says when the store does not answer, and takes that for no conflict', async () => {
    await store.save(key, record('um'), null);
    const loaded = await store.load(key);
    vi.stubEnv('STORE_IS_DOWN', '1');
    const failure = { code: 'ERR_TOKEN_STORE_COMMAND', message: expect.stringContaining('exit code 1') as string };
    await expect(store.load(key)).rejects.toMatchObject(failure);
    await expect(store.save(key, record('dois'), loaded?.version ?? null)).rejects.toMatchObject(failure);
  });

  it('puts no token where other users of the machine see it', async () => {
    await store.save(key, record('acesso-secreto'), null);
    expect(await readFile(join(tools, 'calls'), 'utf8')).not.toMatch(/secreto/);
    expect(await readFile(join(tools, 'state.json'), 'utf8')).toMatch(/acesso-secreto/);
  });
});
