import { isCnpj, isCpf } from '../../tenants/taxpayer-number.js';
import { elapsed } from './elapsed.js';
import { bothBanks } from './finding.js';
import type { FindingRule, Judgement, Severity } from './finding.js';
import { isMasked } from './masked.js';
import { couldKnow } from './seen-exchange.js';
import type { SeenExchange } from './seen-exchange.js';
import type { SeenAuthorization } from './seen-traffic.js';
import type { FreshName, TrafficHistory } from './traffic-history.js';

/** What of an authorization request, besides `state`, defends the callback at this bank; BS2 knows neither. */
function otherDefence({ bank, parameters }: SeenExchange): string | null {
  if (bank === 'bs2') return null;
  const method = parameters.get('code_challenge_method');
  if (parameters.get('code_challenge') !== undefined && method === 'S256') return 'PKCE';
  return parameters.get('nonce') === undefined ? null : 'the nonce';
}

/** Whether it is an attempt of a client at all, and no visitor's bare address. */
function isAttempt({ clientKey, parameters }: SeenExchange): boolean {
  return clientKey !== null && parameters.get('response_type') !== undefined;
}

function judgeMissingState(seen: SeenExchange): Judgement | null {
  if (!isAttempt(seen) || seen.parameters.get('state') !== undefined) return null;
  const defence = otherDefence(seen);
  if (defence !== null) {
    return { severity: 'info', message: `No state was sent; ${defence} alone defends the callback against forgery.` };
  }
  return seen.bank === 'bs2'
    ? 'No state was sent: at BS2 nothing else ties the callback to the customer who started it.'
    : 'No state was sent, nor a nonce or a code_challenge: nothing ties the callback to the customer who started it.';
}

interface Reuse {
  readonly severity: Severity;
  readonly of: SeenAuthorization;
}

/**
 * An address that is opened again before it led anywhere is a reload, or a backend's retry. One that led somewhere and
 * is opened again by a browser that the bank has seen may be the Back button.
 */
function findReuse(seen: SeenExchange, earlier: readonly SeenAuthorization[]): Reuse | null {
  const other = earlier.findLast(({ by }) => by.url !== seen.url || by.body !== seen.body);
  if (other !== undefined) return { severity: 'failed', of: other };
  const completed = earlier.filter(({ completedBy }) => completedBy !== null && couldKnow(seen, completedBy));
  const last = completed.at(-1);
  if (last === undefined) return null;
  return { severity: completed.length === 1 && seen.header('cookie') !== null ? 'info' : 'failed', of: last };
}

function judgeFreshness(name: FreshName, seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const value = seen.parameters.get(name);
  if (value === undefined) return null;
  const reuse = findReuse(seen, history.authorizationsWith(name, value));
  if (reuse === null) return null;
  const { severity, of } = reuse;
  const since = seen.receivedAtMs - of.by.receivedAtMs;
  const when = since < 0 ? '' : ` ${elapsed(since)} before`;
  const asked = severity === 'info' ? '; a customer who went back in the browser does that, too' : '';
  return {
    severity,
    message: `The ${name} of this request was used${when} by request ${String(of.by.entry)}${asked}.`,
  };
}

/** How many values a state of this make could have, in bits; a generous guess, since one sample does not tell. */
function bitsOf(value: string): number {
  const alphabet =
    (/[0-9]/.test(value) ? 10 : 0) +
    (/[a-z]/.test(value) ? 26 : 0) +
    (/[A-Z]/.test(value) ? 26 : 0) +
    (/[^0-9a-zA-Z]/.test(value) ? 4 : 0);
  const varied = Math.min(value.length, 3 * new Set(value).size);
  return varied * Math.log2(Math.max(alphabet, 2));
}

/** How a state can be guessed; null where it looks random. */
function guessability(value: string, previous: string | undefined): string | null {
  const plain = value.replaceAll(/[.\-/]/g, '');
  if (isCpf(plain) || /^«(cpf|person)#/.test(value)) return 'is a CPF';
  if (isCnpj(plain) || /^«company#/.test(value)) return 'is a CNPJ';
  if (isMasked(value)) return null;
  if (previous !== undefined && isNextNumber(previous, value)) return 'counts up from the one before';
  if (/^\d{1,15}$/.test(value)) return 'is a number';
  return bitsOf(value) < 48 ? 'is short' : null;
}

function isNextNumber(previous: string, value: string): boolean {
  const [, head, digits] = /^(.{0,60}?)(\d{1,15})$/.exec(value) ?? [];
  const [, previousHead, previousDigits] = /^(.{0,60}?)(\d{1,15})$/.exec(previous) ?? [];
  if (digits === undefined || previousDigits === undefined || head !== previousHead) return false;
  const step = Number(digits) - Number(previousDigits);
  return step > 0 && step <= 100;
}

function judgeGuessable(seen: SeenExchange, history: TrafficHistory): Judgement | null {
  const state = seen.parameters.get('state');
  if (state === undefined || !isAttempt(seen)) return null;
  const how = guessability(state, history.lastAuthorizationOf(seen)?.by.parameters.get('state'));
  if (how === null) return null;
  const defence = otherDefence(seen);
  const isPerson = how.startsWith('is a C');
  const message = `The state ${how}: whoever guesses it can forge a callback${
    isPerson ? ', and addresses end up in logs and histories' : ''
  }.`;
  if (defence !== null) return { severity: isPerson ? 'warning' : 'info', message };
  return { severity: isPerson || how.startsWith('counts') ? 'failed' : 'warning', message };
}

/** What keeps a stranger's code out of a customer's session. */
export const forgeryDefenceRules: readonly FindingRule[] = [
  {
    id: 'state-missing',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC6749-10.12-a', 'RFC9700-2.1-c'],
    description: 'An authorization request has no state, and no PKCE or nonce in its place.',
    advice: 'Send a fresh random state, keep it in the customer’s session, and compare it at the callback.',
    judge: judgeMissingState,
  },
  {
    id: 'state-reused',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC6749-10.12-a', 'RFC9700-4.2.4-a'],
    description: 'The state of an authorization request was sent before.',
    advice: 'Make a new state for each authorization request and forget it at its callback.',
    judge: (seen, history) => judgeFreshness('state', seen, history),
  },
  {
    id: 'state-guessable',
    severity: 'failed',
    banks: bothBanks,
    endpoints: ['authorize'],
    requirements: ['RFC6749-10.12-a'],
    description: 'The state looks guessable: short, a number, one more than the last, a CPF or CNPJ.',
    advice: 'Make it of 128 random bits; keep what identifies the customer in your session, under that value.',
    judge: judgeGuessable,
  },
  {
    id: 'nonce-reused',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['authorize'],
    requirements: ['RFC9700-2.1.1-a', 'RFC9700-2.1-c'],
    description: 'The nonce of an authorization request was sent before.',
    advice: 'Make a new nonce for each authorization request.',
    judge: (seen, history) => judgeFreshness('nonce', seen, history),
  },
  {
    id: 'code-challenge-reused',
    severity: 'failed',
    banks: ['btg'],
    endpoints: ['authorize'],
    requirements: ['RFC7636-4.1-a', 'RFC9700-2.1.1-a'],
    description: 'The code_challenge of an authorization request was sent before.',
    advice: 'Make a new code_verifier for each authorization request.',
    judge: (seen, history) => judgeFreshness('code_challenge', seen, history),
  },
];
