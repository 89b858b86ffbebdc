import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openBrowser } from '../../foundation/open-browser.js';
import type { TenantHandle } from '../../mock-server/tenant-handle.js';
import { personTerminal } from '../person-terminal.js';
import { browserProxyOf } from '../proxy-variables.js';
import type { ConsentLimits } from '../target.js';
import { noConsentLimits } from '../target.js';
import { TargetFileError } from '../target-file.js';
import type { TargetFile } from '../target-file.js';
import { guardAccount } from './account-guard.js';
import { createBrowserConsent } from './browser-consent.js';
import type { ConsentMode, ConsentWay } from './consent-way.js';
import { consentByControl } from './control-consent.js';
import { consentOverHttp } from './http-consent.js';
import { loadLoginScript, scriptPath } from './login-script.js';
import type { LoginScript } from './login-script.js';
import { createPersonConsent } from './person-consent.js';

/** What a run says of the persons it asks. */
export interface PersonOptions {
  /** How many consents it asks for at most; null where nobody counted. */
  readonly expectedConsents: number | null;
  /** Whether addresses are opened in the default browser, and not printed only. */
  readonly opensBrowser: boolean;
}

/** A way to consent, and what cannot be asked of it. */
export interface OpenedConsentWay {
  readonly way: ConsentWay;
  readonly limits: ConsentLimits;
}

/**
 * The way to consent that a target file names. At a bank that others use, the account is guarded.
 *
 * @throws TargetFileError (`ERR_TARGET_FILE`)
 */
export async function openConsentWay(
  file: TargetFile,
  path: string,
  control: TenantHandle | null,
  { expectedConsents, opensBrowser }: PersonOptions,
): Promise<OpenedConsentWay> {
  const guarded = (way: ConsentWay): ConsentWay => (control === null ? guardAccount(way) : way);
  switch (file.consent) {
    case 'control': {
      if (control === null) {
        throw new TargetFileError(path, 'consent: control needs the address of a mock’s control API in control');
      }
      const way = {
        consent: (_access: unknown, input: Parameters<typeof consentByControl>[1]) => consentByControl(control, input),
      };
      return { way: { ...way, close: async () => undefined }, limits: limitsOf('control') };
    }
    case 'http':
      return { way: guarded({ consent: consentOverHttp, close: async () => undefined }), limits: noConsentLimits };
    case 'browser': {
      const script = await loadLoginScript(scriptPath(file, path), path);
      const ca = file.tls?.ca === undefined ? null : await readFile(resolve(dirname(path), file.tls.ca), 'utf8');
      const way = createBrowserConsent({ script, ca, proxy: browserProxyOf(process.env) });
      return { way: guarded(way), limits: limitsOf('browser', { script }) };
    }
    case 'person': {
      const terminal = personTerminal();
      const open = opensBrowser ? (url: string) => openBrowser(url, () => undefined) : null;
      const way = createPersonConsent({ terminal, open, expected: expectedConsents });
      return { way: guarded(way), limits: limitsOf('person', { isAttended: terminal.isAttended }) };
    }
  }
}

/** What cannot be asked where users consent so, as far as can be told without asking. */
export function limitsOf(
  mode: ConsentMode,
  { script, isAttended = true }: { readonly script?: LoginScript; readonly isAttended?: boolean } = {},
): ConsentLimits {
  if (mode === 'http') return noConsentLimits;
  const redirect = mode === 'browser' ? null : `consent: ${mode} does not show how the bank sends the user back`;
  if (mode === 'control') return { ...noConsentLimits, redirect };
  const typing = `consent: ${mode} leaves the bank’s pages to ${mode === 'person' ? 'a person' : 'the login script'}; this scenario types into them itself`;
  if (mode === 'browser') {
    const cannotDeny = script !== undefined && !script.decisions.includes('deny');
    return { typing, redirect, approval: null, denial: cannotDeny ? 'the login script only approves' : null };
  }
  const nobody = isAttended ? null : 'consent: person needs a terminal, and nobody is at one';
  return { typing, redirect, approval: nobody, denial: nobody };
}
