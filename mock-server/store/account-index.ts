import type { AccountOfClient } from './store.js';

/**
 * Ids by the account that they belong to, in the order in which they came. Most accounts have one, which then needs no
 * set: at a million accounts the sets took a sixth of all memory.
 */
export class AccountIndex {
  readonly #ids = new Map<string, string | Set<string>>();

  add(account: AccountOfClient, id: string): void {
    const key = keyOf(account);
    const known = this.#ids.get(key);
    if (known === undefined) this.#ids.set(key, id);
    else if (typeof known !== 'string') known.add(id);
    else if (known !== id) this.#ids.set(key, new Set([known, id]));
  }

  remove(account: AccountOfClient, id: string): void {
    const key = keyOf(account);
    const known = this.#ids.get(key);
    if (known === id) this.#ids.delete(key);
    if (known === undefined || typeof known === 'string') return;
    known.delete(id);
    if (known.size === 0) this.#ids.delete(key);
  }

  /** A list of its own: the index may be changed while it is read. */
  idsOf(account: AccountOfClient): readonly string[] {
    const known = this.#ids.get(keyOf(account));
    if (known === undefined) return [];
    return typeof known === 'string' ? [known] : [...known];
  }

  clear(): void {
    this.#ids.clear();
  }
}

/** Joined, not in a template: that would be kept as the tree of its parts, at several times the memory. */
function keyOf({ bank, clientId, username, company }: AccountOfClient): string {
  return [bank, clientId, username ?? '', company ?? ''].join('\n');
}
