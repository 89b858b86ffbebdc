import fc from 'fast-check';
import { expect, it } from 'vitest';
import { literalPattern } from './literal-pattern.js';

it('matches the text and nothing else', () => {
  const texts = fc.oneof(fc.string(), fc.stringMatching(/^[.*+?^${}()|[\]\\/a]{0,8}$/));
  fc.assert(
    fc.property(texts, texts, (text, other) => {
      const pattern = new RegExp(`^(?:${literalPattern(text)})$`);
      expect(pattern.test(text)).toBe(true);
      expect(pattern.test(other)).toBe(other === text);
    }),
  );
});
