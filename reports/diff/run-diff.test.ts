import { describe, expect, it } from 'vitest';
import { recordEvidence } from '../evidence-recorder.js';
import type { Exchange } from '../exchange.js';
import { jsonForm } from '../json-form.js';
import { evidenceLine, readRunEvidence } from '../run-evidence.js';
import type { RunEvidence } from '../run-evidence.js';
import { AcceptedDifferencesError, judgeDiff, readAcceptedDifferences } from './accepted-differences.js';
import { diffPage } from './diff-page.js';
import { diffTable, joinedPatch } from './diff-table.js';
import { diffRuns } from './run-diff.js';

interface Told {
  readonly step?: string;
  readonly path?: string;
  readonly accept?: string;
  readonly form?: string;
  readonly status?: number;
  readonly headers?: readonly [string, string][];
  readonly body?: string;
  /** False as in streams of before forms were recorded. */
  readonly isFormed?: boolean;
}
interface ToldCheck {
  readonly id: string;
  readonly verdict?: 'passed' | 'failed' | 'skipped';
  readonly actual?: string;
  readonly told: readonly Told[];
}

const jsonType: [string, string] = ['content-type', 'application/json'];
let runs = 0;

function exchangeOf(told: Told): Exchange {
  const {
    step = 'the client redeems the code',
    path = '/auth/oauth/v2/token',
    form = 'grant_type=refresh_token',
  } = told;
  const { status = 200, headers = [jsonType], body = '', accept = 'application/json', isFormed = true } = told;
  const json = isFormed ? jsonForm(body) : null;
  return {
    step,
    startedAtMs: runs * 1000,
    durationMs: 1,
    problem: null,
    request: {
      method: form === '' ? 'GET' : 'POST',
      url: `http://127.0.0.1:${String(4000 + runs)}/t/t-${String(runs)}/bs2${path}`,
      headers: [['accept', accept]],
      body: form === '' ? null : form,
      omitted: 0,
    },
    response: {
      status,
      headers: [...headers],
      body: body === '' ? null : body,
      omitted: 0,
      ...(json === null ? {} : { json }),
    },
  };
}

function runOf(checks: readonly ToldCheck[], environment = 'http://127.0.0.1:4010'): RunEvidence {
  runs += 1;
  const lines: string[] = [];
  const facts = { target: 'mock', environment, bank: null, tags: null, commit: null, command: 'run' };
  const versions = { homologa: '0', node: '20', strict: false, expectedFailures: null };
  const recorder = recordEvidence({ startedAt: '2026-11-22T12:00:00.000Z', ...facts, ...versions }, (record) => {
    lines.push(evidenceLine(record));
  });
  for (const [index, { id, verdict = 'passed', actual, told }] of checks.entries()) {
    recorder.check({
      index,
      pickleId: id,
      fault: null,
      check: {
        id,
        verdict,
        requirements: ['BS2-a'],
        scenario: 'S',
        bank: 'bs2',
        expected: null,
        actual: actual ?? null,
        reason: verdict === 'skipped' ? 'lacks clock' : null,
      },
      played: {
        conduct: 'positive',
        needs: [],
        feature: { path: 'f.feature', line: 1 },
        steps: [],
        exchanges: told.map(exchangeOf),
        startedAtMs: 0,
        durationMs: 5,
      },
    });
  }
  recorder.end({ durationMs: 1, incomplete: false, faults: [] });
  return readRunEvidence(lines.join(''));
}

const one = (told: Told): RunEvidence => runOf([{ id: 'bs2-a', told: [told] }]);
const differ = (a: Told, b: Told) =>
  diffRuns(one(a), one(b)).differences.map(({ id, a: one, b: other, advice }) => ({ id, a: one, b: other, advice }));
const wire = (...rules: object[]) => ({ patch: { bs2: { wire: rules } } });

describe('diffRuns', () => {
  it('leaves out what must differ', () => {
    const told = (n: number): Told => ({
      status: 400,
      headers: [
        jsonType,
        ['Date', `Thu, 26 Nov 2026 00:00:0${String(n)} GMT`],
        ['x-request-id', `0a1b2c3d4e5f60718${String(n)}`],
        ['content-length', String(n)],
      ],
      body: `{"error":"invalid_request","error_description":"request 71c2a3de-0000-4000-8000-00000000000${String(n)} of «client#${String(n)}» at 2026-11-26T00:00:0${String(n)}Z, http://127.0.0.1:400${String(n)}/t/t-${String(n)}/x"}`,
    });
    expect(differ(told(1), told(2))).toEqual([]);
  });

  it.each([
    [
      'a header that is missing',
      { headers: [jsonType, ['pragma', 'no-cache'] as [string, string]] },
      {},
      'bs2.header.pragma',
      wire({ omitHeaders: ['pragma'] }),
    ],
    [
      'another layout',
      { body: '{"a":1}' },
      { body: '{\n  "a": 1\n}' },
      'bs2.token.json-whitespace',
      wire({ json: 'lines-lf' }),
    ],
    [
      'a member that is missing',
      { body: '{"a":1,"scope":"s"}' },
      { body: '{"a":1}' },
      'bs2.token.member.scope',
      wire({ when: { at: 'token', status: 200 }, omitMembers: ['scope'] }),
    ],
    [
      'another type',
      { body: '{"a":1}' },
      { body: '{"a":"1"}' },
      'bs2.token.member.a',
      wire({ when: { at: 'token', status: 200 }, setMembers: { a: '1' } }),
    ],
    [
      'another order',
      { body: '{"a":1,"b":2}' },
      { body: '{"b":2,"a":1}' },
      'bs2.token.member-order',
      wire({ when: { at: 'token', status: 200 }, memberOrder: ['b', 'a'] }),
    ],
    [
      'another lifetime',
      { body: '{"expires_in":420}' },
      { body: '{"expires_in":300}' },
      'bs2.token.lifetime.access_token',
      { patch: { bs2: { accessTokenLifetime: 'PT5M' } } },
    ],
    [
      'another status',
      { status: 400 },
      { status: 401 },
      'bs2.token.status',
      wire({ when: { at: 'token', status: 400 }, status: 401 }),
    ],
    [
      'another text',
      { status: 401, body: 'Invalid token' },
      { status: 401, body: 'No' },
      'bs2.token.body',
      wire({ when: { at: 'token', status: 401 }, body: 'No' }),
    ],
  ])('tells %s, and the setting that removes it', (_what, a: Told, b: Told, id, advice) => {
    expect(differ(a, b)).toEqual([expect.objectContaining({ id, advice })]);
    expect(differ(b, a)).toHaveLength(1);
  });

  it('has one row for one cause, and the narrowest rule that is true', () => {
    const refusal = (error: string, text: string): Told => ({
      status: 400,
      body: `{"error":"${error}","error_description":"${text}"}`,
    });
    const checks = (text: string) => [
      { id: 'bs2-a', told: [refusal('invalid_grant', text), refusal('invalid_request', 'same')] },
      { id: 'bs2-b', told: [refusal('invalid_grant', text)] },
    ];
    const [row, ...others] = diffRuns(runOf(checks('old')), runOf(checks('novo'))).differences;
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      id: 'bs2.token.error-body.invalid_grant',
      answers: 2,
      places: [{ check: 'bs2-a' }, { check: 'bs2-b' }],
    });
    expect(row?.advice).toEqual(
      wire({
        when: { at: 'token', status: 400, error: 'invalid_grant' },
        body: { error: 'invalid_grant', error_description: 'novo' },
      }),
    );
  });

  it('says that no setting helps where answers of the same kind agree', () => {
    const told = (type: string): Told => ({ status: 401, body: type });
    const a = runOf([{ id: 'bs2-a', told: [told('x'), told('x')] }]);
    const b = runOf([{ id: 'bs2-a', told: [told('y'), told('x')] }]);
    expect(diffRuns(a, b).differences).toMatchObject([{ advice: { none: expect.stringMatching(/agree/) as string } }]);
  });

  it('does not take away the cookie of the pages of the mock, without which their forms are refused', () => {
    const page = (headers: readonly [string, string][]): Told => ({
      path: '/login',
      accept: 'text/html',
      form: '',
      headers: [['content-type', 'text/html'], ...headers],
      body: '<p>Entre</p>',
    });
    expect(
      differ(
        page([
          ['set-cookie', 's=1'],
          ['x-frame-options', 'DENY'],
        ]),
        page([]),
      ),
    ).toMatchObject([
      { id: 'bs2.header.set-cookie', advice: { none: expect.stringContaining('cookie') as string } },
      { id: 'bs2.header.x-frame-options', advice: wire({ omitHeaders: ['x-frame-options'] }) },
    ]);
  });

  it('keeps a row of the table on its line, whatever lines a body has', () => {
    const told = (body: string): Told => ({ status: 401, headers: [['content-type', 'text/plain']], body });
    const diff = diffRuns(one(told('Invalid\r\ntoken')), one(told('Expired token')));
    const [, , row] = diffTable(judgeDiff(diff, [], '2026-11-26'), 'diff.html').split('\n');
    expect(row).toMatch(/Invalid token +Expired token/);
  });

  it('leaves the words of pages alone, however many there are', () => {
    const page = (body: string): Told => ({
      path: '/login',
      accept: 'text/html',
      form: '',
      headers: [['content-type', 'text/html']],
      body,
    });
    const a = runOf([{ id: 'bs2-a', told: [page('<p>Entre</p>'), page('<p>Token</p>')] }]);
    const b = runOf([{ id: 'bs2-a', told: [page('<h1>Olá</h1>')] }]);
    expect(diffRuns(a, b)).toMatchObject({ differences: [], answers: 1 });
  });

  it('compares what takes the user back to the client by its parameters', () => {
    const redirect = (query: string): Told => ({
      path: '/authorize?response_type=code&redirect_uri=https%3A%2F%2Fclient.example%2Fcb',
      accept: 'text/html',
      form: '',
      status: 302,
      headers: [['location', `https://client.example/cb?${query}`]],
    });
    expect(
      differ(redirect('code=«code#1»&state=a'), redirect('state=b&code=«code#2»&iss=x')).map(({ id }) => id),
    ).toEqual(['bs2.redirect.parameter.iss', 'bs2.redirect.parameter-order']);
  });

  it('reads streams of before forms were recorded', () => {
    const told = (body: string, isFormed: boolean): Told => ({ body, isFormed });
    expect(differ(told('{"a":"«access_token#1»","b":1}', false), told('{"a":"«access_token#7»","b":2}', true))).toEqual(
      [],
    );
    expect(differ(told('{"a":1}', false), told('{\r\n"a":1}', false))).toHaveLength(1);
  });

  it('lists apart what only one run judged, and what ended otherwise, and leaves out what follows of that', () => {
    const a = runOf([
      { id: 'bs2-a', told: [{ status: 401 }] },
      { id: 'bs2-b', told: [] },
      { id: 'bs2-c', told: [] },
      { id: 'bs2-d', actual: 'no answer', told: [] },
      { id: 'bs2-e', verdict: 'skipped', told: [] },
    ]);
    const b = runOf([
      { id: 'bs2-a', verdict: 'failed', actual: '200', told: [{ status: 200 }] },
      { id: 'bs2-b', verdict: 'skipped', told: [] },
      { id: 'bs2-d', actual: 'an answer', told: [] },
      { id: 'bs2-e', verdict: 'skipped', told: [] },
      { id: 'bs2-f', told: [] },
    ]);
    const { differences, apart } = diffRuns(a, b);
    expect(differences).toEqual([]);
    expect(apart.map(({ kind, check }) => `${kind} ${check}`)).toEqual([
      'other-verdict bs2-a',
      'only-a bs2-b',
      'only-a bs2-c',
      'other-record bs2-d',
      'only-b bs2-f',
    ]);
  });

  it('counts what only one run asked, which is no conduct of a bank', () => {
    const token = { id: 'bs2-a', told: [{ body: '{"a":1}' }, { body: '{"a":1}' }] };
    const diff = diffRuns(runOf([token]), runOf([{ ...token, told: token.told.slice(1) }]));
    expect(diff).toMatchObject({ differences: [], answers: 1, onlyOne: { a: 1, b: 0 } });
    expect(diffTable(judgeDiff(diff, [], '2026-11-26'), 'diff.html')).toContain('1 request sent in A only');
  });

  it('pairs what ran at the same time by its status', () => {
    const raced = (...statuses: number[]) => [{ id: 'bs2-a', told: statuses.map((status) => ({ status })) }];
    expect(diffRuns(runOf(raced(200, 400)), runOf(raced(400, 200))).differences).toEqual([]);
    expect(diffRuns(runOf(raced(200, 400)), runOf(raced(200, 200))).differences).toHaveLength(1);
  });

  it('names the settings of the run that was a mock', () => {
    const told = (pragma: boolean) => [
      {
        id: 'bs2-a',
        told: [{ headers: pragma ? [jsonType, ['pragma', 'no-cache'] as [string, string]] : [jsonType] }],
      },
    ];
    const { mock, differences } = diffRuns(runOf(told(true)), runOf(told(false), 'mock in this process'));
    expect(mock).toBe('b');
    expect(differences).toMatchObject([
      { a: 'no-cache', b: '(absent)', advice: wire({ setHeaders: { pragma: 'no-cache' } }) },
    ]);
  });
});

describe('the list of accepted differences', () => {
  const diff = () => diffRuns(one({ body: '{"expires_in":420}' }), one({ body: '{"expires_in":300}' }));
  const today = '2026-11-26';
  const judge = (yaml: string) => judgeDiff(diff(), readAcceptedDifferences('known.yaml', yaml), today);

  it('accepts a row by its id, and by its values where they are said', () => {
    expect(judge('').isDifferent).toBe(true);
    expect(judge('[{difference: bs2.token.lifetime.access_token, reason: production}]')).toMatchObject({
      isDifferent: false,
      gone: [],
    });
    expect(judge('[{difference: bs2.token.lifetime.access_token, b: 300 s, reason: r}]').isDifferent).toBe(false);
    expect(judge('[{difference: bs2.token.lifetime.access_token, b: 900 s, reason: r}]')).toMatchObject({
      isDifferent: true,
      gone: [{}],
    });
    expect(joinedPatch(judge('[{difference: bs2.token.lifetime.access_token, reason: r}]'))).toEqual({});
  });

  it('reports what is no longer seen, and counts again what was accepted until a day that is over', () => {
    const gone = judge('[{difference: bs2.header.pragma, reason: old}, {scenario: bs2-x, reason: old}]');
    expect(gone.gone).toHaveLength(2);
    expect(diffTable(gone, 'diff.html')).toContain('accepted, but no longer seen: bs2.header.pragma (old)');
    const over = judge('[{difference: bs2.token.lifetime.access_token, reason: r, until: 2026-11-25}]');
    expect(over).toMatchObject({ isDifferent: true, gone: [], outdated: [{ until: '2026-11-25' }] });
  });

  it.each([
    ['[{difference: a}]'],
    ['[{reason: r}]'],
    ['[{difference: a, reason: ""}]'],
    ['[{difference: a, reason: r, until: soon}]'],
    ['{a: 1}'],
    ['['],
  ])('refuses %s', (yaml) => {
    expect(() => readAcceptedDifferences('known.yaml', yaml)).toThrow(AcceptedDifferencesError);
  });
});

it('shows what a bank sent as text, in a page that fetches nothing', () => {
  const a = one({ status: 400, body: '{"error":"x","error_description":"<script>alert(1)</script>"}' });
  const page = diffPage(judgeDiff(diffRuns(a, one({ status: 400, body: '{"error":"x"}' })), [], '2026-11-26'));
  expect(page).toContain('&lt;script&gt;alert(1)');
  expect(page).not.toContain('<script>alert');
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
});
