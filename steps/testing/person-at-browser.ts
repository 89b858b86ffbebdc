import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { parse } from 'yaml';
import { createHttpTransport } from '../../client/http-transport.js';
import { walkConsent } from '../../client/user-agent/consent-walk.js';
import { createHttpUserAgent } from '../../client/user-agent/http-user-agent.js';
import { totpCode, totpStep } from '../../mock-server/tenants/totp.js';
import type { PersonAtTerminal } from './terminal-run.js';

/** What somebody has who can log in at a stand-in. */
export interface StandInUser {
  readonly username: string;
  readonly password: string;
  /** PEM of the authority that their browser trusts. */
  readonly ca: string;
  readonly redirectUri: string;
  /** What the app shows now. */
  readonly appCode: () => string;
}

const targetSchema = v.object({
  client: v.object({ redirectUri: v.string() }),
  tls: v.object({ ca: v.string() }),
  user: v.object({ username: v.string(), password: v.string(), secondFactor: v.object({ totpSecret: v.string() }) }),
});

/** The user of a target file that a stand-in wrote. */
export async function standInUser(targetFile: string): Promise<StandInUser> {
  const { client, tls, user } = v.parse(targetSchema, parse(await readFile(targetFile, 'utf8')));
  const { username, password, secondFactor } = user;
  const appCode = (): string => totpCode(secondFactor.totpSecret, totpStep(Date.now()));
  return { username, password, ca: await readFile(tls.ca, 'utf8'), redirectUri: client.redirectUri, appCode };
}

/** Somebody who opens each address that they are asked to, logs in, answers, and ends at the redirect URI. */
export function personAtBrowser(
  user: StandInUser,
  arrive: (back: string, type: (line: string) => void) => void,
): PersonAtTerminal {
  const done = new Set<string>();
  const { username, password, ca, redirectUri, appCode } = user;
  return (said, type) => {
    for (const [, decision = '', address = ''] of said.matchAll(
      /you are asked to (approve|refuse)[^]*?\n +(https:\S+)/g,
    )) {
      if (done.has(address)) continue;
      done.add(address);
      const userAgent = createHttpUserAgent({ fetch: createHttpTransport({ ca }) });
      void walkConsent(userAgent, address, {
        redirectUri,
        username,
        password,
        secondFactor: { kind: 'app', code: async () => appCode() },
        decision: decision === 'approve' ? 'approve' : 'deny',
      }).then(({ redirectTo }) => arrive(redirectTo, type));
    }
  };
}
