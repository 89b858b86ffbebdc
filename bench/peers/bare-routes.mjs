// The least that answers as a token endpoint does: parses the form, answers a random opaque token or signs one.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';

// At the first request that needs it: who only starts should not wait for it.
let key = null;
const header = Buffer.from('{"alg":"RS256","typ":"JWT"}').toString('base64url');

function claims(clientId) {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'http://127.0.0.1',
    sub: clientId,
    iat: now,
    exp: now + 3600,
    jti: randomBytes(16).toString('hex'),
  };
  return `${header}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`;
}

const application = new Hono();
application.get('/', ({ json }) => json({ status: 'ok' }));
application.post('/opaque', async (context) => {
  const form = new URLSearchParams(await context.req.text());
  return context.json({
    access_token: randomBytes(16).toString('hex'),
    token_type: 'Bearer',
    scope: form.get('scope') ?? '',
  });
});
// The callback form signs on another thread, so that one process uses two cores where it has them.
application.post('/rs256', async (context) => {
  const form = new URLSearchParams(await context.req.text());
  const signed = claims(form.get('client_id') ?? 'client');
  const signature = await new Promise((resolve, reject) =>
    sign(
      'RSA-SHA256',
      Buffer.from(signed),
      (key ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
      (error, value) => (error === null ? resolve(value) : reject(error)),
    ),
  );
  return context.json({ access_token: `${signed}.${signature.toString('base64url')}`, token_type: 'Bearer' });
});
serve({ fetch: application.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}/` })}\n`);
});
