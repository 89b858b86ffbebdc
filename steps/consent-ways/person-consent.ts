import { isAt } from '../authorization-return.js';
import { PrerequisiteFailure } from '../check-failure.js';
import { interruption } from '../interruption.js';
import type { PersonTerminal } from '../person-terminal.js';
import type { ConsentInput } from '../target.js';
import { bookWait } from '../waiting-time.js';
import type { ConsentWay } from './consent-way.js';
import { browserAddress } from './http-consent.js';
import { listenForRedirect } from './redirect-listener.js';
import type { RedirectListener } from './redirect-listener.js';

/** What person mode works with. */
export interface PersonConsentOptions {
  readonly terminal: PersonTerminal;
  /** Opens the address in the person's browser; null prints it only. */
  readonly open: ((url: string) => void) | null;
  /** How many consents the run asks for at most; null where nobody counted. */
  readonly expected: number | null;
  /** Default ten minutes: a login with a second factor, by somebody who had gone for coffee. */
  readonly patienceMs?: number;
}

/**
 * Asks a person to log in and answer in a browser of their own. A redirect to an address of this machine is caught; for
 * any other, and where that is not possible, the person pastes the address at which the browser ended.
 */
export function createPersonConsent({
  terminal,
  open,
  expected,
  patienceMs = 600_000,
}: PersonConsentOptions): ConsentWay {
  const used = new Set<string>();
  let count = 0;

  async function cameBack(
    listener: RedirectListener | null,
    input: ConsentInput,
    signal: AbortSignal,
  ): Promise<string> {
    // Who is not heard any more takes no line from the next question.
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const ways = [pasted(input, either), ...(listener === null ? [] : [listener.next(either)])];
    try {
      return await Promise.race(ways);
    } finally {
      over.abort(new Error('the redirect is there'));
      await Promise.allSettled(ways);
    }
  }

  async function pasted({ client, authorizationUrl }: ConsentInput, signal: AbortSignal): Promise<string> {
    let doubted: string | null = null;
    for (;;) {
      const line = await terminal.line(signal);
      if (line === '') continue;
      const problem = problemOf(line, client.redirectUri, used);
      if (problem === null) {
        // Mostly an older tab; a bank that changes the state is to be judged all the same.
        if (line === doubted || stateOf(line) === stateOf(authorizationUrl)) return line;
        doubted = line;
        terminal.say(
          'That has not the state of this consent: an older tab? If it is the right one, paste it once more.\n',
        );
        continue;
      }
      terminal.say(`${problem} Paste the whole address, please:\n`);
    }
  }

  return {
    async consent({ fetch }, input) {
      if (!terminal.isAttended) throw new PrerequisiteFailure('somebody at a terminal', 'nobody');
      const { redirectUri } = input.client;
      count += 1;
      const address = await browserAddress(fetch, input);
      const listener = await listenForRedirect(redirectUri);
      terminal.say(
        request(input, { count, expected, address, patienceMs, listens: listener !== null, opens: open !== null }),
      );
      open?.(address);
      const late = AbortSignal.timeout(patienceMs);
      const began = performance.now();
      const countdown = terminal.countdown('Waiting for you to come back from the bank', patienceMs);
      try {
        const back = await cameBack(listener, input, AbortSignal.any([late, interruption.signal]));
        used.add(back);
        return back;
      } catch (error) {
        if (late.aborted)
          throw new PrerequisiteFailure(
            'somebody to come back from the bank',
            `nobody in ${String(Math.round(patienceMs / 60_000))} minutes`,
          );
        throw error;
      } finally {
        countdown.end();
        listener?.close();
        bookWait('person', performance.now() - began);
      }
    },
    close: async () => undefined,
  };
}

function stateOf(address: string): string | null {
  return new URL(address).searchParams.get('state');
}

/** What is wrong with a pasted line; null where it is where the bank sends the user. */
function problemOf(line: string, redirectUri: string, used: ReadonlySet<string>): string | null {
  if (!URL.canParse(line)) return 'That is no address.';
  if (!isAt(new URL(line), redirectUri)) return `That is not an address at ${redirectUri}.`;
  return used.has(line) ? 'That is the address of an earlier consent.' : null;
}

interface Request {
  readonly count: number;
  readonly expected: number | null;
  readonly address: string;
  readonly patienceMs: number;
  readonly listens: boolean;
  readonly opens: boolean;
}

const factorNames = { app: 'the code of the app', sms: 'the code sent by SMS' };

function request({ decision, user, factor, company, client }: ConsentInput, how: Request): string {
  const { count, expected, address, patienceMs, listens, opens } = how;
  const of = expected === null ? '' : ` of ${String(expected)}`;
  const who = user.username === '' ? 'Log in' : `Log in as ${user.username}`;
  const what = [
    ...(factor === undefined ? [] : [`where you are asked, confirm with ${factorNames[factor]}`]),
    ...(company === undefined ? [] : [`choose the company ${company}`]),
  ];
  const answer = decision === 'approve' ? 'APPROVE the consent' : 'REFUSE the consent (Recusar, Negar or Cancelar)';
  const back = listens
    ? `Your browser comes back to ${client.redirectUri}, where homologa listens. If it does not, paste its address here.`
    : `Copy the address at which your browser ends (it begins with ${client.redirectUri}; an error page there is fine)\n     and paste it here.`;
  return [
    '',
    `Consent ${String(count)}${of}: you are asked to ${decision === 'approve' ? 'approve' : 'refuse'} at the bank.`,
    `  1. ${opens ? 'Your browser opens' : 'Open'} this address:`,
    '',
    `     ${address}`,
    '',
    `  2. ${[who, ...what].join('; ')}.`,
    `  3. ${answer}.`,
    `  4. ${back}`,
    `You have ${String(Math.round(patienceMs / 60_000))} minutes; Ctrl-C ends the run.`,
    '',
  ].join('\n');
}
