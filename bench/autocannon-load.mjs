// The load of load.ts by autocannon: its result as JSON.
import autocannon from 'autocannon';

const { load, connections, seconds } = JSON.parse(process.argv[2]);
const tokens = [...load.tokens];
const { url, method, headers, body } = load;
const request = {
  method,
  setupRequest: (prepared) => ({ ...prepared, body: body.replace('{token}', () => tokens.shift() ?? 'none-left') }),
  onResponse: (_status, text) => {
    const token = /"refresh_token"\s*:\s*"([^"]+)"/.exec(text)?.[1];
    if (token !== undefined) tokens.push(token);
  },
};
const spends = tokens.length > 0;
const result = await autocannon({
  url,
  connections,
  duration: seconds,
  headers,
  ...(spends ? { requests: [request] } : { method, ...(method === 'GET' ? {} : { body }) }),
});
process.stdout.write(JSON.stringify(result));
