import { describe, expect, it } from 'vitest';
import { readConsentStep, submitSecondFactor } from './consent-steps.js';
import { walkConsent, walkConsentFrom, walkConsentUntil, type ConsentWalkInput } from './consent-walk.js';
import { createHttpUserAgent } from './http-user-agent.js';

const redirectUri = 'http://localhost:3000/callback';
const input: ConsentWalkInput = {
  redirectUri,
  username: 'synthetic-user',
  password: 'synthetic-pass',
  secondFactor: { kind: 'sms', code: async () => '123456' },
  decision: 'approve',
};
const start = 'http://bank.test/authorize';

/** The words and names of one synthetic bank; the walk must understand them all. */
interface Wording {
  login: string;
  consent: string;
  code: string;
  company: string;
}
const asTheMock: Wording = {
  login: `<label>Usuário ou CPF <input name=username autocomplete=username></label>
    <label>Senha <input name=password type=password autocomplete=current-password></label><button>Entrar</button>`,
  consent: `<ul><li>Saldo</ul><label><input type=radio name=factor value=app checked> Token do app</label>
    <label><input type=radio name=factor value=sms> Token SMS</label>
    <button name=decision value=deny>Negar</button><button name=decision value=approve>Autorizar</button>`,
  code: `<label>Código <input name=code autocomplete=one-time-code inputmode=numeric></label>
    <button name=decision value=approve>Confirmar</button>`,
  company: `<label><input type=radio name=company value=30306294000145> Synthetic SA</label>
    <label><input type=radio name=company value=12ABC34501DE35> Synthetic Ltda</label><button>Continuar</button>`,
};
const reworded: Wording = {
  login: `<label for=a>CPF ou e-mail</label><input id=a name=f1 type=tel><label for=b>Sua senha</label>
    <input id=b name=f2 type=password><button type=button>Mostrar</button><button>Acessar conta</button>`,
  consent: `<select name=f3><option value=1>Aplicativo BS2<option value=2>Mensagem (SMS)</select>
    <button name=f4 value=n>Não autorizar</button><button name=f4 value=s>Permitir acesso</button>`,
  code: `<label for=t>Digite o token recebido</label><input id=t name=f5 type=password><button>OK</button>`,
  company: `<select name=f6 aria-label=Empresa><option value=x1>30.306.294/0001-45<option value=x2>12.ABC.345/01DE-35</select>
    <button>Avançar</button>`,
};

/** A bank of four pages: login, consent, code, company. */
function bank(wording: Wording, behaviour: { password?: string; code?: string; end?: boolean } = {}) {
  const sent: Record<string, string>[] = [];
  const html = (step: keyof Wording, alert = '') =>
    new Response(
      `<title>${step}</title>${alert === '' ? '' : `<p role=alert>${alert}</p>`}
       <form method=post action="/${step}"><input type=hidden name=csrf value=csrf-${step}>${wording[step]}</form>`,
      { headers: { 'content-type': 'text/html' } },
    );
  const redirect = (query: string) =>
    new Response(null, { status: 302, headers: { location: `${redirectUri}?${query}` } });
  const fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname;
    if (path === '/authorize') return html('login');
    const body = Object.fromEntries(new URLSearchParams(await request.text()));
    sent.push(body);
    const values = Object.values(body);
    if (body.csrf !== `csrf${path.replace('/', '-')}`)
      return new Response('<title>Sessão</title>inválida', { status: 400 });
    if (path === '/login') {
      if (values.includes(behaviour.password ?? input.password)) return html('consent');
      if (behaviour.end === true) return new Response('<title>Bloqueado</title>Usuário bloqueado', { status: 403 });
      return html('login', 'Usuário ou senha incorretos');
    }
    if (path === '/consent')
      return values.includes('deny') || values.includes('n') ? redirect('error=access_denied') : html('code');
    if (path === '/code')
      return values.includes(behaviour.code ?? '123456') ? html('company') : html('code', 'Código incorreto');
    return redirect(`code=c&company=${body.company ?? body.f6 ?? ''}`);
  };
  return { fetch, sent };
}

describe('walkConsent', () => {
  it.each([
    ['the mock', asTheMock, '12ABC34501DE35', 'sms'],
    ['a reworded bank', reworded, 'x2', '2'],
  ])('goes through the pages of %s', async (_bank, wording, companyValue, factorValue) => {
    const { fetch, sent } = bank(wording);
    const walked = await walkConsent(createHttpUserAgent({ fetch }), start, {
      ...input,
      company: '12.ABC.345/01DE-35',
    });
    expect(walked.redirectTo).toBe(`${redirectUri}?code=c&company=${companyValue}`);
    expect(sent.map((body) => Object.values(body))).toEqual([
      ['csrf-login', 'synthetic-user', 'synthetic-pass'],
      expect.arrayContaining(['csrf-consent', factorValue]) as string[],
      expect.arrayContaining(['csrf-code', '123456']) as string[],
      ['csrf-company', companyValue],
    ]);
  });

  it.each([asTheMock, reworded])('denies where the bank asks', async (wording) => {
    const { fetch, sent } = bank(wording);
    const walked = await walkConsent(createHttpUserAgent({ fetch }), start, { ...input, decision: 'deny' });
    expect(walked.redirectTo).toBe(`${redirectUri}?error=access_denied`);
    expect(sent).toHaveLength(2);
  });

  it('denies where one page asks for the code and for yes or no, and asks nobody for a code', async () => {
    const code = `<label>Token <input name=token autocomplete=one-time-code></label>
      <button name=answer value=nao>Recusar</button><button name=answer value=sim>Autorizar</button>`;
    const { fetch: asked, sent } = bank({ ...asTheMock, code });
    const fetch = async (request: Request): Promise<Response> => {
      const isAnswer = request.url.endsWith('/code') && (await request.clone().text()).includes('answer=nao');
      if (!isAnswer) return asked(request);
      return new Response(null, { status: 302, headers: { location: `${redirectUri}?error=access_denied` } });
    };
    const secondFactor = { kind: 'app', code: () => Promise.reject(new Error('asked for a code')) } as const;
    const first = await walkConsentUntil(
      createHttpUserAgent({ fetch }),
      start,
      input,
      ({ kind }) => kind === 'second-factor',
    );
    const end = await walkConsentFrom(
      createHttpUserAgent({ fetch }),
      first,
      { ...input, decision: 'deny', secondFactor },
      () => false,
    );
    expect(end).toMatchObject({ kind: 'stopped', redirectTo: `${redirectUri}?error=access_denied` });
    expect(sent).toHaveLength(2);
  });

  it.each([
    ['says that the user is locked', 'Sua conta foi bloqueada. Ligue para o banco.', 'ERR_LOGIN_REFUSED'],
    ['asks nothing', 'Aguarde um momento…', 'ERR_LOGIN_LED_NOWHERE'],
  ])('tells a login after which the page %s, though its status is 200', async (_what, words, code) => {
    const { fetch: asked } = bank(asTheMock);
    const fetch = async (request: Request): Promise<Response> =>
      request.url.endsWith('/login') ? new Response(`<!doctype html><p>${words}</p>`) : asked(request);
    await expect(walkConsent(createHttpUserAgent({ fetch }), start, input)).rejects.toMatchObject({
      code,
      shown: { status: 200, text: words },
    });
  });

  it('takes the page’s own company when none is asked for', async () => {
    const walked = await walkConsent(createHttpUserAgent({ fetch: bank(asTheMock).fetch }), start, input);
    expect(walked.redirectTo).toContain('company=30306294000145');
  });

  it.each([
    ['a wrong password', { password: 'another' }, {}, 'ERR_LOGIN_REFUSED', 1],
    ['a locked user', { password: 'another', end: true }, {}, 'ERR_LOGIN_REFUSED', 1],
    ['a wrong code', { code: '654321' }, {}, 'ERR_SECOND_FACTOR_REFUSED', 3],
    ['no second factor', {}, { secondFactor: undefined }, 'ERR_SECOND_FACTOR_MISSING', 2],
    ['an unknown company', {}, { company: '00000000000191' }, 'ERR_COMPANY_NOT_OFFERED', 3],
  ])('%s ends the walk, tried once', async (_what, behaviour, change, code, requests) => {
    const { fetch, sent } = bank(asTheMock, behaviour);
    const walk = walkConsent(createHttpUserAgent({ fetch }), start, { ...input, ...change });
    await expect(walk).rejects.toMatchObject({ code });
    await expect(walk).rejects.not.toThrow(/synthetic-pass/);
    expect(sent).toHaveLength(requests);
  });

  it('says which page surprised it', async () => {
    const fetch = async () => new Response('<title>AppNotFoundError</title><p>App client not found', { status: 400 });
    await expect(walkConsent(createHttpUserAgent({ fetch }), start, input)).rejects.toMatchObject({
      code: 'ERR_CONSENT_PAGE_UNEXPECTED',
      shown: { status: 400, title: 'AppNotFoundError' },
    });
  });

  it('asks for the code only on its page, and a wrong one can be typed again and again', async () => {
    const { fetch, sent } = bank(asTheMock);
    const user = createHttpUserAgent({ fetch });
    const secondFactor = { kind: 'app', code: () => Promise.reject(new Error('asked too early')) } as const;
    let at = await walkConsentUntil(user, start, { ...input, secondFactor }, (step) => step.kind === 'second-factor');
    for (let attempt = 0; attempt < 3 && at.kind === 'page'; attempt += 1) {
      at = await submitSecondFactor(user, at.page, '000000');
      if (at.kind === 'page') expect(readConsentStep(at.page).kind).toBe('second-factor');
    }
    expect(sent.filter((body) => body.code === '000000')).toHaveLength(3);
  });
});
