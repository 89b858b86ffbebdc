import { dirname, join, resolve } from 'node:path';
import { createFileTokenStore } from '../client/file-token-store.js';
import type { TokenStore } from '../client/token-store.js';
import { stateFolder } from '../foundation/home-folder.js';
import { createCommandTokenStore } from './command-token-store.js';
import type { TargetFile } from './target-file.js';

/** Where the tokens of a target are kept, and under which key. */
export interface TargetTokenStore {
  readonly store: TokenStore;
  readonly key: string;
  /** For people: a folder, or what runs the command. */
  readonly place: string;
}

/**
 * The store that a target file names; else a folder of this user's state. The key tells apart what has tokens of its own:
 * the bank's address, the client and what it asks for.
 */
export function tokenStoreOf(
  { bank, client, tokenStore }: Pick<TargetFile, 'bank' | 'client' | 'tokenStore'>,
  path: string,
  tokenEndpoint: string,
  environment: NodeJS.ProcessEnv,
): TargetTokenStore {
  const key = `${bank} ${tokenEndpoint} ${client.id} ${client.scope.split(' ').sort().join(' ')}`;
  if (tokenStore !== undefined && 'command' in tokenStore) {
    const { command } = tokenStore;
    return { store: createCommandTokenStore(command, dirname(path)), key, place: `what "${command}" keeps` };
  }
  const folder =
    tokenStore === undefined ? join(stateFolder(environment), 'grants') : resolve(dirname(path), tokenStore.folder);
  return { store: createFileTokenStore(folder), key, place: folder };
}
