import { describe, expect, it } from 'vitest';
import type { BankId } from '../banks/bank-id.js';
import { analyseTraffic } from './findings/find-findings.js';
import { challenge, Partner } from './findings/testing/partner.js';
import { readHar, UnreadableHarError } from './har-exchanges.js';

const idsOf = (archive: unknown, bank: BankId): string[] =>
  analyseTraffic(readHar(JSON.stringify(archive), bank).exchanges).findings.map(
    ({ entry, id }) => `${String(entry)} ${id}`,
  );

interface Sketch {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status?: number;
  readonly location?: string;
  readonly answer?: string;
  readonly at?: number;
}

function entry({
  url,
  method = 'GET',
  headers = {},
  body,
  status = 200,
  location,
  answer = '',
  at = 0,
}: Sketch): unknown {
  return {
    startedDateTime: new Date(Date.UTC(2026, 10, 2) + at * 1000).toISOString(),
    time: 20,
    request: {
      method,
      url,
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      ...(body === undefined ? {} : { postData: { mimeType: 'application/x-www-form-urlencoded', text: body } }),
    },
    response: {
      status,
      headers: location === undefined ? [] : [{ name: 'Location', value: location }],
      content: { text: answer },
      redirectURL: '',
    },
  };
}

const archiveOf = (...sketches: Sketch[]): unknown => ({ log: { version: '1.2', entries: sketches.map(entry) } });
const bs2 = 'https://apihmz.exemplo.invalid';
const btg = 'https://id.sandbox.exemplo.invalid';
const basic = { authorization: `Basic ${Buffer.from('l7abc:um-segredo-de-teste').toString('base64')}` };
const query = 'response_type=code&client_id=l7abc&scope=saldo&redirect_uri=https%3A%2F%2Fa.example%2Fcb';
const tokens = (number: number): string =>
  JSON.stringify({
    access_token: `access-de-teste-${String(number)}`,
    refresh_token: `refresh-de-teste-${String(number)}`,
    expires_in: 420,
    scope: 'saldo',
  });

describe('an archive that was recorded elsewhere', () => {
  it('is judged by the same rules, without what only the bank knows', () => {
    const token = `${bs2}/auth/oauth/v2/token`;
    const archive = archiveOf(
      { url: 'https://a.example/connect' },
      {
        url: `${bs2}/api-banking/auth/oauth/v2/authorize?${query}`,
        status: 302,
        location: '/login?s=0123456789abcdef',
      },
      {
        url: `${bs2}/api-banking/auth/oauth/v2/authorize/consent/token?s=0123456789abcdef`,
        method: 'POST',
        status: 302,
        location: 'https://a.example/cb?code=codigo-de-teste',
        at: 5,
      },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=authorization_code&code=codigo-de-teste&redirect_uri=https%3A%2F%2Fa.example%2Foutro',
        answer: tokens(1),
        at: 6,
      },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=refresh_token&scope=saldo&refresh_token=refresh-de-teste-1',
        answer: tokens(2),
        at: 400,
      },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=refresh_token&scope=saldo&refresh_token=refresh-de-teste-1',
        status: 400,
        answer: '{"error":"invalid_grant"}',
        at: 410,
      },
      {
        url: `${bs2}/pj/apibanking/forintegration/v2/contascorrentes/saldo`,
        status: 401,
        at: 500,
        headers: { Authorization: 'Bearer access-de-teste-1' },
      },
    );
    expect(idsOf(archive, 'bs2')).toEqual([
      '2 state-missing',
      '4 redirect-uri-differs',
      '6 rotated-refresh-token',
      '7 expired-access-token',
    ]);
    expect(readHar(JSON.stringify(archive), 'bs2')).toMatchObject({ entryCount: 7, otherBankCount: 0 });
    expect(readHar(JSON.stringify(archive), 'btg')).toMatchObject({ exchanges: [], otherBankCount: 6 });
  });

  it('of a right client has no finding', () => {
    const token = `${btg}/oauth2/token`;
    const request = `response_type=code&client_id=uuid&scope=openid&redirect_uri=https%3A%2F%2Fa.example%2Fcb&state=${'x9'.repeat(8)}&nonce=${'y8'.repeat(8)}&code_challenge=${challenge}&code_challenge_method=S256`;
    const archive = archiveOf(
      {
        url: `${btg}/oauth2/authorize?${request}`,
        status: 302,
        location: `https://a.example/cb?code=codigo-de-teste&state=${'x9'.repeat(8)}`,
      },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=authorization_code&code=codigo-de-teste&redirect_uri=https%3A%2F%2Fa.example%2Fcb&code_verifier=um-verificador-de-teste-com-mais-de-43-caracteres',
        answer: tokens(1),
        at: 2,
      },
      { url: `${btg}/30306294000145/banking/accounts`, headers: { authorization: 'Bearer access-de-teste-1' }, at: 3 },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=refresh_token&refresh_token=refresh-de-teste-1',
        status: 0,
        at: 300,
      },
      {
        url: token,
        method: 'POST',
        headers: basic,
        body: 'grant_type=refresh_token&refresh_token=refresh-de-teste-1',
        answer: tokens(2),
        at: 310,
      },
    );
    const { findings } = analyseTraffic(readHar(JSON.stringify(archive), 'btg').exchanges);
    expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it('may be out of order, in base64, with parameters in place of a text, and with a byte order mark', () => {
    const recorded = archiveOf(
      {
        url: `${bs2}/auth/oauth/v2/token`,
        method: 'POST',
        headers: basic,
        body: 'grant_type=refresh_token&scope=saldo&refresh_token=refresh-de-teste-1',
        at: 20,
      },
      { url: `${bs2}/auth/oauth/v2/token`, method: 'POST', headers: basic, at: 10 },
    );
    const text = JSON.stringify(recorded).replace(
      '"url":"https://apihmz.exemplo.invalid/auth/oauth/v2/token","headers":[{"name":"authorization","value":"' +
        basic.authorization +
        '"}]}',
      '"url":"https://apihmz.exemplo.invalid/auth/oauth/v2/token","headers":[{"name":"authorization","value":"' +
        basic.authorization +
        '"}],"postData":{"mimeType":"x","params":[{"name":"grant_type","value":"refresh_token"},{"name":"scope","value":"saldo"},{"name":"refresh_token","value":"refresh-de-teste-1"}]}}',
    );
    const encoded = Buffer.from(tokens(2)).toString('base64');
    const withAnswer = text.replaceAll('"content":{"text":""}', `"content":{"text":"${encoded}","encoding":"base64"}`);
    const { exchanges } = readHar(`\uFEFF${withAnswer}`, 'bs2');
    expect(exchanges.map((exchange) => exchange.entry)).toEqual([2, 1]);
    expect(analyseTraffic(exchanges).findings).toMatchObject([
      { id: 'rotated-refresh-token', entry: 1 },
      { id: 'early-refresh' },
    ]);
  });
});

describe('two requests of an archive', () => {
  const refreshes = (secondAt: number): string[] => {
    const token = `${bs2}/auth/oauth/v2/token`;
    const form = { headers: basic, body: 'grant_type=refresh_token&scope=saldo&refresh_token=refresh-de-teste-1' };
    const first = { url: token, method: 'POST', ...form, answer: tokens(2), at: 0 };
    const second = {
      url: token,
      method: 'POST',
      ...form,
      status: 400,
      answer: '{"error":"invalid_grant"}',
      at: secondAt,
    };
    const archive = JSON.stringify(archiveOf(first, second)).replaceAll('"time":20', '"time":20.7');
    return idsOf(JSON.parse(archive), 'bs2');
  };

  it('race where the second began before the first was answered, and not within the millisecond that is cut off', () => {
    expect(refreshes(0.01)).toEqual(['2 refresh-race']);
    expect(refreshes(0.02)).toEqual(['2 rotated-refresh-token']);
    expect(refreshes(5)).toEqual(['2 rotated-refresh-token']);
  });
});

describe('an archive of this project', () => {
  it('whose secrets are tags gives the findings of the journal that it was made of', async () => {
    for (const bank of ['bs2', 'btg'] as const) {
      const partner = await Partner.open();
      const state = bank === 'bs2' ? null : 'o-mesmo-estado-de-sempre';
      const nonce = bank === 'bs2' ? null : 'o-mesmo-nonce-de-sempre';
      const code = await partner.code(bank, { state, nonce });
      const { accessToken, refreshToken } = await partner.redeem(bank, code);
      await partner.redeem(bank, code, {}, { headers: { authorization: null } });
      const fresh = await partner.connect(bank);
      await partner.pass('PT5M');
      await partner.refresh(bank, fresh.refreshToken);
      await partner.pass('PT3S');
      await partner.refresh(bank, fresh.refreshToken);
      await partner.refresh(bank, fresh.accessToken);
      await partner.call(bank, null, { query: `?access_token=${accessToken}` });
      await partner.authorize(bank, { client_secret: partner.client(bank).secret, state, nonce });
      await partner.code(bank, { state: '52998224725', ...(bank === 'btg' ? { nonce: null } : {}) });
      await partner.redeem(bank, await partner.code(bank), { redirect_uri: 'http://localhost:3000/outro' });
      expect(refreshToken).not.toBe('');
      const archive = await partner.tenant.journal.har();
      const own = (await partner.tenant.findings.list()).map(({ entry, id }) => `${String(entry)} ${id}`);
      expect(own.length).toBeGreaterThan(8);
      expect(idsOf(archive, bank)).toEqual(own);
    }
  });
});

it.each(['bs2', 'btg'] as const)('an answer that was lost is lost in the archive, too: %s', async (bank) => {
  const partner = await Partner.open();
  const { refreshToken } = await partner.connect(bank);
  await partner.tenant.faults.create({ at: `${bank}.token`, effect: { drop: 'after' } });
  await partner.refresh(bank, refreshToken).catch(() => null);
  await partner.refresh(bank, refreshToken);
  const { exchanges } = readHar(JSON.stringify(await partner.tenant.journal.har()), bank);
  expect(exchanges.map(({ answerArrived }) => answerArrived).slice(-2)).toEqual([false, true]);
  expect(analyseTraffic(exchanges).findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
});

describe('what cannot be read', () => {
  it.each([
    ['not JSON', 'isto não é um arquivo', null, null],
    ['no archive', '{"entries":[]}', null, 'log'],
    ['no list', '{"log":{"entries":{}}}', null, 'log.entries'],
    ['an entry that is none', '{"log":{"entries":[7]}}', 1, null],
    [
      'an entry without a URL',
      JSON.stringify({
        log: {
          entries: [
            entry({ url: `${bs2}/x` }),
            { ...Object(entry({ url: 'x' })), request: { method: 'GET', headers: [] } },
          ],
        },
      }),
      2,
      'request.url',
    ],
    [
      'an entry without a time',
      JSON.stringify({ log: { entries: [{ ...Object(entry({ url: 'x' })), startedDateTime: 'ontem' }] } }),
      1,
      'startedDateTime',
    ],
  ])('%s is named', (_what, archive, number, member) => {
    expect(() => readHar(archive, 'bs2')).toThrow(UnreadableHarError);
    try {
      readHar(archive, 'bs2');
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_UNREADABLE_HAR', cause: { entry: number, member } });
      if (number !== null) expect(String(error)).toContain(`entry ${String(number)}: expected`);
      if (member !== null) expect(String(error)).toContain(member);
    }
  });

  it('repeats nothing of what stands in the file', () => {
    const secret = 'um-segredo-de-teste';
    for (const archive of [
      `"${secret}"x`,
      `{"log":{"entries":["${secret}"]}}`,
      `{"log":{"entries":[{"startedDateTime":"${secret}"}]}}`,
    ]) {
      expect(() => readHar(archive, 'bs2')).toThrow(/^(?!.*um-segredo-de-teste)/s);
    }
  });
});
