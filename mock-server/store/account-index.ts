import type { AccountOfClient } from './store.js';

/** What is indexed: a grant, as far as it says whose it is. */
type Indexed = AccountOfClient & { readonly id: string };

/**
 * Grants by client and user, in the order in which they came. Keyed by the username itself and not by a text of all
 * that makes an account, and without a set where a user has one: at a million grants the two took a fifth of all memory.
 */
export class AccountIndex {
  readonly #clients = new Map<string, Map<string, string | Set<string>>>();

  add({ bank, clientId, username, id }: Indexed): void {
    const client = clientKey(bank, clientId);
    let users = this.#clients.get(client);
    if (users === undefined) {
      users = new Map();
      this.#clients.set(client, users);
    }
    const known = users.get(username ?? '');
    if (known === undefined) users.set(username ?? '', id);
    else if (typeof known !== 'string') known.add(id);
    else if (known !== id) users.set(username ?? '', new Set([known, id]));
  }

  remove({ bank, clientId, username, id }: Indexed): void {
    const client = clientKey(bank, clientId);
    const users = this.#clients.get(client);
    const known = users?.get(username ?? '');
    if (users === undefined || known === undefined) return;
    if (typeof known === 'string') {
      if (known !== id) return;
    } else {
      known.delete(id);
      if (known.size > 0) return;
    }
    users.delete(username ?? '');
    if (users.size === 0) this.#clients.delete(client);
  }

  /** Ids of a client's and user's grants, of whatever company. A list of its own: the index may change meanwhile. */
  idsOf({ bank, clientId, username }: AccountOfClient): readonly string[] {
    const known = this.#clients.get(clientKey(bank, clientId))?.get(username ?? '');
    if (known === undefined) return [];
    return typeof known === 'string' ? [known] : [...known];
  }

  clear(): void {
    this.#clients.clear();
  }
}

function clientKey(bank: string, clientId: string): string {
  return `${bank} ${clientId}`;
}
