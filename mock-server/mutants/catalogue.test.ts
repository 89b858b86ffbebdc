import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MockServer } from '../mock-server.js';
import { startMockServer } from '../mock-server.js';
import type { TenantHandle } from '../tenant-handle.js';
import { bankMutants, findMutant, nearestMutantIds } from './catalogue.js';
import type { Mutant } from './catalogue.js';
import { BankVisit } from './testing/bank-visit.js';
import { probeOf } from './testing/probes.js';

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer({ listen: false });
});
afterAll(() => mock.close());

/** A day later than whatever came before, so that no probe meets the limits and times of another. */
async function probe(tenant: TenantHandle, mutant: Mutant): Promise<boolean | undefined> {
  await tenant.clock.freeze();
  await tenant.clock.advance('P1D');
  return probeOf(mutant)?.(new BankVisit(mock, tenant, mutant.bank));
}

describe('a mutant', () => {
  it.each(bankMutants.map((mutant) => [mutant.id, mutant] as const))(
    '%s shows on the wire, at its own tenant only, until it is taken away',
    async (id, mutant) => {
      const [changed, honest] = [await mock.createTenant(), await mock.createTenant()];
      expect((await changed.mutants.set([id])).map((standing) => standing.id)).toEqual([id]);
      expect(await probe(changed, mutant), mutant.description).toBe(true);
      expect(await probe(honest, mutant), 'the honest bank').toBe(false);
      await changed.mutants.set([]);
      expect(await probe(changed, mutant), 'the bank after the mutant').toBe(false);
      await Promise.all([changed.delete(), honest.delete()]);
    },
  );
});

describe('the catalogue', () => {
  it('gives each mutant an id of its own, a sentence and what it breaks', () => {
    expect(new Set(bankMutants.map(({ id }) => id)).size).toBe(bankMutants.length);
    for (const { id, bank, description, breaks } of bankMutants) {
      expect(id).toMatch(new RegExp(`^${bank}\\.[a-z0-9]+(-[a-z0-9]+)+$`));
      expect(description).toMatch(/^\S.{15,}\.$/);
      expect(breaks.length).toBeGreaterThan(0);
      expect(new Set(breaks).size).toBe(breaks.length);
      for (const requirement of breaks)
        expect(requirement).toMatch(/^(BS2|BTG|RFC\d{4}|OIDCC|OIDCD)-[\w.-]+-(\d+|[a-z])$/);
      const otherBank = bank === 'bs2' ? /^BTG-/ : /^BS2-/;
      expect(breaks.filter((requirement) => otherBank.test(requirement))).toEqual([]);
    }
  });

  it('finds a mutant by its id, and the likest ids for one that it lacks', () => {
    expect(findMutant('btg.iss-trailing-slash')?.breaks).toContain('RFC9207-2-a');
    expect(findMutant('btg.iss-slash')).toBeUndefined();
    expect(nearestMutantIds('bs2.refresh-not-rotate')[0]).toBe('bs2.refresh-not-rotated');
    expect(nearestMutantIds('btg.iss-trailing-slahs', 1)).toEqual(['btg.iss-trailing-slash']);
  });
});
