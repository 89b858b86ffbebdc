import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createProgram } from '../cli/program.js';
import { startMockServer } from '../mock-server/index.js';

const checkout = fileURLToPath(new URL('..', import.meta.url));
const read = (path: string): Promise<string> => readFile(join(checkout, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** The instructions of a Dockerfile's stages, continued lines joined. */
async function stages(): Promise<readonly (readonly Instruction[])[]> {
  const lines = (await read('Dockerfile'))
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n');
  const instructions = lines.flatMap((line) => {
    const [, name, text] = /^([A-Z]+) +(.*)$/.exec(line) ?? [];
    return name === undefined || text === undefined ? [] : [{ name, text }];
  });
  const starts = instructions.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  return starts.map((start, index) => instructions.slice(start, starts[index + 1]));
}

const words = v.pipe(v.string(), v.parseJson(), v.array(v.string()));
const only = (stage: readonly Instruction[], name: string): string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

async function last(): Promise<readonly Instruction[]> {
  const stage = (await stages()).at(-1);
  if (stage === undefined) throw new Error('The Dockerfile has no stage.');
  return stage;
}

/** Flags that homologa serve has not. */
function unknownFlags(args: readonly string[]): string[] {
  const serve = createProgram().commands.find((command) => command.name() === 'serve');
  const known = serve?.options.map(({ long }) => long) ?? [];
  return args.filter((arg) => arg.startsWith('--') && !known.includes(arg.split('=')[0] ?? ''));
}

const composeSchema = v.object({
  services: v.object({
    homologa: v.object({
      command: v.array(v.string()),
      environment: v.record(v.string(), v.string()),
      ports: v.array(v.string()),
    }),
    application: v.object({ environment: v.record(v.string(), v.string()) }),
  }),
});
const compose = async () => v.parse(composeSchema, parse(await read('compose.yaml'))).services;

describe('the Dockerfile', () => {
  it('is based on a Node that CI runs, and no user is root', async () => {
    const [, major] = /npx -y -p node@(\d+) node/.exec(await read('.ci/run')) ?? [];
    const bases = (await stages()).flatMap((stage) => only(stage, 'FROM'));
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(new RegExp(`^node:${major ?? 'none'}-slim( AS build)?$`));
    expect(only(await last(), 'USER')).toEqual(['node']);
  });

  it('copies what there is, nothing that is kept out, and all that the package has', async () => {
    const kept = (await read('.dockerignore')).split('\n').filter((line) => line !== '');
    const copied: string[] = [];
    for (const stage of await stages()) {
      for (const text of only(stage, 'COPY')) {
        const parts = text.split(' ');
        const sources = parts.slice(0, -1).filter((part) => !part.startsWith('--'));
        if (!parts[0]?.startsWith('--from')) {
          for (const source of sources) {
            expect(await stat(join(checkout, source)).then(() => true)).toBe(true);
            expect(kept).not.toContain(source);
          }
        }
        copied.push(...sources.map((source) => source.replace('/src/', '')));
      }
    }
    const manifest = v.parse(v.object({ files: v.array(v.string()) }), JSON.parse(await read('package.json')));
    const shipped = manifest.files.filter((file) => !/^(README\.md|LEIAME\.md|examples\/)/.test(file));
    expect(shipped.filter((file) => !copied.includes(file))).toEqual([]);
    expect(kept).toEqual(expect.arrayContaining(['.env', '.git', 'node_modules']));
  });

  it('starts the command that the build makes, with flags that it has', async () => {
    const stage = await last();
    const [entry = ''] = only(stage, 'ENTRYPOINT');
    const manifest = v.parse(
      v.object({ bin: v.object({ homologa: v.string() }) }),
      JSON.parse(await read('package.json')),
    );
    expect(v.parse(words, entry)).toEqual(['node', manifest.bin.homologa.replace(/^\.\//, '')]);
    const [command = ''] = only(stage, 'CMD');
    expect(unknownFlags(v.parse(words, command))).toEqual([]);
  });

  it('has a health check that tells a mock that answers from one that does not', async () => {
    const [health = ''] = only(await last(), 'HEALTHCHECK');
    const [program = '', ...args] = v.parse(words, health.slice(health.indexOf('CMD ') + 4));
    expect(program).toBe('node');
    const mock = await startMockServer({ controlToken: 'um-segredo-de-teste' });
    const here = args.map((arg) => arg.replace('http://127.0.0.1:4010', mock.listen));
    expect(here).not.toEqual(args);
    const check = (token: string): Promise<number> =>
      promisify(execFile)(process.execPath, here, { env: { HOMOLOGA_CONTROL_TOKEN: token } }).then(
        () => 0,
        () => 1,
      );
    expect(await check('um-segredo-de-teste')).toBe(0);
    expect(await check('outro')).toBe(1);
    await mock.close();
    expect(await check('um-segredo-de-teste')).toBe(1);
  });
});

describe('the compose example', () => {
  it('starts homologa with flags that it has, a control token and a port of this machine alone', async () => {
    const { homologa } = await compose();
    expect(homologa.command[0]).toBe('serve');
    expect(unknownFlags(homologa.command)).toEqual([]);
    expect(homologa.environment['HOMOLOGA_CONTROL_TOKEN']).toMatch(/^\$\{HOMOLOGA_CONTROL_TOKEN:\?/);
    expect(homologa.ports).toEqual(['127.0.0.1:4010:4010']);
  });

  it('gives the application the addresses and credentials that the mock has with those flags', async () => {
    const { homologa, application } = await compose();
    const flag = (name: string): string =>
      homologa.command.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
    const mock = await startMockServer({
      listen: false,
      publicUrl: flag('--public-url'),
      internalUrl: flag('--internal-url'),
    });
    const { bs2, btg } = mock.defaultTenant;
    expect(application.environment).toEqual({
      BS2_AUTHORIZE_URL: bs2.authorizationEndpoint,
      BS2_TOKEN_URL: bs2.tokenEndpoint,
      BS2_BALANCE_URL: bs2.balanceEndpoint,
      BS2_API_KEY: bs2.client?.id,
      BS2_API_SECRET: bs2.client?.secret,
      BTG_ISSUER: btg.issuer,
      BTG_AUTHORIZE_URL: btg.authorizationEndpoint,
      BTG_TOKEN_URL: btg.tokenEndpoint,
      BTG_ACCOUNTS_URL: btg.accountsEndpoint,
      BTG_CLIENT_ID: btg.client?.id,
      BTG_CLIENT_SECRET: btg.client?.secret,
    });
    await mock.close();
  });
});
