import { describe, expect, it } from 'vitest';
import { findAlteration } from '../../mock-server/faults/catalogue.js';
import { aheadRungs, expiredRungs } from './clock-leeway.js';
import { idTokenFaults, refreshedIdTokenFaults, verdictOnUse } from './id-token-fault.js';
import type { IdTokenFault } from './id-token-fault.js';

describe('wrong id_tokens', () => {
  it.each([...idTokenFaults.values(), ...refreshedIdTokenFaults.values(), ...expiredRungs, ...aheadRungs])(
    'can be had of the bank: $alteration',
    ({ alteration }) => {
      expect(findAlteration(alteration, 'btg.token').kind).toBe('found');
    },
  );
});

describe('the use of an answer with a wrong id_token', () => {
  const of = (severity: IdTokenFault['severity']): IdTokenFault => ({
    alteration: 'id-token.iss-wrong',
    what: 'an id_token of another issuer',
    tokens: 'tokens',
    severity,
  });
  const expected = 'tokens that came with an id_token of another issuer not to be used';
  const actual = 'the API was called';

  it.each([
    ['failed', { finding: 'failed', expected, actual }],
    ['warning', { finding: 'warning', expected, actual }],
    [
      'info',
      { finding: 'info', actual: 'tokens that came with an id_token of another issuer are used: the API was called' },
    ],
    ['none', null],
  ] as const)('counts as %s', (severity, evidence) => {
    expect(verdictOnUse(of(severity), actual)).toEqual(evidence);
  });

  it.each(['failed', 'warning', 'info', 'none'] as const)('counts for nothing where there is none (%s)', (severity) => {
    expect(verdictOnUse(of(severity), null)).toBeNull();
  });

  it('says when it is about a refresh', () => {
    const [fault] = refreshedIdTokenFaults.values();
    expect(fault === undefined ? null : verdictOnUse(fault, actual)).toMatchObject({
      expected: 'refreshed tokens that came with an id_token of another issuer not to be used',
    });
  });
});
