// Puts the load of a file that autocannon-load.ts writes, by autocannon, and prints what came of it as JSON.
import { readFile } from 'node:fs/promises';
import autocannon from 'autocannon';

const { load, endsByItself, connections, seconds } = JSON.parse(await readFile(process.argv[2], 'utf8'));
const { url, method, headers, body, answersRenew } = load;
const tokens = [...load.tokens];
let firstSentAt = 0;
let lastAnswerAt = 0;

function nextToken() {
  if (firstSentAt === 0) firstSentAt = performance.now();
  return tokens.shift() ?? 'none-left';
}

const spending = {
  method,
  setupRequest: (prepared) => ({ ...prepared, body: body.replace('{token}', nextToken) }),
  onResponse: (_status, text) => {
    lastAnswerAt = performance.now();
    const token = answersRenew ? /"refresh_token"\s*:\s*"([^"]+)"/.exec(text)?.[1] : undefined;
    if (token !== undefined) tokens.push(token);
  },
};
const { requests, latency, errors, non2xx, duration } = await autocannon({
  url,
  connections,
  headers,
  ...(endsByItself ? { amount: tokens.length } : { duration: seconds }),
  ...(tokens.length > 0 ? { requests: [spending] } : { method, ...(method === 'GET' ? {} : { body }) }),
});
// It notices once a second that all are answered, so a load that ends by itself is timed here.
const ms = endsByItself ? lastAnswerAt - firstSentAt : duration * 1000;
process.stdout.write(JSON.stringify({ requests: requests.total, ms, p99Ms: latency.p99, errors: errors + non2xx }));
