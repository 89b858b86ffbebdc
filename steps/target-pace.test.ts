import { expect, it } from 'vitest';
import type { PersonTerminal } from './person-terminal.js';
import { createTargetPace } from './target-pace.js';

const tokenEndpoint = 'https://bank.example/oauth2/token';

it('lets no token request go before its turn, whatever its query, and says what is waited for', async () => {
  let now = 0;
  const waits: number[] = [];
  const sent: [string, number][] = [];
  const told: string[] = [];
  const countdown: PersonTerminal['countdown'] = (what, durationMs) => {
    told.push(`${what}: ${String(durationMs)}`);
    return { end: () => told.push('over') };
  };
  const terminal = { isAttended: false, say: () => undefined, countdown, line: async () => '' };
  const paced = createTargetPace({
    tokenEndpoint,
    tokenRequestsPerMinute: 2,
    terminal,
    clock: () => now,
    sleep: async (durationMs) => {
      waits.push(durationMs);
      now += durationMs;
    },
  });
  // Each scenario has a transport of its own, and all of them one limit.
  const ofScenario = () =>
    paced(async (request) => {
      sent.push([request.url.slice('https://bank.example'.length), now]);
      return new Response(null, { status: 400 });
    });
  for (const path of ['/oauth2/token', '/oauth2/token?client_id=x', '/oauth2/authorize', '/oauth2/token']) {
    await ofScenario()(new Request(`https://bank.example${path}`));
  }
  expect(sent).toEqual([
    ['/oauth2/token', 0],
    ['/oauth2/token?client_id=x', 0],
    ['/oauth2/authorize', 0],
    ['/oauth2/token', 60_000],
  ]);
  expect(told).toEqual(['Waiting for the bank’s limit of 2 token requests a minute: 60000', 'over']);
});
