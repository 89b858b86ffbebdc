import { describe, expect, it } from 'vitest';
import { CustomerNames } from './customer-names.js';

/** The names that one check draws, and lets go where it ends. */
function check(names: CustomerNames, customers: readonly string[] | null, count: number, ends = true): string[] {
  const drawn: string[] = [];
  for (let made = 0; made < count; made += 1) drawn.push(names.draw(customers, drawn));
  if (ends) for (const name of drawn) names.release(name);
  return drawn;
}

describe('the names of a run’s customers', () => {
  it('are new ones where the file lists none', () => {
    const names = new CustomerNames();
    expect(check(names, null, 2)).toEqual(['cliente-1', 'cliente-2']);
    expect(names.drawAgain('cliente-1')).toBe('cliente-1');
    expect(check(names, null, 1)).toEqual(['cliente-3']);
    expect(names.drawn).toEqual(['cliente-1', 'cliente-2', 'cliente-3']);
  });

  it('are those of the list in turn, two of a check never the same', () => {
    const names = new CustomerNames();
    const listed = ['ana', 'bia', 'caio'];
    expect(check(names, listed, 2)).toEqual(['ana', 'bia']);
    expect(check(names, listed, 2)).toEqual(['caio', 'ana']);
    expect(check(names, listed, 1)).toEqual(['bia']);
  });

  it('never give the first customer of a check their own name as another’s', () => {
    expect(check(new CustomerNames(), ['ana', 'bia'], 4)).toEqual(['ana', 'bia', 'bia', 'bia']);
  });

  it('leave alone whoever is in play elsewhere, as long as somebody else is there', () => {
    const names = new CustomerNames();
    const listed = ['ana', 'bia', 'caio'];
    expect(check(names, listed, 2, false)).toEqual(['ana', 'bia']);
    expect(check(names, listed, 1)).toEqual(['caio']);
    expect(check(names, listed, 2)).toEqual(['caio', 'ana']);
  });
});
