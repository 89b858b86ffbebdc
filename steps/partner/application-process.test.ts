import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { refuseStranger } from './application-process.js';

it('refuses whoever answers where the application is going to', async () => {
  const stranger = createServer((_request, response) => response.writeHead(200).end('an earlier run'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const address = stranger.address();
  const url = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/health`;
  await expect(refuseStranger(url)).rejects.toMatchObject({ code: 'ERR_APPLICATION_START' });
  await new Promise((resolve) => {
    stranger.close(resolve);
    stranger.closeAllConnections();
  });
  await expect(refuseStranger(url)).resolves.toBeUndefined();
});
