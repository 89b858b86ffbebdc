import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../foundation/iso-duration.js';
import { bs2Profile } from '../banks/bs2/profile.js';
import { btgProfile } from '../banks/btg/profile.js';
import { durationMs, effectiveSettings, mergeDefined, mergePatches } from './settings.js';
import type { SettingsPatch } from './settings.js';

const profiles = { bs2: bs2Profile, btg: btgProfile };

describe('effectiveSettings', () => {
  it('is homologação unless told otherwise, with the documented lifetimes', () => {
    const settings = effectiveSettings(profiles, {});
    expect(settings).toMatchObject({
      environment: 'homologacao',
      journalSize: 500,
      bs2: {
        accessTokenLifetime: 'PT7M',
        refreshTokenLifetime: 'P30D',
        passwordRefreshTokenLifetime: 'PT10M',
        rateLimit: { requests: 10, window: 'PT1M' },
        requireScopeOnRefresh: true,
        httpsRedirectUris: false,
        userAgentCode: null,
        allowedAddresses: 'any',
      },
      btg: { accessTokenLifetime: 'PT24H', refreshTokenLifetime: 'P10D' },
    });
  });

  it('brings the surprises of go-live with producao, and keeps what a patch says', () => {
    const producao = effectiveSettings(profiles, { environment: 'producao' });
    expect(producao.bs2).toMatchObject({
      accessTokenLifetime: 'PT5M',
      httpsRedirectUris: true,
      refreshTokenLifetime: 'P30D',
    });
    expect(producao.bs2.userAgentCode).not.toBe(null);
    expect(producao.bs2.allowedAddresses).not.toBe('any');
    const patched = effectiveSettings(profiles, {
      environment: 'producao',
      bs2: { accessTokenLifetime: 'PT1H', userAgentCode: null },
    });
    expect(patched.bs2).toMatchObject({ accessTokenLifetime: 'PT1H', userAgentCode: null, httpsRedirectUris: true });
  });

  it.each(['homologacao', 'producao'] as const)('has only durations that can be read in %s', (environment) => {
    const { bs2, btg } = effectiveSettings(profiles, { environment });
    const durations = [...Object.entries(bs2), ...Object.entries(btg)].filter(([name]) => name.endsWith('Lifetime'));
    expect(durations.length).toBeGreaterThan(8);
    for (const [, duration] of durations) expect(parseDuration(String(duration))).toBeGreaterThan(0);
  });

  it.each(Object.entries(profiles))('says for every default of %s what stands behind it', (_bank, profile) => {
    for (const value of [...Object.values(profile.homologacao), ...Object.values(profile.producao)]) {
      expect(['documented', 'observed', 'inferred']).toContain(value.evidence);
      expect(value.source).not.toBe('');
    }
    expect(Object.keys(profile.homologacao)).toEqual(expect.arrayContaining(Object.keys(profile.producao)));
  });
});

describe('merging', () => {
  it('lets the later patch win member by member, and an undefined member change nothing', () => {
    const first: SettingsPatch = {
      environment: 'producao',
      bs2: { requireState: true, rateLimit: 'off' },
      btg: { discovery: true },
    };
    const second: SettingsPatch = {
      environment: undefined,
      journalSize: 7,
      bs2: { rateLimit: { requests: 1, window: 'PT1S' } },
      btg: undefined,
    };
    expect(mergePatches(first, second)).toEqual({
      environment: 'producao',
      journalSize: 7,
      bs2: { requireState: true, rateLimit: { requests: 1, window: 'PT1S' } },
      btg: { discovery: true },
    });
    expect(first.bs2?.rateLimit).toBe('off');
  });

  it('does not touch what it merges over', () => {
    const base: { a: number; b: number | null } = { a: 1, b: null };
    expect(mergeDefined(base, { b: 2 })).toEqual({ a: 1, b: 2 });
    const other: typeof base = { a: 1, b: 2 };
    expect(mergeDefined(other, { b: null })).toEqual({ a: 1, b: null });
    expect(mergeDefined(base, undefined)).not.toBe(base);
    expect(base).toEqual({ a: 1, b: null });
  });
});

describe('durationMs', () => {
  it('reads a setting as often as it is asked, and remembers no more than it must', () => {
    for (let seconds = 1; seconds < 2500; seconds += 1)
      expect(durationMs(`PT${String(seconds)}S`)).toBe(seconds * 1000);
    expect(durationMs('P30D')).toBe(30 * 86_400_000);
    expect(() => durationMs('P1M')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_DURATION' }));
  });
});
