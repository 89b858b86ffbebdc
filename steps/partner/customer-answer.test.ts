import { describe, expect, it } from 'vitest';
import { describeShown, readCustomerAnswer, usualUrlsOf } from './customer-answer.js';
import type { AnswerReading } from './customer-answer.js';

const callApi = 'http://127.0.0.1:3000/balance';
const bankLogin = 'http://localhost:4010/bs2/login?session=1';
const reading = (signal?: AnswerReading['signal']): AnswerReading => ({
  signal,
  usualUrls: [callApi],
  isAtBank: (url) => url.startsWith('http://localhost:4010/'),
});
const shown = (status: number, { url = callApi, body = '', retryAfter = '' } = {}) => ({
  status,
  url,
  body,
  headers: new Headers(retryAfter === '' ? {} : { 'retry-after': retryAfter }),
});

describe('without a signal in the file', () => {
  it.each([
    [200, 'served'],
    [202, 'unavailable'],
    [401, 'consent-asked'],
    [403, 'consent-asked'],
    [409, 'consent-asked'],
    [422, 'consent-asked'],
    [429, 'unavailable'],
    [500, 'crashed'],
    [501, 'crashed'],
    [502, 'unavailable'],
    [503, 'unavailable'],
  ])('%i is %s', (status, answer) => {
    expect(readCustomerAnswer(shown(status), reading())).toBe(answer);
  });

  it('an answer that says later is served where the application always says so', () => {
    const later = { ...reading(), usualStatus: 202 };
    expect(readCustomerAnswer(shown(202), later)).toBe('served');
    expect(readCustomerAnswer(shown(200, { retryAfter: '1' }), later)).toBe('unavailable');
  });

  it('a redirect to the bank asks for a consent, whatever the login page’s status', () => {
    expect(readCustomerAnswer(shown(200, { url: bankLogin }), reading())).toBe('consent-asked');
  });

  it('a redirect to another page of the application asks for a consent', () => {
    expect(readCustomerAnswer(shown(200, { url: 'http://127.0.0.1:3000/connect' }), reading())).toBe('consent-asked');
  });

  it('another query is no other page', () => {
    expect(readCustomerAnswer(shown(200, { url: `${callApi}?conta=1` }), reading())).toBe('served');
  });

  it('an error page elsewhere is an error', () => {
    expect(readCustomerAnswer(shown(500, { url: 'http://127.0.0.1:3000/erro' }), reading())).toBe('crashed');
  });

  it('a server error that says when to come back is no crash', () => {
    expect(readCustomerAnswer(shown(500, { retryAfter: '2' }), reading())).toBe('unavailable');
  });
});

describe('with a signal', () => {
  it.each([
    [{ status: 409 }, shown(409), 'consent-asked'],
    [{ status: 409 }, shown(401), 'unavailable'],
    [{ status: 409 }, shown(200), 'served'],
    [{ status: 409 }, shown(500), 'crashed'],
    [{ status: 409 }, shown(200, { url: bankLogin }), 'consent-asked'],
    [{ status: 503 }, shown(503), 'consent-asked'],
    [{ bodyMatches: 'reconect' }, shown(200, { body: 'É preciso reconectar' }), 'consent-asked'],
    [{ bodyMatches: 'reconect' }, shown(200, { body: 'saldo: 10' }), 'served'],
    [{ status: 401, bodyMatches: 'reconect' }, shown(401, { body: 'tente de novo' }), 'unavailable'],
    [{ status: 302 }, shown(200, { url: 'http://127.0.0.1:3000/connect' }), 'consent-asked'],
    [{ status: 302 }, shown(200), 'served'],
  ] as const)('%j and %j', (signal, answer, expected) => {
    expect(readCustomerAnswer(answer, reading({ ...signal }))).toBe(expected);
  });
});

it('describes answers by their status, and the bank’s pages as what they are', () => {
  expect(describeShown(shown(409), reading())).toBe('409');
  expect(describeShown(shown(200, { url: bankLogin }), reading())).toBe('the bank’s login');
});

it('takes no address for a strange one where every call ends at one of its own', () => {
  expect(usualUrlsOf([callApi], callApi)).toEqual([callApi]);
  expect(usualUrlsOf([callApi], null)).toEqual([callApi]);
  const jobs = usualUrlsOf([callApi], 'http://127.0.0.1:3000/jobs/1');
  expect(jobs).toBe(null);
  const ended = shown(200, { url: 'http://127.0.0.1:3000/jobs/2' });
  expect(readCustomerAnswer(ended, { ...reading(), usualUrls: jobs })).toBe('served');
});
