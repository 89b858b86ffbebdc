import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { MockServer, TenantHandle } from '../mock-server/index.js';
import type { DocumentedCommand } from './documented-commands.js';
import { homologaArguments } from './documented-commands.js';
import { firstToken } from './first-token.js';
import { startHomologa } from './homologa-from-source.js';
import { startProcess } from './homologa-process.js';
import type { ProcessEnd, RunningProcess } from './homologa-process.js';
import { checkout } from './package-installation.js';
import { partnersFolder } from './partner-catalogue.js';
import { onFreePorts } from './partner-run.js';

/** How the carrying out of a page's command differs from what is written there. */
export interface CommandChange {
  /** Flags that are added, where the whole would take too long. */
  readonly flags?: readonly string[];
  /** How it ends. Default: 0. */
  readonly exitCode?: number;
}

const tokenAnswer = v.object({ refresh_token: v.string() });
const tenantControl = 'http://127.0.0.1:4010/_mock/tenants/default';
const apiKey = 'l700000000000000000000000000c0ffee';

/**
 * A reader's folder and home, and a tenant of a running mock in place of the one at port 4010. A first token of BS2 was got
 * there, as the banner shows.
 */
export class CommandSite {
  readonly tenant: TenantHandle;
  /** Of BS2; pages that show one mean it. */
  readonly refreshToken: string;
  readonly #folder: string;
  readonly #scripts: Readonly<Record<string, string>>;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(
    [folder, tenant, refreshToken]: readonly [string, TenantHandle, string],
    scripts: Readonly<Record<string, string>>,
    env: NodeJS.ProcessEnv,
  ) {
    [this.#folder, this.tenant, this.refreshToken] = [folder, tenant, refreshToken];
    [this.#scripts, this.#env] = [scripts, env];
  }

  /** @param sendsCodesTwice - whether the application that got the token has that bug */
  static async open(
    mock: MockServer,
    scripts: Readonly<Record<string, string>>,
    sendsCodesTwice: boolean,
  ): Promise<CommandSite> {
    const folder = await mkdtemp(join(tmpdir(), 'homologa-page-'));
    const home = join(folder, 'home', 'you');
    await mkdir(home, { recursive: true });
    const tenant = await mock.createTenant();
    const refreshToken = await refreshTokenOf(tenant, sendsCodesTwice ? 2 : 1);
    const partner = join(partnersFolder, 'broken');
    const verifyFile = await onFreePorts(await readFile(join(partner, 'homologa.bs2.yaml'), 'utf8'), partner);
    for (const name of ['homologa.yaml', 'homologa.bs2.yaml']) await writeFile(join(folder, name), verifyFile);
    await writeFile(join(folder, 'traffic.har'), JSON.stringify(await tenant.journal.har()));
    await copyFile(join(checkout, '.env.example'), join(folder, '.env.example'));
    const absent = { XDG_CONFIG_HOME: undefined, XDG_STATE_HOME: undefined, HOMOLOGA_HOME: undefined };
    return new CommandSite([folder, tenant, refreshToken], scripts, { ...absent, HOME: home });
  }

  /** Lets the tenant play BTG's sandbox, its credentials in the environment. */
  standInForSandbox(): void {
    const { client, baseUrl, issuer } = this.tenant.btg;
    const { user } = this.tenant;
    const known = {
      CLIENT_ID: client?.id,
      CLIENT_SECRET: client?.secret ?? undefined,
      SCOPE: client?.scope,
      REDIRECT_URI: client?.redirectUris[0],
      BASE_URL: baseUrl,
      API_BASE_URL: baseUrl,
      ISSUER: issuer,
      CONSENT: 'http',
      USERNAME: user?.username,
      PASSWORD: user?.password,
    };
    for (const [name, value] of Object.entries(known)) this.#env[`HOMOLOGA_BTG_${name}`] = value;
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.#folder, name), text);
  }

  /**
   * Carries out a command of a page, and resolves to what it printed.
   *
   * @throws Error where nobody knows how, or where it ends otherwise
   */
  async carryOut({ words, text }: DocumentedCommand, { flags = [], exitCode = 0 }: CommandChange): Promise<string> {
    const args = homologaArguments(words, this.#scripts);
    const end = await (args === null ? this.#other(words, text) : this.#homologa([...args, ...flags]));
    const printed = `${end.stdout}${end.stderr}`;
    if (end.exitCode !== exitCode)
      throw new Error(
        `${text}: expected to end with ${String(exitCode)}, ended with ${String(end.exitCode)}\n${printed}`,
      );
    return printed
      .replaceAll(this.tenant.control, tenantControl)
      .replaceAll(this.tenant.bs2.client?.id ?? '', apiKey)
      .replaceAll(join(this.#folder, 'home'), '/home')
      .replaceAll(this.#folder, '/home/you/shop');
  }

  async close(): Promise<void> {
    await this.tenant.delete();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #homologa(given: readonly string[]): Promise<ProcessEnd> {
    const args = given.map((word) => (word === 'VALUE' || isGuid.test(word) ? this.refreshToken : word));
    const { control, id } = this.tenant;
    if (args[0] === 'clock' || args[0] === 'explain') args.push('--url', new URL(control).origin, '--tenant', id);
    const serves = args[0] === 'serve' || args[0] === 'proxy';
    if (serves && !args.includes('--port')) args.push('--port', '0');
    const process = startHomologa(args, { cwd: this.#folder, env: this.#env });
    if (!serves) return process.ended;
    await process.said(args.includes('--json') ? /\n/ : /^Ctrl\+C stops it.*\n/m);
    return stopped(process);
  }

  async #other(words: readonly string[], text: string): Promise<ProcessEnd> {
    const [program = '', ...rest] = words;
    const options = { cwd: this.#folder };
    if (program === 'cp' || program === 'mkdir') return startProcess(program, rest, options).ended;
    if (program !== 'curl') throw new Error(`${text}: neither carried out nor in the list of what is not.`);
    const args = rest.map((word) => word.replaceAll('$T', this.tenant.control));
    const process = startProcess('curl', ['-S', '--fail-with-body', '--noproxy', '*', ...args], options);
    if (!args.some((word) => word.endsWith('/stream'))) return process.ended;
    // It goes on until the tenant ends, and begins with the next entry: a comment says that it has begun.
    await process.said(/^:/m);
    await firstToken(this.tenant);
    await process.said(/^event: finding\ndata: .*\n/m);
    return stopped(process);
  }
}

const isGuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function stopped(process: RunningProcess): Promise<ProcessEnd> {
  process.signal('SIGTERM');
  const end = await process.ended;
  return { ...end, exitCode: end.signal === 'SIGTERM' ? 0 : end.exitCode };
}

async function refreshTokenOf(tenant: TenantHandle, times: number): Promise<string> {
  const { answer, again } = await firstToken(tenant);
  for (let more = 1; more < times; more += 1) await again();
  return v.parse(tokenAnswer, await answer.json()).refresh_token;
}
