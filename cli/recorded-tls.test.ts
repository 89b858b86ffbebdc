import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loopbackHosts } from '../certificate-authority/host-names.js';
import { openLocalAuthority } from '../certificate-authority/local-authority.js';
import { createHttpTransport } from '../client/http-transport.js';
import { startMockServer } from '../mock-server/mock-server.js';
import { Redactor } from '../reports/redaction/redactor.js';
import { createExchangeLog } from '../steps/exchange-log.js';

test('evidence of a bank behind TLS has the server name and the protocol, also of a connection used again', async () => {
  const home = await mkdtemp(join(tmpdir(), 'homologa-recorded-tls-'));
  const authority = await openLocalAuthority(home, { name: 'loopback', hosts: loopbackHosts });
  const mock = await startMockServer({ controlToken: null, tls: await authority.issue(loopbackHosts) });
  try {
    const log = createExchangeLog(new AbortController().signal, new Redactor());
    const transport = log.observe(createHttpTransport({ ca: await readFile(authority.caFile, 'utf8') }));
    const { port } = new URL(mock.listen);
    for (const host of ['localhost', 'localhost', '127.0.0.1']) {
      await transport(new Request(`https://${host}:${port}/btg/oauth2/authorize`));
    }
    expect(log.record().map(({ tls }) => tls)).toEqual([
      { serverName: 'localhost', protocol: 'TLSv1.3' },
      { serverName: 'localhost', protocol: 'TLSv1.3' },
      { serverName: null, protocol: 'TLSv1.3' },
    ]);
  } finally {
    await mock.close();
    await rm(home, { recursive: true });
  }
});
