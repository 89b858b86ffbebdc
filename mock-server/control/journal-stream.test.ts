import { afterEach, describe, expect, it } from 'vitest';
import { startMockServer } from '../mock-server.js';
import type { MockServer } from '../mock-server.js';
import { connectTenant } from '../tenant-handle.js';
import type { ListedEntry } from '../tenant-handle.js';
import { Partner } from '../journal/findings/testing/partner.js';
import { streamLimit } from './journal-stream.js';
import { createWorld, tenantPath, tokenRequest } from './test-world.js';

const mocks: MockServer[] = [];
afterEach(() => Promise.all(mocks.splice(0).map((mock) => mock.close())));

async function openMock(options: Parameters<typeof startMockServer>[0] = {}): Promise<MockServer> {
  const mock = await startMockServer(options);
  mocks.push(mock);
  return mock;
}

/** Reads events until there are so many, or the stream ends. */
async function readEvents(response: Response, count: number): Promise<readonly string[]> {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'));
    if (events.length >= count) {
      await reader?.cancel();
      return events;
    }
    const part = await reader?.read();
    if (part === undefined || part.done) return events;
    text += decoder.decode(part.value, { stream: true });
  }
}

describe('GET {t}/journal/stream', () => {
  it('sends entries and their findings over a socket as they come in, redacted', async () => {
    const mock = await openMock();
    const partner = await Partner.at(mock);
    await partner.authorize('bs2');
    const response = await fetch(`${partner.tenant.control}/journal/stream`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-store');
    const reading = readEvents(response, 3);
    const code = await partner.code('bs2', { state: null });
    await partner.redeem('bs2', code);
    const [entry = '', finding = '', next = ''] = await reading;
    expect(entry).toMatch(/^id: 2\nevent: entry\ndata: \{"id":2,/);
    expect(finding).toMatch(/^event: finding\ndata: \{"id":"state-missing","severity":"failed",/);
    expect(next).toMatch(/^id: 3\nevent: entry\ndata: \{"id":3,/);
    expect(`${entry}${next}`).not.toContain(code);
    expect(`${entry}${next}`).toContain('«code#1»');
  });

  it('goes on behind an entry, by query or Last-Event-ID', async () => {
    const mock = await openMock();
    const partner = await Partner.at(mock);
    for (let turn = 0; turn < 4; turn += 1) await partner.authorize('bs2');
    const url = `${partner.tenant.control}/journal/stream`;
    const ids = async (response: Response, count: number): Promise<(string | undefined)[]> =>
      (await readEvents(response, count)).map((event) => /^id: (\d+)/.exec(event)?.[1]);
    expect(await ids(await fetch(`${url}?after=0`), 4)).toEqual(['1', '2', '3', '4']);
    expect(await ids(await fetch(url, { headers: { 'last-event-id': '2' } }), 2)).toEqual(['3', '4']);
    // A browser that was cut off repeats the address, and says how far it came.
    const again = await fetch(`${url}?after=0`, { headers: { 'last-event-id': '3' } });
    expect(await ids(again, 1)).toEqual(['4']);
    expect((await fetch(`${url}?after=x`)).status).toBe(400);
  });

  it('says how many entries it missed where the journal forgot them', async () => {
    const mock = await openMock();
    const partner = await Partner.at(mock, { settings: { journalSize: 2 } });
    for (let turn = 0; turn < 5; turn += 1) await partner.authorize('bs2');
    const events = await readEvents(await fetch(`${partner.tenant.control}/journal/stream?after=1`), 3);
    expect(events.map((event) => event.slice(0, 40))).toEqual([
      'event: missed\ndata: {"entries":2}',
      expect.stringMatching(/^id: 4\nevent: entry/),
      expect.stringMatching(/^id: 5\nevent: entry/),
    ]);
  });

  it('ends with the tenant, and with the server', async () => {
    const mock = await openMock();
    const partner = await Partner.at(mock);
    const own = await fetch(`${partner.tenant.control}/journal/stream`);
    const ended = readEvents(own, 1);
    await partner.tenant.delete();
    expect(await ended).toEqual([]);
    const closing = await openMock({ listen: false });
    const streaming: ListedEntry[] = [];
    const done = (async () => {
      for await (const entry of closing.defaultTenant.journal.stream({ after: 0 })) streaming.push(entry);
    })();
    await new Promise((resolve) => setImmediate(resolve));
    await closing.close();
    await done;
    expect(streaming).toEqual([]);
  });

  it('is guarded as the rest of the control API is', async () => {
    const mock = await openMock({ controlToken: 'token-de-teste' });
    const url = `${mock.control}/tenants/default/journal/stream`;
    expect((await fetch(url)).status).toBe(401);
    const opened = await fetch(url, { headers: { authorization: 'Bearer token-de-teste' } });
    expect(opened.status).toBe(200);
    await opened.body?.cancel();
    expect((await fetch(`${mock.control}/tenants/nenhum/journal/stream`)).status).toBe(401);
  });

  it('has a limit of readers, and forgets those that left', async () => {
    const { control, registry, call } = createWorld();
    const open = (): Promise<Response> =>
      control.fetch(new Request(`http://127.0.0.1:4010${tenantPath}/journal/stream`), { kind: 'in-process' });
    const readers = await Promise.all(
      Array.from({ length: streamLimit }, async () => (await open()).body?.getReader()),
    );
    for (const reader of readers) await reader?.read();
    expect((await call('GET', `${tenantPath}/journal/stream`)).body).toMatchObject({
      status: 409,
      code: 'ERR_TOO_MANY_STREAMS',
    });
    for (const reader of readers) await reader?.cancel();
    expect(registry.find('default')?.journal.listenerCount).toBe(0);
  });

  it('holds nothing for an answer that is never read', async () => {
    const { control, registry } = createWorld();
    for (let turn = 0; turn < 50; turn += 1) {
      const request = new Request(`http://127.0.0.1:4010${tenantPath}/journal/stream`, { method: 'HEAD' });
      expect((await control.fetch(request, { kind: 'in-process' })).status).toBe(200);
    }
    expect(registry.find('default')?.journal.listenerCount).toBe(0);
  });
});

describe('journal.stream of a tenant', () => {
  it('gives entries, here and elsewhere, until the loop is left or the signal comes', async () => {
    const mock = await openMock();
    const here = mock.defaultTenant;
    const client = here.bs2.client ?? { id: '', secret: '' };
    const send = (): Promise<Response> =>
      mock.fetch(
        new Request(here.bs2.tokenEndpoint, tokenRequest(client, { grant_type: 'client_credentials', scope: 'saldo' })),
      );
    const leaving = new AbortController();
    for (const tenant of [here, await connectTenant(here.control)]) {
      await send();
      const ids: number[] = [];
      for await (const entry of tenant.journal.stream({ after: 0, signal: leaving.signal })) {
        ids.push(entry.id);
        if (ids.length === 3) break;
        if (ids.length < 3) await send();
      }
      expect(ids).toEqual([1, 2, 3]);
    }
    const aborted = (async () => {
      for await (const entry of here.journal.stream({ signal: leaving.signal })) throw new Error(String(entry.id));
    })();
    await new Promise((resolve) => setImmediate(resolve));
    leaving.abort();
    await aborted;
  });
});
