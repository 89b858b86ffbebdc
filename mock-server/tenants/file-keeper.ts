import * as v from 'valibot';
import { keptGrantSchema, keptRecordSchema } from '../store/record-schemas.js';
import { damaged } from '../store/state-engine.js';
import { StateFile } from '../store/state-file.js';
import { FileMemory, sections } from './file-memory.js';
import type { TenantContents } from './file-memory.js';
import type { TenantKeeper } from './tenant-memory.js';
import { countedSchema, keptClientSchema, keptUserSchema, tenantStateSchema } from './tenant-state-schema.js';

const orderSchema = v.pipe(v.number(), v.integer());
const stateEntrySchema = v.strictTuple([orderSchema, tenantStateSchema]);
const clientEntrySchema = v.strictTuple([orderSchema, keptClientSchema]);
const userEntrySchema = v.strictTuple([orderSchema, keptUserSchema]);

/**
 * Opens the file that keeps a mock server's tenants, or makes it.
 *
 * @throws StateFileError for a file in use, of a newer version, damaged, or not of homologa
 */
export async function openFileKeeper(path: string): Promise<TenantKeeper> {
  const contents = new Map<string, TenantContents>();
  const file = await StateFile.open(path, (key, value) => {
    const [tenantId = '', section = '', ...rest] = key.split('/');
    const known = contents.get(tenantId) ?? emptyContents();
    contents.set(tenantId, known);
    try {
      restoreEntry(known, section, rest.join('/'), value);
    } catch (error) {
      throw damaged(
        path,
        `an entry of the section "${section}" is not one: ${error instanceof Error ? error.message : ''}`,
      );
    }
  });
  const remembered = [...contents].sort(([, first], [, second]) => first.order - second.order).map(([id]) => id);
  let newest = Math.max(0, ...[...contents.values()].map(({ order }) => order));
  return {
    rememberedIds: remembered,
    memoryOf: (id) => {
      const known = contents.get(id);
      // What is in memory from here on is the tenant's.
      contents.delete(id);
      return new FileMemory(file, id, known ?? { ...emptyContents(), order: (newest += 1) });
    },
    settled: () => file.settled(),
    close: () => file.close(),
  };
}

function emptyContents(): TenantContents {
  return { state: null, order: 0, clients: [], users: [], counted: new Map(), grants: [], records: [] };
}

function restoreEntry(known: TenantContents, section: string, name: string, value: unknown): void {
  switch (section) {
    case sections.state: {
      [known.order, known.state] = v.parse(stateEntrySchema, value);
      return;
    }
    case sections.client: {
      const [order, client] = v.parse(clientEntrySchema, value);
      known.clients.push({ order, client });
      return;
    }
    case sections.user: {
      const [order, user] = v.parse(userEntrySchema, value);
      known.users.push({ order, user });
      return;
    }
    case sections.counted:
      known.counted.set(name, v.parse(countedSchema, value));
      return;
    case sections.grant:
      known.grants.push(v.parse(keptGrantSchema, value));
      return;
    case sections.code:
    case sections['access-token']:
    case sections['refresh-token']:
      known.records.push(v.parse(keptRecordSchema, value));
      return;
    default:
      throw new TypeError('an unknown section');
  }
}
