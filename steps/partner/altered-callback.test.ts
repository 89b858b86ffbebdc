import { describe, expect, it } from 'vitest';
import { alteredState, cutState, withMoreParameters, withParameter } from './altered-callback.js';

const callback = 'http://127.0.0.1:3000/callback?fixo=1&code=c0&state=s%2F1';

it('sets and leaves out parameters, and adds more', () => {
  expect(withParameter(callback, 'state', 'x/2')).toBe('http://127.0.0.1:3000/callback?fixo=1&code=c0&state=x%2F2');
  expect(withParameter(callback, 'state', null)).toBe('http://127.0.0.1:3000/callback?fixo=1&code=c0');
  expect(withMoreParameters(callback, [['code', 'c1']])).toBe(`${callback}&code=c1`);
});

describe('an altered state', () => {
  const differences = (first: string, second: string): number[] =>
    [...first].flatMap((letter, index) => (letter === second[index] ? [] : [index]));

  it('differs in one letter amid what varies, and keeps the form', () => {
    const altered = alteredState('cliente-17.kd93hfKQ81.inicio', 'cliente-18.pq01msRZ22.inicio');
    const [place = -1, ...more] = differences('cliente-17.kd93hfKQ81.inicio', altered);
    expect(more).toEqual([]);
    expect(place).toBeGreaterThan('cliente-17.kd'.length);
    expect(place).toBeLessThan('cliente-17.kd93hfKQ'.length);
    expect(altered).toMatch(/^cliente-17\.\w{10}\.inicio$/);
  });

  it('stays hex, and never differs in a last letter alone, whose bits may mean nothing', () => {
    const state = '3f2a9c0417bd4e5f8a6b7c8d9e0f1a2b';
    expect(alteredState(state, '90b1d2e3f4a5061728394a5b6c7d8e9f')).toMatch(/^[0-9a-f]{32}$/);
    expect(differences(state, alteredState(state, null))).toEqual([15]);
  });

  it('is another also where nothing varies, and where no letter can be changed', () => {
    expect(alteredState('conectar', 'conectar')).not.toBe('conectar');
    expect(alteredState('c', 'e')).toBe('e');
    expect(alteredState('--', '__')).toBe('--x');
  });
});

describe('a state that is cut short', () => {
  it('is the beginning of the right one, without a part of what varies', () => {
    expect(cutState('cliente-17.kd93hfKQ81.inicio', 'cliente-18.pq01msRZ22.inicio')).toBe('cliente-17.kd9');
    expect(cutState('3f2a9c04', null)).toBe('3f2a');
    expect(cutState('conectar', 'conectar')).toBe('cone');
  });

  it('is none where nothing would be left', () => {
    expect(cutState('c', 'e')).toBeNull();
  });
});
