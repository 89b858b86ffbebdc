import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../banks/exchange.js';
import { Journal } from '../journal.js';
import { recordedExchange } from '../../testing/recorded-exchange.js';
import { findingRules } from './catalogue.js';
import { severities } from './finding.js';
import { analyseTraffic } from './find-findings.js';
import { analyseJournal } from './journal-analysis.js';
import { seeRecorded } from './see-recorded.js';
import { Partner } from './testing/partner.js';

/** A right client's month, with an answer that was lost and a consent that was given anew. */
async function rightTraffic(partner: Partner): Promise<void> {
  for (const bank of ['bs2', 'btg'] as const) {
    await partner.authorize(bank);
    let got = await partner.connect(bank);
    for (let day = 0; day < 4; day += 1) {
      expect(await partner.call(bank, got.accessToken)).toBe(200);
      await partner.pass('P1D');
      expect(await partner.call(bank, got.accessToken)).toBe(401);
      got = await partner.refresh(bank, got.refreshToken);
    }
    await partner.tenant.faults.create({ at: `${bank}.token`, effect: { drop: 'after' } });
    await partner.refresh(bank, got.refreshToken);
    await partner.pass('PT2S');
    await partner.refresh(bank, got.refreshToken);
    await partner.connect(bank);
  }
}

describe('what the journal has forgotten', () => {
  it('makes no rule accuse a right client, whatever is left of its traffic', async () => {
    const partner = await Partner.open();
    await rightTraffic(partner);
    const { length } = await partner.tenant.journal.list();
    expect(length).toBeGreaterThan(25);
    expect(await partner.accused()).toEqual([]);
    for (let size = length; size > 0; size -= 1) {
      await partner.tenant.settings.patch({ journalSize: size });
      expect(await partner.tenant.journal.list()).toHaveLength(size);
      expect(await partner.accused(), `the last ${String(size)}`).toEqual([]);
    }
  });
});

describe('an analysis', () => {
  it('is made once for the same entries, and anew for others', async () => {
    const journal = new Journal(3);
    const first = analyseJournal(journal);
    expect(analyseJournal(journal)).toBe(first);
    journal.record(recordedExchange({}));
    const second = analyseJournal(journal);
    expect(second).not.toBe(first);
    expect(analyseJournal(journal)).toBe(second);
    journal.resize(1);
    journal.record(recordedExchange({}));
    expect(analyseJournal(journal)).not.toBe(second);
    journal.clear();
    expect(analyseJournal(journal).findings).toEqual([]);
  });

  it('never fails, and says of what it saw no more than a rule may, whatever was sent', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'code',
        'state',
        'refresh_token',
        'grant_type',
        'access_token',
        'token',
        '%',
        '%2',
        '&',
        '=',
        '?',
      ),
      fc.constantFrom(
        '«code#1»',
        'Bearer ',
        'Basic ',
        'authorization_code',
        '{"error":"',
        '}',
        'http://',
        '#',
        '\0',
        'é',
      ),
      fc.string({ maxLength: 12 }),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const header = text.map((value) => value.replaceAll(/[^\x20-\x7E]/g, '').trim());
    const endpoints: Endpoint[] = ['authorize', 'login', 'token', 'revoke', 'api', 'unknown'];
    const recorded = fc.record({
      bank: fc.constantFrom('bs2' as const, 'btg' as const),
      endpoint: fc.constantFrom(...endpoints),
      method: fc.constantFrom('GET', 'POST'),
      url: text.map((rest) => `http://127.0.0.1/bs2?${rest}`),
      authorization: header,
      requestBody: text,
      status: fc.constantFrom(0, 200, 302, 400, 401, 403, 429, 503),
      location: text.map((rest) => `http://a.example/?${rest}`),
      body: text,
      answerArrived: fc.boolean(),
      receivedAtMs: fc.integer({ min: 0, max: 1e7 }),
    });
    fc.assert(
      fc.property(fc.array(recorded, { maxLength: 8 }), (list) => {
        const seen = list.map(({ authorization, status, location, body, ...rest }, index) =>
          seeRecorded(
            index + 1,
            recordedExchange({
              ...rest,
              requestHeaders: new Headers({ authorization }),
              answer: { status, headers: [['location', location]], body },
              arrivedAfter: index,
            }),
          ),
        );
        for (const finding of analyseTraffic(seen).findings) {
          const rule = findingRules.find(({ id }) => id === finding.id);
          expect(finding.message).toMatch(/^[A-Z].*\.$/);
          expect(severities.indexOf(finding.severity)).toBeGreaterThanOrEqual(
            severities.indexOf(rule?.severity ?? 'failed'),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});
