// The least application that gets through the positive control, and MODE for each way in which it does not fit its file.
// With a MODE of `login…` customers log in first, and `…-global-pending` has one table of begun connects for all of them.
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
const hasLogin = MODE.startsWith('login');
/** Who is logged in, by session; and the tokens of each. */
const users = new Map();
const tokens = new Map();
const pending = new Set();
const redirectUri = MODE === 'other-redirect-uri' ? 'http://127.0.0.1:9/elsewhere' : REDIRECT_URI;
const secret = MODE === 'other-secret' ? 'another-secret-than-the-file-says' : CLIENT_SECRET;
const clientId = MODE === 'other-client' ? 'another-client-than-the-file-says' : CLIENT_ID;

createServer(async (request, response) => {
  const url = new URL(request.url, 'http://app');
  const sid = /sid=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const send = (status, headers, body = '') => response.writeHead(status, headers).end(body);
  if (url.pathname === '/health') return send(204, {});
  if (MODE === 'answers-500') return send(500, {}, 'broken');
  if (hasLogin && url.pathname === '/login') {
    const id = randomUUID();
    users.set(id, url.searchParams.get('user'));
    return send(204, { 'set-cookie': `sid=${id}; HttpOnly; SameSite=Lax` });
  }
  if (hasLogin && !users.has(sid)) return send(401, {}, 'log in first');
  if (url.pathname === '/connect') {
    if (MODE === 'needs-a-script') return send(200, { 'content-type': 'text/html' }, '<script>location="/go"</script>');
    if (MODE === 'own-login') return send(302, { location: '/sign-in' });
    if (MODE === 'hangs-up') return request.socket.destroy();
    if (MODE === 'real-bank') return send(302, { location: 'https://api.bs2.com/auth/oauth/v2/authorize?state=x' });
    if (MODE === 'wrong-path') return send(302, { location: AUTHORIZE.replace('authorize', 'autorizar') });
    const id = hasLogin ? sid : randomUUID();
    const state = randomUUID();
    sessions.set(id, { state });
    pending.add(state);
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
  if (url.pathname === '/sign-in') return send(200, { 'content-type': 'text/html' }, '<input type="password">');
  if (url.pathname === '/callback') {
    if (MODE === 'callback-exits') process.exit(1);
    if (MODE === 'callback-hangs-up') return request.socket.destroy();
    if (MODE === 'callback-is-a-page')
      return send(200, { 'content-type': 'text/html' }, '<script src="/app.js"></script>');
    if (MODE === 'callback-does-nothing') return send(200, { 'content-type': 'text/plain' }, 'ok');
    const state = url.searchParams.get('state');
    const isBegun = MODE.endsWith('-global-pending') ? pending.has(state) : session?.state === state;
    if (!isBegun) return send(400, {}, 'not yours');
    pending.delete(state);
    delete session?.state;
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: url.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
    });
    const basic = Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64');
    const answer = await fetch(TOKEN, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body });
    if (!answer.ok) return send(502, {}, 'the bank refused');
    tokens.set(users.get(sid) ?? sid, (await answer.json()).access_token);
    return send(200, {}, 'connected');
  }
  if (url.pathname === '/balance') {
    const token = tokens.get(users.get(sid) ?? sid);
    if (token === undefined) return send(409, {}, 'connect first');
    const answer = await fetch(API, { headers: { authorization: `Bearer ${token}` } });
    return send(answer.status, {}, await answer.text());
  }
  return send(404, {});
}).listen(Number(PORT), '127.0.0.1');
