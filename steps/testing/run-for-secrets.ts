import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HttpTransport } from '../../client/http-transport.js';
import { createMockTarget } from '../mock-target.js';
import { runScenarios } from '../run-scenarios.js';
import { notingSecrets } from './secrets-of-traffic.js';

// Run by report-secrets.test.ts in a process of its own. Once with banks as they are; once with banks that repeat in
// their errors what they were sent, so that every check that fails has a chance to give it away.
const outcome = { secrets: 0, leaks: [] as string[] };
const echo =
  (transport: HttpTransport): HttpTransport =>
  async (request) => {
    const sent = `${request.headers.get('authorization') ?? ''} ${await request.clone().text()}`;
    const response = await transport(request);
    if (response.status < 400 && !request.url.includes('banking') && !request.url.includes('contascorrentes'))
      return response;
    const body = JSON.stringify({ error: `no such thing: ${sent}`, error_description: sent });
    return new Response(body, { status: 418, headers: response.headers });
  };

for (const distort of [(transport: HttpTransport) => transport, echo]) {
  const secrets = new Set<string>();
  const target = await createMockTarget({ alter: (transport) => notingSecrets(distort(transport), secrets) });
  const folder = await mkdtemp(join(tmpdir(), 'homologa-reports-'));
  const selection = { bank: null, tags: null, parallel: 0, strict: false };
  await runScenarios({ ...selection, target, targetName: 'mock', folder });
  await target.close();
  outcome.secrets += secrets.size;
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    for (const secret of secrets) {
      const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
      if (forms.some((form) => text.includes(form))) outcome.leaks.push(`${file}: ${secret.slice(0, 6)}…`);
    }
  }
  await rm(folder, { recursive: true });
}
process.stdout.write(JSON.stringify(outcome));
