import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bs2Paths } from '../banks/bs2/profile.js';
import { Browser, Bs2World } from '../testing/bs2-world.js';
import type { TokenAnswer } from '../testing/bs2-world.js';
import { BarrierBook } from './barrier.js';
import { FaultBook } from './fault-book.js';
import type { FaultCondition, FaultEffect, FaultPoint, FaultSubject } from './fault.js';

let world = new Bs2World();
beforeEach(() => {
  world = new Bs2World();
});
afterEach(() => {
  vi.useRealTimers();
});
const fault = (at: FaultPoint, effect: FaultEffect, times = 1, when?: FaultCondition): string =>
  world.tenant.faults.add({ at, effect, times, when }).id;
const reset = { message: 'fetch failed', cause: { code: 'ECONNRESET' } };

describe('status', () => {
  it('stands in the way of the work, once, and leaves the next request alone', async () => {
    const { refreshToken } = await world.grant();
    fault('bs2.token', { status: 503, headers: { 'Retry-After': '7' }, body: 'busy' });
    const answer = await world.refresh(refreshToken);
    expect([answer.status, answer.text, answer.headers.get('retry-after'), answer.headers.get('content-type')]).toEqual(
      [503, 'busy', '7', 'text/plain; charset=UTF-8'],
    );
    expect((await world.refresh(refreshToken)).status).toBe(200);
    expect(world.tenant.faults.isEmpty).toBe(true);
  });

  it.each([
    ['{"error":"x"}', 'application/json'],
    [' [1]', 'application/json'],
    ['<html></html>', 'text/html; charset=UTF-8'],
    ['Invalid token', 'text/plain; charset=UTF-8'],
    [undefined, null],
  ])('calls the body %j %s', async (body, type) => {
    fault('bs2.token', { status: 500, body });
    const answer = await world.clientCredentials();
    expect([answer.headers.get('content-type'), answer.text]).toEqual([type, body ?? '']);
  });

  it('leaves the content type to who sets it', async () => {
    fault('bs2.token', { status: 400, headers: { 'content-type': 'text/xml' }, body: '<x/>' });
    expect((await world.clientCredentials()).headers.get('content-type')).toBe('text/xml');
  });

  it.each([200, 204, 304, 429, 599])('may be %i', async (status) => {
    fault('bs2.api', { status });
    expect(await world.statusOf('any')).toBe(status);
  });

  it('acts at the authorization request, and at the redirect, where the code was given already', async () => {
    fault('bs2.authorize', { status: 502 });
    expect((await world.fetch(world.authorizationUrl())).status).toBe(502);
    fault('bs2.redirect', { status: 504 });
    await expect(world.consent()).rejects.toThrow('504');
    expect(await world.tenant.store.grants()).toHaveLength(1);
    expect((await world.consent()).searchParams.has('code')).toBe(true);
  });

  it('acts at an error redirect of the authorization endpoint too', async () => {
    fault('bs2.redirect', { status: 504 });
    expect((await world.fetch(world.authorizationUrl({ scope: 'tudo' }))).status).toBe(504);
  });
});

describe('drop', () => {
  it('before: the connection is reset and nothing was done', async () => {
    const { refreshToken } = await world.grant();
    fault('bs2.token', { drop: 'before' });
    await expect(world.refresh(refreshToken)).rejects.toMatchObject(reset);
    expect((await world.refresh(refreshToken)).status).toBe(200);
  });

  it('after: status, headers and half of the body arrive, then the reset; the rotation is done', async () => {
    const { refreshToken } = await world.grant();
    fault('bs2.token', { drop: 'after' });
    const response = await world.fetch(bs2Paths.token, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        scope: 'saldo',
        refresh_token: refreshToken,
        client_id: world.client.id,
        client_secret: world.client.secret ?? '',
      }).toString(),
    });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const first = await reader?.read();
    const part = first?.value instanceof Uint8Array ? new TextDecoder().decode(first.value) : '';
    expect(part).toMatch(/^\{\r\n {2}"access_token":"/);
    expect(part).not.toContain('}');
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(part.length);
    await expect(reader?.read()).rejects.toMatchObject(reset);
    expect((await world.refresh(refreshToken)).status).toBe(400);
  });

  it('after, where the answer has no body: the reset still comes', async () => {
    fault('bs2.redirect', { drop: 'after' });
    const response = await world.fetch(world.authorizationUrl({ scope: 'tudo' }));
    expect(response.status).toBe(302);
    await expect(response.text()).rejects.toMatchObject(reset);
  });
});

describe('truncate', () => {
  it('sends half of the body as if it were whole; the work is done', async () => {
    const { refreshToken } = await world.grant();
    fault('bs2.token', { truncate: true });
    const answer = await world.refresh(refreshToken);
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\{\r\n {2}"access_token":"/);
    expect(() => answer.member('access_token')).toThrow(SyntaxError);
    expect((await world.refresh(refreshToken)).status).toBe(400);
  });
});

describe('delay', () => {
  it('holds the request that long in real time, and the tenant’s frozen clock does not move', async () => {
    world.tenant.clock.freeze();
    const now = world.tenant.clock.now();
    vi.useFakeTimers();
    fault('bs2.token', { delay: 'PT5S' });
    let answer: TokenAnswer | null = null;
    const pending = world.clientCredentials().then((given) => {
      answer = given;
    });
    await vi.advanceTimersByTimeAsync(4999);
    expect(answer).toBe(null);
    await vi.advanceTimersByTimeAsync(1);
    await pending;
    expect(answer).toMatchObject({ status: 200 });
    expect(world.tenant.clock.now()).toBe(now);
  });

  it('goes together with another fault of the same request', async () => {
    fault('bs2.api', { delay: 'PT0.01S' });
    fault('bs2.api', { status: 503 });
    expect(await world.statusOf('any')).toBe(503);
    expect(world.tenant.faults.isEmpty).toBe(true);
  });

  it.each<[string, (id: string) => unknown]>([
    ['its fault is let go', (id) => world.tenant.barriers.letGo(id)],
    ['the tenant is reset', () => world.tenant.reset()],
  ])('ends when %s', async (_when, end) => {
    vi.useFakeTimers();
    const id = fault('bs2.api', { delay: 'PT5M' });
    let isAnswered = false;
    const pending = world.statusOf('any').then(() => {
      isAnswered = true;
    });
    await vi.advanceTimersByTimeAsync(1);
    expect([isAnswered, world.tenant.barriers.letGo('another')]).toEqual([false, false]);
    await end(id);
    await pending;
    expect(vi.getTimerCount()).toBe(0);
    expect(world.tenant.barriers.letGo(id)).toBe(false);
  });
});

describe('barrier', () => {
  it('holds refreshes until enough wait, then lets them race', async () => {
    const { refreshToken } = await world.grant();
    fault('bs2.token', { barrier: 3 });
    const done: number[] = [];
    const refresh = async (): Promise<void> => void done.push((await world.refresh(refreshToken)).status);
    const first = [refresh(), refresh()];
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(done).toEqual([]);
    await Promise.all([...first, refresh()]);
    expect(done.sort()).toEqual([200, 400, 400]);
    expect(world.tenant.faults.isEmpty).toBe(true);
  });

  it('opens after ten seconds for all who wait, however late they came', async () => {
    vi.useFakeTimers();
    const barriers = new BarrierBook();
    const opened: string[] = [];
    const wait = async (name: string): Promise<void> => {
      await barriers.wait('one', 3);
      opened.push(name);
    };
    const first = wait('first');
    await vi.advanceTimersByTimeAsync(9000);
    const second = wait('second');
    await vi.advanceTimersByTimeAsync(999);
    expect(opened).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(opened).toEqual(['first', 'second']);
    await Promise.all([first, second]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is opened when the tenant is reset', async () => {
    fault('bs2.api', { barrier: 5 });
    const waiting = world.statusOf('any');
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    await world.tenant.reset();
    expect(await waiting).toBe(401);
  });

  it('of another fault is another barrier', async () => {
    const barriers = new BarrierBook();
    const first = barriers.wait('one', 2);
    const other = barriers.wait('other', 2);
    await Promise.all([barriers.wait('one', 2), first]);
    barriers.clear();
    await other;
  });
});

describe('when', () => {
  it.each([
    ['grantType', 'refresh_token'],
    ['client', 'l7second'],
  ] as const)('narrows by %s', async (member, value) => {
    const other = world.addClient();
    const mine = await world.grant();
    const theirs = await world.grant({ client: other });
    fault('bs2.token', { status: 503 }, 0, { [member]: value });
    expect((await world.clientCredentials()).status).toBe(200);
    expect((await world.refresh(theirs.refreshToken, other)).status).toBe(503);
    expect((await world.refresh(mine.refreshToken)).status).toBe(member === 'client' ? 200 : 503);
  });

  it('narrows by code, refresh token, grant and access token', async () => {
    const code = await world.code();
    fault('bs2.token', { status: 503 }, 0, { code });
    expect((await world.redeem(await world.code())).status).toBe(200);
    expect((await world.redeem(code)).status).toBe(503);
    world.tenant.faults.clear();
    const { accessToken, refreshToken } = await world.redeem(code);
    const other = await world.grant({ username: 'outra' });
    const token = fault('bs2.token', { status: 503 }, 0, { refreshToken });
    expect((await world.refresh(other.refreshToken)).status).toBe(200);
    expect((await world.refresh(refreshToken)).status).toBe(503);
    world.tenant.faults.remove(token);
    const [grant] = (await world.tenant.store.grants()).filter(({ code: ofGrant }) => ofGrant === code);
    fault('bs2.api', { status: 502 }, 0, { accessToken });
    fault('bs2.token', { status: 502 }, 0, { grant: grant?.id });
    expect([
      await world.statusOf(accessToken),
      await world.statusOf('other'),
      (await world.refresh(refreshToken)).status,
    ]).toEqual([502, 401, 502]);
  });

  it('narrows by state at the authorization request and at the redirect', async () => {
    fault('bs2.authorize', { status: 503 }, 0, { state: 'one' });
    fault('bs2.redirect', { status: 504 }, 0, { state: 'two', client: world.client.id });
    expect((await world.fetch(world.authorizationUrl({ state: 'one' }))).status).toBe(503);
    await expect(world.consent({ state: 'two' })).rejects.toThrow('504');
    expect((await world.consent({ state: 'three' })).searchParams.has('code')).toBe(true);
  });

  it('wants every member to match', async () => {
    fault('bs2.token', { status: 503 }, 0, { grantType: 'client_credentials', client: 'l7second' });
    expect((await world.clientCredentials()).status).toBe(200);
    expect((await world.clientCredentials(world.addClient())).status).toBe(503);
  });

  it('never matches the pages, whose forms carry a code of another kind', async () => {
    fault('bs2.token', { status: 503 }, 0);
    const browser = new Browser(world);
    await browser.open(world.authorizationUrl());
    await browser.submit({ username: 'correntista', password: 'senha-de-teste' });
    expect(browser.status).toBe(200);
  });
});

describe('times', () => {
  it.each([1, 2, 5])('%i', async (times) => {
    fault('bs2.token', { status: 503 }, times);
    for (let count = 0; count < times; count += 1) expect((await world.clientCredentials()).status).toBe(503);
    expect((await world.clientCredentials()).status).toBe(200);
  });

  it('0 lasts until it is deleted, and counts', async () => {
    const id = fault('bs2.token', { status: 503 }, 0);
    for (let count = 0; count < 20; count += 1) expect((await world.clientCredentials()).status).toBe(503);
    expect(world.tenant.faults.list()).toMatchObject([{ id, acted: 20 }]);
    expect([world.tenant.faults.remove(id), world.tenant.faults.remove(id)]).toEqual([true, false]);
    expect((await world.clientCredentials()).status).toBe(200);
  });

  it('counts simultaneous requests once each', async () => {
    fault('bs2.token', { status: 503 }, 3);
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.clientCredentials()));
    expect(answers.filter(({ status }) => status === 503)).toHaveLength(3);
  });
});

describe('FaultBook', () => {
  const subject: FaultSubject = {
    grantType: undefined,
    client: undefined,
    grant: undefined,
    code: undefined,
    refreshToken: undefined,
    accessToken: undefined,
    state: undefined,
  };

  it('takes faults of that point only, in the order in which they were set', () => {
    const book = new FaultBook();
    const ids = (['bs2.token', 'bs2.api', 'btg.token', 'bs2.token'] as const).map(
      (at) => book.add({ at, times: 0, effect: { truncate: true } }).id,
    );
    expect(book.take('bs2.token', subject).map(({ id }) => id)).toEqual([ids[0], ids[3]]);
    expect(new Set(ids).size).toBe(4);
  });

  it('holds a thousand', () => {
    const book = new FaultBook();
    const add = (): unknown => book.add({ at: 'bs2.token', times: 0, effect: { truncate: true } });
    for (let count = 0; count < 1000; count += 1) add();
    expect(add).toThrow(expect.objectContaining({ code: 'ERR_TOO_MANY_FAULTS', cause: { limit: 1000 } }));
  });
});

describe('the journal', () => {
  it('names the faults that acted', async () => {
    const ids = [fault('bs2.token', { delay: 'PT0.001S' }), fault('bs2.token', { status: 503 })];
    await world.clientCredentials();
    await world.clientCredentials();
    expect(world.tenant.journal.entries().map(({ faults, response }) => [faults, response.status])).toEqual([
      [ids, 503],
      [[], 200],
    ]);
  });
});
