import type { BankCall } from './bank-call.js';
import { mentions } from './refresh-chain.js';

/** What a refresh has to look like. */
export interface ExpectedRefresh {
  readonly bank: 'bs2' | 'btg';
  readonly refreshToken: string;
  readonly clientSecret: string;
}

/** What is wrong with a refresh, and what was expected in its place. */
export interface RefreshFault {
  readonly expected: string;
  readonly actual: string;
}

/** Judges a request that asks for new tokens with a refresh token. Null where nothing is wrong with it. */
export function refreshFault(call: BankCall, expected: ExpectedRefresh): RefreshFault | null {
  return formFault(call, expected) ?? authenticationFault(call, expected) ?? answerFault(call, expected);
}

function formFault(call: BankCall, { refreshToken, clientSecret }: ExpectedRefresh): RefreshFault | null {
  const { method, url, headers, form } = call;
  if (method !== 'POST') return { expected: 'a refresh by POST', actual: `a ${method}` };
  const isInAddress = (secret: string): boolean =>
    url.href.includes(secret) || [...url.searchParams.values()].includes(secret);
  if (isInAddress(refreshToken) || isInAddress(clientSecret)) {
    return { expected: 'a refresh whose secrets are in its body', actual: 'secrets in its address, which logs keep' };
  }
  const type = headers.get('content-type') ?? 'none';
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type)) {
    return { expected: 'a refresh as a form', actual: `the content type ${type.slice(0, 60)}` };
  }
  if (form.get('grant_type') !== 'refresh_token') {
    return {
      expected: 'grant_type=refresh_token',
      actual: form.has('grant_type') ? 'another grant_type' : 'no grant_type',
    };
  }
  if (form.get('refresh_token') === refreshToken) return null;
  if (mentions(call, refreshToken)) {
    const member = [...form].find(([, value]) => value === refreshToken)?.[0];
    return { expected: 'the refresh token as refresh_token', actual: `it as ${member ?? 'part of something else'}` };
  }
  return { expected: 'the refresh token as refresh_token', actual: 'a refresh without it' };
}

function authenticationFault({ basic, form }: BankCall, { bank }: ExpectedRefresh): RefreshFault | null {
  const isInBody = form.has('client_secret');
  if (basic !== null && isInBody) {
    return { expected: 'one client authentication', actual: 'two: Basic and client_secret in the body' };
  }
  if (basic === null && !isInBody) {
    return { expected: 'a refresh with client authentication', actual: 'a refresh without' };
  }
  if (bank === 'btg' && isInBody) {
    return { expected: 'client authentication by Basic, as BTG documents it', actual: 'client_secret in the body' };
  }
  return null;
}

function answerFault({ form, answer, outcome }: BankCall, { bank }: ExpectedRefresh): RefreshFault | null {
  if (bank === 'bs2' && (form.get('scope') ?? '') === '') {
    return { expected: 'a refresh with scope, which BS2 wants', actual: 'a refresh without scope' };
  }
  if (answer.status === 200) return null;
  return {
    expected: 'a refresh that the bank grants',
    actual: `${String(answer.status)}, ${outcome ?? 'without a reason'}`,
  };
}
