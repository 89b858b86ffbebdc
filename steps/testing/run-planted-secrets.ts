import { Buffer } from 'node:buffer';
import { CheckFailure } from '../check-failure.js';
import { createMockTarget } from '../mock-target.js';
import { runRedactor } from '../run-redactor.js';
import type { Target } from '../target.js';
import { runScenarios } from '../run-scenarios.js';

// Run by planted-secrets.test.ts in a process of its own. The bank answers token requests with secrets of the target in
// every disguise, and its pages with others; some scenarios fail over it, so that the errors say them too.
const [folder = '', secretsJson = '[]'] = process.argv.slice(2);
const parsed: unknown = JSON.parse(secretsJson);
const secrets = Array.isArray(parsed) ? parsed.map(String) : [];
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function disguises(secret: string): object {
  return {
    access_token: secret,
    plain: `you sent ${secret}`,
    url: `https://bank.example/?next=${encodeURIComponent(secret)}`,
    base64: Buffer.from(`id:${secret}`).toString('base64'),
    jwt: `${encode({ alg: 'HS256' })}.${encode({ note: secret, sub: secret })}.c2ln`,
    nested: { deep: [{ json: JSON.stringify({ note: secret }) }] },
  };
}

const mock = await createMockTarget({
  alter: (transport) => async (request) => {
    // As the secrets that a target knows.
    for (const secret of secrets) runRedactor().learn('planted', secret);
    if (!request.url.endsWith('/token')) return transport(request);
    const location = `/?x=1#access_token=${secrets.map(encodeURIComponent).join('&code=')}`;
    const headers = { 'content-type': 'application/json', location };
    return new Response(JSON.stringify(secrets.map(disguises)), { status: 400, headers });
  },
});
let opened = 0;
const said = `The bank said ${secrets.join(' and ')}`;
const target: Target = {
  ...mock,
  open: async (bank, observe) => {
    const whole = await mock.open(bank, observe);
    opened += 1;
    if (opened > 2) return whole;
    const error = opened === 1 ? new CheckFailure(said, said) : new TypeError(said);
    for (const secret of secrets) runRedactor().learn('planted', secret);
    return { ...whole, consent: () => Promise.reject(error) };
  },
};
const results = await runScenarios({
  target,
  targetName: 'mock',
  bank: 'btg',
  tags: '@id:btg-consent or @id:btg-code-reuse or @id:btg-refresh-reuse or @id:btg-token-answer-not-cached',
  parallel: 0,
  strict: false,
  folder,
});
await target.close();
process.stdout.write(JSON.stringify(results.run));
