import { access, constants, mkdir } from 'node:fs/promises';
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
  /** Finds out, before anybody is asked for a consent, that tokens could not be kept. @throws Error of the file system */
  readonly prepare?: () => Promise<void>;
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
  const prepare = async (): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  };
  return { store: createFileTokenStore(folder), key, place: folder, prepare };
}
