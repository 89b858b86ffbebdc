/* global document, history, location */
const say = (text) => {
  document.querySelector('#said').textContent = text;
};

async function post(path, value) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  return { status: response.status, ...(await response.json()) };
}

if (location.pathname === '/connect') {
  const { authorizationUrl } = await post('/api/connect', {});
  location.assign(authorizationUrl);
} else if (location.pathname === '/callback') {
  const answer = location.search;
  // The code does not stay in the address bar and the history.
  history.replaceState(null, '', '/');
  const { message } = await post('/api/callback', { answer });
  say(message);
} else {
  say('Bem-vindo.');
}
