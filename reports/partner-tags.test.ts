import { describe, expect, it } from 'vitest';
import { requirementsAt } from './partner-tags.js';

describe('requirementsAt', () => {
  it('leaves out what the other bank asks', () => {
    const cited = ['RFC6749-6-d', 'BS2-tokens-o', 'BTG-refresh-m'];
    expect(requirementsAt('bs2', cited)).toEqual(['RFC6749-6-d', 'BS2-tokens-o']);
    expect(requirementsAt('btg', cited)).toEqual(['RFC6749-6-d', 'BTG-refresh-m']);
  });
});
