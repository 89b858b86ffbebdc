import { describe, expect, it } from 'vitest';
import { readScenarioTags, ScenarioTagsError } from './scenario-tags.js';

const good = ['@bank:btg', '@id:btg-refresh', '@req:BTG-refresh-a', '@req:RFC6749-6-e', '@kind:edge', '@needs:clock'];

describe('readScenarioTags', () => {
  it('reads every kind of tag', () => {
    expect(readScenarioTags([...good, '@sandbox-safe'])).toEqual({
      id: 'btg-refresh',
      requirements: ['BTG-refresh-a', 'RFC6749-6-e'],
      bank: 'btg',
      kind: 'edge',
      needs: ['clock'],
      sandboxSafe: true,
      grant: 'own',
    });
    expect(readScenarioTags([...good, '@grant:kept']).grant).toBe('kept');
  });

  it.each([
    ['an unknown tag', [...good, '@wip']],
    ['no id', good.filter((tag) => !tag.startsWith('@id:'))],
    ['two ids', [...good, '@id:btg-other']],
    ['an id of another bank', good.map((tag) => tag.replace('@id:btg', '@id:bs2'))],
    ['no requirement', good.filter((tag) => !tag.startsWith('@req:'))],
    ['two banks', [...good, '@bank:bs2']],
    ['an unknown kind', good.map((tag) => tag.replace('edge', 'slow'))],
    ['an unknown need', [...good, '@needs:luck']],
    ['a grant of nobody', [...good, '@grant:borrowed']],
    ['two grants', [...good, '@grant:run', '@grant:kept']],
  ])('refuses %s', (_what, tags) => {
    expect(() => readScenarioTags(tags)).toThrow(ScenarioTagsError);
  });
});
