import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BankVisit } from '../mutants/testing/bank-visit.js';
import type { MockServer } from '../mock-server.js';
import { startMockServer } from '../mock-server.js';
import { alterations, findAlteration, nearestAlterationIds } from './catalogue.js';
import { probedNames, probesOf } from './testing/alteration-probes.js';

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ listen: false });
});
afterAll(() => mock.close());

describe('an alteration', () => {
  it.each(alterations.map((alteration) => [alteration.id, alteration] as const))(
    '%s makes the difference that it is for, once, and no other',
    async (id, alteration) => {
      const probes = probesOf(alteration);
      expect(probes.length).toBeGreaterThan(0);
      for (const probe of probes) {
        const tenant = await mock.createTenant();
        await tenant.clock.freeze();
        const alter = async (): Promise<void> => {
          await tenant.faults.create({ at: alteration.at, effect: { alter: id } });
        };
        const { honest, expected, altered, next } = await probe(new BankVisit(mock, tenant, alteration.bank), alter);
        expect(expected, 'the intended difference').not.toEqual(honest);
        expect(altered, alteration.description).toEqual(expected);
        expect(next, 'the answer after it').toEqual(honest);
        expect(await tenant.faults.list()).toEqual([]);
        await tenant.delete();
      }
    },
  );
});

describe('the catalogue', () => {
  it('gives each alteration an id of its own, a point of its bank, a sentence and what it is about', () => {
    expect(new Set(alterations.map(({ id }) => id)).size).toBe(alterations.length);
    for (const { id, bank, at, kind, description, breaks } of alterations) {
      const families = '(authorization-response|token-response|token-error|id-token|api)';
      expect(id).toMatch(new RegExp(`^${bank}\\.${families}\\.[a-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$`));
      expect(at).toMatch(new RegExp(`^${bank}\\.${kind === 'response' ? 'redirect' : '(token|api)'}$`));
      expect(description).toMatch(/^\S.{15,}\.$/);
      expect(breaks.length, id).toBeGreaterThan(0);
      expect(new Set(breaks).size).toBe(breaks.length);
      const otherBank = bank === 'bs2' ? /^BTG-/ : /^BS2-/;
      expect(breaks.filter((requirement) => otherBank.test(requirement))).toEqual([]);
    }
  });

  it('has no probe for what it does not have', () => {
    const names = new Set(alterations.map(({ id, bank }) => id.slice(bank.length + 1)));
    expect(probedNames.filter((name) => !names.has(name))).toEqual([]);
  });

  it('finds an alteration at its point, by its id with or without the bank', () => {
    expect(findAlteration('btg.id-token.iss-wrong', 'btg.token')).toMatchObject({ kind: 'found' });
    expect(findAlteration('id-token.iss-wrong', 'btg.token')).toMatchObject({ kind: 'found' });
    expect(findAlteration('api.html', 'bs2.api')).toMatchObject({ alteration: { id: 'bs2.api.html' } });
    expect(findAlteration('api.html', 'btg.api')).toMatchObject({ alteration: { id: 'btg.api.html' } });
  });

  it('tells where else an alteration acts, and which ids are like one that it lacks', () => {
    expect(findAlteration('id-token.iss-wrong', 'bs2.token')).toEqual({ kind: 'elsewhere', points: ['btg.token'] });
    expect(findAlteration('api.html', 'bs2.token')).toEqual({ kind: 'elsewhere', points: ['bs2.api', 'btg.api'] });
    expect(findAlteration('bs2.api.html', 'btg.api')).toEqual({ kind: 'elsewhere', points: ['bs2.api'] });
    expect(findAlteration('id-token.is-wrong', 'btg.token')).toEqual({ kind: 'unknown' });
    expect(nearestAlterationIds('id-token.is-wrong', 'btg.token', 1)).toEqual(['btg.id-token.iss-wrong']);
    expect(nearestAlterationIds('btg.api.htm', 'btg.api')[0]).toBe('btg.api.html');
  });
});
