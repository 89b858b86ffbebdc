import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMockServer } from '../mock-server/index.js';
import type { MockServer } from '../mock-server/index.js';
import { documentationPages, fencedBlocks } from './documentation.js';

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

/** The answers of a page's calls, one for each `curl`, in one shell, at this mock. */
async function answersOf(page: string, replaced: Readonly<Record<string, string>> = {}): Promise<readonly unknown[]> {
  const text = (await documentationPages()).find(({ path }) => path === page)?.text ?? '';
  const blocks = fencedBlocks(text, 'sh').filter((block) => block.includes('curl '));
  let script = blocks.join('\n').replaceAll('http://127.0.0.1:4010', mock.listen);
  for (const [shown, meant] of Object.entries(replaced)) script = script.replaceAll(shown, meant);
  // Errors of the control API are errors here, and every answer ends its line.
  const calls = script.replaceAll(/^curl -s /gm, "curl -sS --fail-with-body --noproxy '*' -w '\\n' ");
  const { stdout } = await promisify(execFile)('sh', ['-e', '-c', calls]);
  return stdout.split('\n').map((line): unknown => (line === '' ? null : JSON.parse(line)));
}

const isHere = ['sh', 'curl'].every((program) => spawnSync(program, ['-c', 'true']).error === undefined);
if (!isHere) {
  const advice = 'The calls of the documentation need a shell and curl.';
  if ((process.env['HOMOLOGA_FORBID_SKIP'] ?? '') !== '') throw new Error(`Not skipped here: ${advice}`);
  console.warn(`Skipped: ${advice}`);
}

describe.skipIf(!isHere)('the calls of the documentation, carried out', () => {
  it('docs/control-api.md: a month in three calls, settings and a mutant', async () => {
    const [grant, clock, journal, settings, mutants] = await answersOf('docs/control-api.md');
    expect(grant).toMatchObject({ bank: 'bs2', refreshTokens: [{ live: true }] });
    expect(clock).toMatchObject({ mode: 'running' });
    expect(journal).toMatchObject({ items: [] });
    expect(settings).toMatchObject({ environment: 'homologacao' });
    expect(mutants).toMatchObject({ items: [{ id: 'bs2.refresh-not-rotated' }] });
  });

  it('docs/recipes/by-address.md: consent, clock, findings, reset', async () => {
    await mock.defaultTenant.reset();
    const { bs2 } = mock.defaultTenant;
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: bs2.client?.id ?? '',
      redirect_uri: bs2.client?.redirectUris[0] ?? '',
      scope: 'saldo',
    });
    const [consent, clock, findings, reset] = await answersOf('docs/recipes/by-address.md', {
      '"authorizationUrl":"…"': `"authorizationUrl":"${bs2.authorizationEndpoint}?${query.toString()}"`,
    });
    expect(JSON.stringify(consent)).toMatch(/^\{"redirectTo":"http:\/\/localhost:3000\/callback\?code=/);
    expect(clock).toMatchObject({ mode: 'running' });
    // Thirty days in the clock, and no state: it is not an application that sends this.
    expect(findings).toMatchObject({ items: [{ id: 'state-missing', bank: 'bs2' }] });
    expect(reset).toMatchObject({ id: 'default' });
  });
});
