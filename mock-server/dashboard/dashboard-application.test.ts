import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startMockServer } from '../mock-server.js';
import { answerDashboard } from './dashboard-application.js';
import { readBuilt } from './dashboard-bundle.js';

const origin = 'http://127.0.0.1:4010';
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  answerDashboard(new Request(`${origin}${path}`, { headers }));

describe('the dashboard’s page', () => {
  it('asks for one script and one stylesheet of its own origin, and holds neither', async () => {
    const response = await get('/');
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';/,
    );
    expect(page).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=|style="|https?:\/\/(?!www\.w3\.org)/i);
    expect([...page.matchAll(/(?:src|href)="(\/dashboard\/[^"]+)"/g)].map(([, path]) => path)).toEqual([
      '/dashboard/dashboard.css',
      '/dashboard/dashboard.js',
    ]);
  });

  it('has both files, with the licence of what is joined into them, and asks for nothing elsewhere', async () => {
    const script = await get('/dashboard/dashboard.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const text = await script.text();
    expect(text).toMatch(/^\/\*! preact\nThe MIT License/);
    // Addresses in it are names of SVG and examples, none that anything is asked of.
    expect(
      [...text.matchAll(/https?:\/\/[\w.-]+/g)].map(([url]) => url).filter((url) => !/(w3\.org|\.example)$/.test(url)),
    ).toEqual([]);
    const style = await get('/dashboard/dashboard.css');
    expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
    expect(await style.text()).not.toMatch(/@import|url\(/);
    expect((await get('/dashboard/other.js')).status).toBe(404);
  });

  it('is asked for again and not sent again', async () => {
    const first = await get('/');
    const etag = first.headers.get('etag') ?? '';
    expect(first.headers.get('cache-control')).toBe('no-cache');
    expect((await get('/', { 'if-none-match': etag })).status).toBe(304);
  });

  it('is only read', async () => {
    const posted = await answerDashboard(new Request(`${origin}/`, { method: 'POST', body: 'x' }));
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('wants the control token where there is one, and tells a person so in a page', async () => {
    const mock = await startMockServer({ controlToken: 'segredo-de-teste' });
    try {
      for (const path of ['/', '/dashboard/dashboard.js']) expect((await fetch(`${mock.url}${path}`)).status).toBe(401);
      const refused = await fetch(mock.url, { headers: { accept: 'text/html,*/*' } });
      expect(refused.status).toBe(401);
      expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await refused.text()).toMatch(/<h1>homologa<\/h1>[^]*prints a link/);
      const link = await fetch(mock.dashboardLink(), { redirect: 'manual' });
      const cookie = link.headers.get('set-cookie')?.split(';')[0] ?? '';
      const opened = await fetch(mock.url, { headers: { cookie } });
      expect(opened.status).toBe(200);
    } finally {
      await mock.close();
    }
  });
});

describe('the dashboard’s files', () => {
  it('are missed with advice where the package is not there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'homologa-nothing-'));
    await expect(readBuilt(folder)).rejects.toMatchObject({ code: 'ERR_DASHBOARD_MISSING' });
    await rm(folder, { recursive: true });
  });
});
