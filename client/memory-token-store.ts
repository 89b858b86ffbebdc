import type { GrantRecord } from './grant-record.js';
import { TokenStoreConflictError, type TokenStore } from './token-store.js';

/** A store for one process and for tests. It is gone with the process, and then every customer must consent again. */
export function createMemoryTokenStore(): TokenStore {
  // A removed key keeps its version, so that nobody who loaded it before can save over its successor.
  const records = new Map<string, { value: GrantRecord | null; version: number }>();

  return {
    async load(key) {
      const record = records.get(key);
      if (record === undefined || record.value === null) return null;
      return { value: record.value, version: record.version };
    },
    async save(key, next, ifVersion) {
      const record = records.get(key);
      const current = record === undefined || record.value === null ? null : record.version;
      if (current !== ifVersion) throw new TokenStoreConflictError(ifVersion);
      const version = (record?.version ?? 0) + 1;
      records.set(key, { value: structuredClone(next), version });
      return { version };
    },
    async remove(key, ifVersion) {
      const record = records.get(key);
      if (record === undefined || record.value === null) return;
      if (record.version !== ifVersion) throw new TokenStoreConflictError(ifVersion);
      records.set(key, { value: null, version: record.version + 1 });
    },
    async list() {
      return [...records].filter(([, record]) => record.value !== null).map(([key]) => key);
    },
  };
}
