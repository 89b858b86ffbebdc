import type { RecordedExchange } from '../journal/journal.js';

/** A request to a bank as a mock records it; what a test does not say is as a token request's of BS2 that was answered 200. */
export function recordedExchange(changes: Partial<RecordedExchange> = {}): RecordedExchange {
  return {
    bank: 'bs2',
    endpoint: 'token',
    receivedAtMs: 1_700_000_000_000,
    answeredAtMs: 1_700_000_000_012,
    method: 'POST',
    url: 'http://127.0.0.1:4010/bs2/auth/oauth/v2/token',
    requestHeaders: new Headers(),
    requestBody: '',
    answer: { status: 200, headers: [], body: '' },
    facts: {},
    faults: [],
    arrivedAfter: 0,
    answerArrived: true,
    environment: 'homologacao',
    isPlayed: false,
    ...changes,
  };
}
