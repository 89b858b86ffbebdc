import { describe, expect, it } from 'vitest';
import { TransportError } from '../../client/transport-error.js';
import { HarnessFault } from '../check-failure.js';
import { attempt, describeAttempt, isPlainCrash, seconds, tolerantly } from './attempt.js';

const shown = (status: number) => ({ status, url: 'http://127.0.0.1:3000/', headers: new Headers(), body: '' });
const brokenOff = new TransportError('ERR_TRANSPORT_ANSWER_LOST', 'no answer came complete');
const never = new Promise<never>(() => undefined);

describe('a request to the application', () => {
  it('is answered, breaks off, or is waited for', async () => {
    expect(await attempt(Promise.resolve(shown(200)), 1_000)).toMatchObject({ kind: 'answered' });
    expect(await attempt(Promise.reject(brokenOff), 1_000)).toMatchObject({ kind: 'broken-off' });
    expect(await attempt(never, 5)).toMatchObject({ kind: 'waiting' });
  });

  it('that goes wrong for a reason of ours is no finding', async () => {
    await expect(attempt(Promise.reject(new HarnessFault('ours')), 1_000)).rejects.toThrow('ours');
    await expect(tolerantly(Promise.reject(new HarnessFault('ours')))).rejects.toThrow('ours');
    expect(await tolerantly(Promise.reject(brokenOff))).toBeNull();
  });

  it('nobody hears of what goes wrong when the waiting is over', async () => {
    const late = new Promise<never>((_resolve, reject) => setTimeout(reject, 10, new HarnessFault('late')));
    expect(await attempt(late, 1)).toMatchObject({ kind: 'waiting' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
});

it('is told in a few words', () => {
  expect(describeAttempt({ kind: 'answered', shown: shown(503), afterMs: 3 })).toBe('a page with status 503');
  expect(describeAttempt({ kind: 'waiting', afterMs: 5_000 })).toBe('no answer within 5.0 s');
  expect([seconds(340), seconds(12_300)]).toEqual(['0.3 s', '12 s']);
});

it('a crash is 500 and nothing else, or no answer at all', () => {
  const crashes = [500, 502, 503, 409, 200].map((status) =>
    isPlainCrash({ kind: 'answered', shown: shown(status), afterMs: 1 }),
  );
  expect(crashes).toEqual([true, false, false, false, false]);
  expect(isPlainCrash({ kind: 'broken-off', afterMs: 1 })).toBe(true);
});
