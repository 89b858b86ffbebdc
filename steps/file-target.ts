import { basename, extname, resolve } from 'node:path';
import type { BankEndpoints } from '../client/banks/bank-profile.js';
import type { HttpTransport } from '../client/http-transport.js';
import { connectTenant } from '../mock-server/tenant-handle.js';
import type { TenantHandle } from '../mock-server/tenant-handle.js';
import type { Capability } from '../reports/scenario-tags.js';
import { createAppTokenSource } from './app-token-source.js';
import type { AppTokenSource } from './app-token-source.js';
import type { ConsentWay } from './consent-ways/consent-way.js';
import { openConsentWay } from './consent-ways/open-consent-way.js';
import type { PersonOptions } from './consent-ways/open-consent-way.js';
import { secondFactorOfFile } from './second-factor-source.js';
import type { BankUnderTest, ClientUnderTest, ConsentLimits, Target } from './target.js';
import { environmentOf } from './target-environment.js';
import { personTerminal } from './person-terminal.js';
import { createTargetPace, unpaced } from './target-pace.js';
import { nameForCommands } from './find-target.js';
import { createSharedGrants } from './shared-grants.js';
import { tokenStoreOf } from './target-token-store.js';
import { targetTransport } from './target-transport.js';
import { waitFor } from './waiting-time.js';
import { readTargetFile, TargetFileError } from './target-file.js';
import type { TargetFile } from './target-file.js';
import { profiles, usableEndpoints } from './usable-target.js';

/** The company that BTG's sandbox is for; at BS2 nothing names one. */
const sandboxCompany = '30306294000145';
const waitForNextCode = (durationMs: number): Promise<void> =>
  waitFor('secondFactor', durationMs, 'Waiting for the next code of the app');
const nobodyCounted: PersonOptions = { expectedConsents: null, opensBrowser: false };

/**
 * The bank that a target file describes. With `control` it is a mock, whose clock and settings are the scenarios' while
 * they run and are put back after each.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`), ProductionHostError, ProxyVariableError, ControlApiError
 */
export async function createFileTarget(path: string, person: PersonOptions = nobodyCounted): Promise<Target> {
  if (path === '') throw new TargetFileError('TARGET', 'the environment variable names no target file');
  const absolute = resolve(path);
  const file = await readTargetFile(absolute, await environmentOf(process.cwd(), process.env));
  const endpoints = usableEndpoints(file, absolute);
  const isAsked = file.user?.secondFactor?.prompt === true && (file.consent === 'http' || file.consent === 'browser');
  if (isAsked && !personTerminal().isAttended) {
    throw new TargetFileError(absolute, 'user.secondFactor.prompt needs a terminal, and nobody is at one');
  }
  const keeping = tokenStoreOf(file, absolute, endpoints.token, process.env);
  const grants = createSharedGrants(nameForCommands(absolute, process.cwd()), keeping, endpoints);
  const control = file.control === undefined ? null : await connectTenant(file.control);
  const transport = await targetTransport(file, absolute, process.env);
  const limit = paceOf(file);
  // One for the whole run, and outside what is noted: a request is timed from when it is sent.
  const paced =
    limit === null
      ? unpaced
      : createTargetPace({
          tokenEndpoint: endpoints.token,
          tokenRequestsPerMinute: limit,
          terminal: personTerminal(),
        });
  const { totpSecret: secret, replay } = file.user?.secondFactor ?? {};
  // One for the whole run: what a scenario used is used for the next one, too.
  const app =
    secret === undefined ? null : createAppTokenSource({ secret, repeats: replay === 'accept', wait: waitForNextCode });
  const capabilities = new Set<Capability>(control === null ? [] : ['clock', 'faults', 'control']);
  if (file.secondClient !== undefined || control !== null) capabilities.add('second-client');
  const { way, limits } = await openConsentWay(file, absolute, control, person);
  return {
    name: file.name ?? basename(absolute, extname(absolute)),
    banks: [file.bank],
    capabilities,
    shared: control === null,
    consents: limits,
    grants,
    open: (_bank, observe) =>
      openBank(file, endpoints, {
        fetch: paced(grants.guard(observe(transport))),
        observe,
        way,
        limits,
        control,
        app,
      }),
    close: async () => {
      await way.close();
      await grants.release();
    },
  };
}

/** What scenarios of a run share, and the transport of one. */
interface Opening {
  readonly fetch: HttpTransport;
  readonly observe: (transport: HttpTransport) => HttpTransport;
  readonly way: ConsentWay;
  readonly limits: ConsentLimits;
  readonly control: TenantHandle | null;
  readonly app: AppTokenSource | null;
}

async function openBank(
  file: TargetFile,
  endpoints: BankEndpoints,
  { fetch, observe, way, limits, control, app }: Opening,
): Promise<BankUnderTest> {
  const profile = profiles[file.bank];
  const restore = control === null ? async () => undefined : await takeOver(control);
  const user = userOf(file, control);
  const access = { fetch, observe, secondFactorCode: secondFactorOfFile(file, control, app) };
  const made = file.secondClient === undefined && control !== null ? await makeClient(control, file) : null;
  return {
    bank: file.bank,
    profile,
    endpoints,
    issuer: profile.issInRedirect === 'never' ? null : (file.issuer ?? file.baseUrl.replace(/\/+$/, '')),
    client: file.client,
    secondClient: file.secondClient ?? made,
    user,
    company: file.company ?? sandboxCompany,
    factor: file.user?.secondFactor?.kind ?? (app === null ? 'sms' : 'app'),
    fetch,
    seesRedirect: limits.redirect === null,
    control,
    now: async () => (control === null ? Date.now() : Date.parse((await control.clock.show()).now)),
    secondFactorCode: access.secondFactorCode,
    consent: (input) => way.consent(access, input),
    close: restore,
  };
}

function userOf(file: TargetFile, control: TenantHandle | null): BankUnderTest['user'] {
  const user = file.user ?? control?.user;
  // A person knows their own.
  if ((user === undefined || user === null) && file.consent === 'person') return { username: '', password: '' };
  if (user === undefined || user === null)
    throw new TargetFileError(file.name ?? file.baseUrl, 'user: a user is needed');
  return { username: user.username, password: user.password };
}

async function makeClient(control: TenantHandle, { bank, client }: TargetFile): Promise<ClientUnderTest> {
  const { redirectUri, scope } = client;
  const { id, secret } = await control.clients.create({ bank, redirectUris: [redirectUri], scope });
  return { id, secret: secret ?? '', redirectUri, scope };
}

/** Gives the scenarios the mock's settings, clients and clock, and returns what puts them back. */
async function takeOver(control: TenantHandle): Promise<() => Promise<void>> {
  const before = await control.settings.get();
  const known = new Set((await control.clients.list()).map(({ bank, id }) => `${bank} ${id}`));
  await control.settings.patch({ bs2: { rateLimit: 'off' } });
  return async () => {
    for (const { bank, id } of await control.clients.list()) {
      if (!known.has(`${bank} ${id}`)) await control.clients.delete(id, bank);
    }
    const { environment } = before;
    const { rateLimit, allowedAddresses } = before.bs2;
    const { refreshQuota, companies, secondFactor, discovery, requireOperator } = before.btg;
    await control.settings.patch({
      environment,
      bs2: { rateLimit, allowedAddresses, httpsRedirectUris: before.bs2.httpsRedirectUris },
      btg: {
        refreshQuota,
        companies,
        secondFactor,
        discovery,
        requireOperator,
        httpsRedirectUris: before.btg.httpsRedirectUris,
      },
    });
    await control.clock.reset();
  };
}

/** Token requests a minute; the bank's own limit where the file says nothing of a real bank, none at a mock. */
function paceOf({ bank, pace, control }: TargetFile): number | null {
  if (pace === 'off') return null;
  if (pace !== undefined) return pace.tokenRequestsPerMinute;
  return control === undefined ? profiles[bank].tokenRequestsPerMinute : null;
}
