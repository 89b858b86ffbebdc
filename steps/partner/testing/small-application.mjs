// The least application that gets through the positive control, and MODE for each way in which it does not fit its file.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { spawn } from 'node:child_process';

const { PORT, MODE = '', AUTHORIZE, TOKEN, API, CLIENT_ID, CLIENT_SECRET, SCOPE, REDIRECT_URI } = process.env;
if (MODE === 'exits') {
  console.error('cannot find its configuration');
  process.exit(7);
}
// What a shell or a process manager leaves behind when only its first process is ended.
if (MODE === 'has-a-child') spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });

const sessions = new Map();
const redirectUri = MODE === 'other-redirect-uri' ? 'http://127.0.0.1:9/elsewhere' : REDIRECT_URI;
const secret = MODE === 'other-secret' ? 'another-secret-than-the-file-says' : CLIENT_SECRET;
const clientId = MODE === 'other-client' ? 'another-client-than-the-file-says' : CLIENT_ID;

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://app');
  const sid = /sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const send = (status, headers, body = '') => response.writeHead(status, headers).end(body);
  if (url.pathname === '/health') return send(204, {});
  if (MODE === 'answers-500') return send(500, {}, 'broken');
  if (url.pathname === '/connect') {
    if (MODE === 'needs-a-script') return send(200, { 'content-type': 'text/html' }, '<script>location="/go"</script>');
    if (MODE === 'wrong-path') return send(302, { location: AUTHORIZE.replace('authorize', 'autorizar') });
    const id = randomUUID();
    const state = randomUUID();
    sessions.set(id, { state });
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: SCOPE,
      state,
    });
    return send(302, { 'set-cookie': `sid=${id}; HttpOnly; SameSite=Lax`, location: `${AUTHORIZE}?${query}` });
  }
  const session = sessions.get(sid);
  if (url.pathname === '/callback') {
    if (MODE === 'callback-is-a-page')
      return send(200, { 'content-type': 'text/html' }, '<script src="/app.js"></script>');
    if (MODE === 'callback-does-nothing') return send(200, { 'content-type': 'text/plain' }, 'ok');
    if (session === undefined || session.state !== url.searchParams.get('state')) return send(400, {}, 'not yours');
    delete session.state;
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    });
    const basic = Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64');
    const answer = await fetch(TOKEN, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body });
    if (!answer.ok) return send(502, {}, 'the bank refused');
    session.token = (await answer.json()).access_token;
    return send(200, {}, 'connected');
  }
  if (url.pathname === '/balance') {
    if (session?.token === undefined) return send(409, {}, 'connect first');
    const answer = await fetch(API, { headers: { authorization: `Bearer ${session.token}` } });
    return send(answer.status, {}, await answer.text());
  }
  return send(404, {});
}).listen(Number(PORT), '127.0.0.1');
