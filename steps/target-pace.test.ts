import { describe, expect, it } from 'vitest';
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

describe('a bank that answers 429 although the pace is kept', () => {
  const terminal = {
    isAttended: false,
    say: () => undefined,
    countdown: () => ({ end: () => undefined }),
    line: async () => '',
  };

  /** Sends token requests to a bank with these answers, and says what came back and when each was sent. */
  async function ask(requests: number, answers: readonly Response[]) {
    let now = 0;
    const sent: [number, string][] = [];
    const left = [...answers];
    const sleep = async (durationMs: number): Promise<void> => {
      now += durationMs;
    };
    const paced = createTargetPace({ tokenEndpoint, tokenRequestsPerMinute: 10, terminal, clock: () => now, sleep });
    const transport = paced(async (request) => {
      sent.push([now, await request.text()]);
      return left.shift() ?? new Response('{}');
    });
    const statuses: number[] = [];
    for (let count = 0; count < requests; count += 1) {
      const request = new Request(tokenEndpoint, { method: 'POST', body: `code=${String(count)}` });
      statuses.push((await transport(request)).status);
    }
    return { sent, statuses };
  }
  const tooMany = (retryAfter?: string): Response =>
    new Response(null, { status: 429, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });

  it.each([
    ['7', 7_000],
    ['0', 1_000],
    [undefined, 60_000],
  ])('is asked once more when its time is over: Retry-After %s', async (retryAfter, at) => {
    expect(await ask(1, [tooMany(retryAfter)])).toEqual({
      sent: [
        [0, 'code=0'],
        [at, 'code=0'],
      ],
      statuses: [200],
    });
  });

  it('is believed where it asks for more than a minute, or says so again', async () => {
    expect(await ask(1, [tooMany('3600')])).toMatchObject({ sent: [[0, 'code=0']], statuses: [429] });
    const { sent, statuses } = await ask(2, [tooMany('5'), tooMany('5'), tooMany('5')]);
    expect(sent.map(([, body]) => body)).toEqual(['code=0', 'code=0', 'code=1']);
    expect(statuses).toEqual([429, 429]);
  });
});
