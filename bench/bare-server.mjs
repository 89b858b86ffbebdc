// The least that answers: what `homologa serve` is compared with.
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

const application = new Hono();
application.get('/', ({ json }) => json({ status: 'ok' }));
serve({ fetch: application.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
});
