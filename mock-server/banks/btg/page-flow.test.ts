import { describe, expect, it } from 'vitest';
import { seedUsers } from '../../tenants/fixtures.js';
import { TestWorld } from './test-world.js';
import type { Reply } from './test-world.js';

const offered = (page: Reply): string[] =>
  [...page.body.matchAll(/name="company"\s+value="([^"]*)"/g)].map(([, cnpj]) => cnpj ?? '');

async function companyPage(world: TestWorld, username?: string): Promise<Reply> {
  const scopes = await world.logIn(await world.authorize(), username);
  const next = await world.submit(scopes, { decision: 'approve' });
  return world.open(next.header('location') ?? '');
}

describe('the pages', () => {
  it('lead from login by scopes and company to the partner, with code, iss and state', async () => {
    const world = new TestWorld();
    const login = await world.open((await world.authorize()).header('location') ?? '');
    expect(login.body).toContain('Usuário ou CPF');
    expect(login.body).toContain('<code>desenvolvedor</code>');
    const toScopes = await world.submit(login, { username: '111.444.777-35', password: 'senha-de-teste' });
    const scopes = await world.open(toScopes.header('location') ?? '');
    expect(scopes.body).toContain('Consultar contas e saldos');
    expect(scopes.body).toContain('Continuar');
    const toCompany = await world.submit(scopes, { decision: 'approve' });
    const company = await world.open(toCompany.header('location') ?? '');
    expect(company.body).toContain('30.306.294/0001-45');
    const done = await world.submit(company, { decision: 'approve', company: '30306294000145' });
    expect(done.toPartner).toBe(true);
    const { searchParams } = done.location();
    expect([...searchParams.keys()]).toEqual(['code', 'iss', 'state']);
    expect(searchParams.get('code')).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it('speak English to whoever asks for it', async () => {
    const world = new TestWorld();
    const location = (await world.authorize()).header('location') ?? '';
    expect((await world.open(`${location}&lang=en`)).body).toContain('Username or CPF');
  });

  it('send no state back where none was sent', async () => {
    expect([...(await new TestWorld().consent({ state: undefined })).searchParams.keys()]).toEqual(['code', 'iss']);
  });

  it('show the login again after a wrong password', async () => {
    const world = new TestWorld();
    const reply = await world.logIn(await world.authorize(), 'correntista', 'errada');
    expect(reply.status).toBe(200);
    expect(reply.body).toContain('role="alert"');
  });

  it.each(['scopes', 'company'])('take a no on the %s page to the partner', async (step) => {
    const world = new TestWorld();
    const page = step === 'scopes' ? await world.logIn(await world.authorize()) : await companyPage(world);
    const { searchParams } = (await world.submit(page, { decision: 'deny' })).location();
    expect([...searchParams.keys()]).toEqual(['error', 'error_description', 'iss', 'state']);
    expect(searchParams.get('error')).toBe('access_denied');
    expect((await world.submit(page, { decision: 'approve', company: '30306294000145' })).status).toBe(400);
  });

  it('ask again where nothing was decided or the company is not offered', async () => {
    const world = new TestWorld();
    const scopes = await world.logIn(await world.authorize());
    expect((await world.submit(scopes, {})).body).toContain('Escolha uma opção');
    const company = await companyPage(world);
    expect((await world.submit(company, {})).body).toContain('Escolha uma opção');
    expect((await world.submit(company, { decision: 'approve' })).body).toContain('Escolha uma opção');
    expect((await world.submit(company, { decision: 'approve', company: '11222333000181' })).body).toContain(
      'Escolha uma opção',
    );
  });

  it('give one code for a form sent twice, and take no step out of order', async () => {
    const world = new TestWorld();
    const scopes = await world.logIn(await world.authorize());
    const early = { ...scopes, body: scopes.body.replaceAll('authorize/scopes', 'authorize/company') };
    const back = await world.submit(early, { decision: 'approve', company: '30306294000145' });
    expect(back.location().pathname).toBe('/btg/oauth2/authorize/scopes');
    const company = await companyPage(world);
    const choice = { decision: 'approve', company: '30306294000145' };
    const replies = await Promise.all([world.submit(company, choice), world.submit(company, choice)]);
    expect(replies.map(({ status }) => status).sort()).toEqual([302, 400]);
  });

  it('take no form that did not come from them', async () => {
    const world = new TestWorld();
    const login = await world.open((await world.authorize()).header('location') ?? '');
    const forged = { ...login, body: login.body.replace(/name="csrf" value="[^"]*"/, 'name="csrf" value="x"') };
    expect((await world.submit(forged, { username: 'correntista', password: 'senha-de-teste' })).status).toBe(400);
  });

  it('end with the session, and with a locked user', async () => {
    const world = new TestWorld();
    const scopes = await world.logIn(await world.authorize());
    world.tenant.clock.advance(10 * 60_000);
    expect((await world.submit(scopes, { decision: 'approve' })).status).toBe(400);
    expect((await world.logIn(await world.authorize(), 'bloqueado')).status).toBe(403);
    const refused = await world.logIn(await world.authorize(), 'recusa');
    expect(refused.location().searchParams.get('error')).toBe('access_denied');
  });
});

describe('the companies offered', () => {
  it.each(['correntista', 'outra', 'outra-empresa'])('to %s in the sandbox are the dedicated one', async (username) => {
    expect(offered(await companyPage(new TestWorld(), username))).toEqual(['30306294000145']);
  });

  it('hold the dedicated one also where no user is linked to it', async () => {
    const users = seedUsers().filter(({ username }) => username === 'outra');
    const world = new TestWorld({ users });
    expect(offered(await companyPage(world, 'outra'))).toEqual(['30306294000145']);
    const { access } = await world.tokens({}, { username: 'outra' });
    expect((await world.accounts(access)).json()).toEqual({ data: [] });
  });

  it('are those of the user where the setting says linked', async () => {
    const world = new TestWorld({ settings: { btg: { companies: 'linked' } } });
    expect(offered(await companyPage(world))).toEqual(['30306294000145', '12ABC34501DE35']);
    expect(offered(await companyPage(world, 'outra'))).toEqual(['11222333000181']);
  });
});

describe('the second factor', () => {
  it('comes after the password, by SMS sent when its page is reached', async () => {
    const world = new TestWorld({ settings: { btg: { secondFactor: 'sms' } } });
    const location = await world.authorize();
    expect(world.tenant.secondFactors.lastSms('correntista')).toBeUndefined();
    const page = await world.logIn(location);
    expect(page.body).toContain('Token recebido por SMS');
    const code = world.tenant.secondFactors.lastSms('correntista')?.code ?? '';
    const wrong = await world.submit(page, { code: code === '000000' ? '000001' : '000000', decision: 'approve' });
    expect(wrong.body).toContain('Token incorreto');
    const next = await world.submit(page, { code, decision: 'approve' });
    expect(next.location().pathname).toBe('/btg/oauth2/authorize/scopes');
  });

  it('is judged on the clock of the tenant, and a no ends the consent', async () => {
    const world = new TestWorld({ settings: { btg: { secondFactor: 'sms' } } });
    const page = await world.logIn(await world.authorize());
    const code = world.tenant.secondFactors.lastSms('correntista')?.code ?? '';
    world.tenant.clock.advance(5 * 60_000);
    expect((await world.submit(page, { code, decision: 'approve' })).body).toContain('Este token expirou');
    expect((await world.submit(page, { decision: 'deny' })).location().searchParams.get('error')).toBe('access_denied');
  });

  it('may be the token of the app; three wrong ones deny', async () => {
    const world = new TestWorld({ settings: { btg: { secondFactor: 'app' } } });
    const user = world.tenant.users.find('correntista');
    const page = await world.logIn(await world.authorize());
    expect(page.body).toContain('Token do app');
    const code = (user === undefined ? null : world.tenant.secondFactors.appCode(user)) ?? '';
    expect((await world.submit(page, { code, decision: 'approve' })).location().pathname).toMatch(/scopes$/);
    const again = await world.logIn(await world.authorize(), 'codigo-errado');
    for (let count = 0; count < 2; count += 1) await world.submit(again, { code: '1', decision: 'approve' });
    const last = await world.submit(again, { code: '1', decision: 'approve' });
    expect(last.location().searchParams.get('error')).toBe('access_denied');
  });
});
