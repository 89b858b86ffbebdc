import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startMockServer } from '../../mock-server/mock-server.js';
import type { Results } from '../../reports/results.js';
import type { ScenarioBank } from '../../reports/scenario-tags.js';
import { runScenarios } from '../run-scenarios.js';
import { interferences, startProxy, targetRedirectUri } from './target-proxies.js';

// Run by file-target.test.ts in a process of its own, since step definitions are TypeScript that cucumber imports.
const folder = await mkdtemp(join(tmpdir(), 'homologa-targets-'));
const mock = await startMockServer({ controlToken: null });
const outcomes: { readonly name: string; readonly bank: ScenarioBank; readonly results: Results }[] = [];

for (const [name, { banks, make }] of Object.entries(interferences)) {
  for (const bank of banks) {
    // The app's codes are taken again, so that no consent waits for the next half minute.
    const tenant = await mock.createTenant({ settings: { bs2: { secondFactorReplay: 'accept', rateLimit: 'off' } } });
    const { client, baseUrl } = tenant[bank];
    const [user] = await tenant.users.list();
    if (client === null || user === undefined) throw new Error('The tenant has no client or user.');
    const proxy = await startProxy(mock.listen, make());
    const { issuer } = tenant.btg;
    const path = join(folder, `${bank}.yaml`);
    const target = {
      bank,
      baseUrl: baseUrl.replace(mock.listen, proxy.url),
      ...(bank === 'btg' ? { issuer } : {}),
      company: '30306294000145',
      client: { id: client.id, secret: client.secret, redirectUri: targetRedirectUri, scope: client.scope },
      user: {
        username: user.username,
        password: user.password,
        secondFactor: { kind: 'app', totpSecret: user.totpSecret, replay: 'accept' },
      },
      consent: 'http',
      pace: 'off',
    };
    await writeFile(path, stringify(target));
    const run = { target: path, targetName: bank, bank, tags: null, parallel: 0, strict: false, folder: null };
    outcomes.push({ name, bank, results: await runScenarios(run) });
    proxy.close();
    await tenant.delete();
  }
}
await mock.close();
await rm(folder, { recursive: true });
process.stdout.write(JSON.stringify(outcomes));
