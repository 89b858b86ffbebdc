import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AuthorityError } from './authority-error.js';

/** What is kept of an authority, as PEM. The root's own key is not: it was thrown away. */
export interface AuthorityFiles {
  /** The root, which clients trust. */
  readonly ca: string;
  /** The intermediate, which signs, and its key. */
  readonly issuer: string;
  readonly issuerKey: string;
}

const names = { ca: 'ca.pem', issuer: 'issuer.pem', issuerKey: 'issuer-key.pem' } as const;

/** The certificate that clients are told to trust, in an authority's folder. */
export function caFileIn(folder: string): string {
  return join(folder, names.ca);
}

/** Reads an authority; null where there is none. @throws AuthorityError */
export async function readAuthorityFiles(folder: string): Promise<AuthorityFiles | null> {
  try {
    await stat(folder);
  } catch (error) {
    if (isMissing(error)) return null;
    throw unreadable(folder, error);
  }
  try {
    await refuseExposedKey(join(folder, names.issuerKey));
    const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
    return { ca: await read(names.ca), issuer: await read(names.issuer), issuerKey: await read(names.issuerKey) };
  } catch (error) {
    throw error instanceof AuthorityError ? error : unreadable(folder, error);
  }
}

/**
 * Keeps a new authority, in place of `known` where there is one. The folder appears whole or not at all; where another
 * process was first, its authority is given back.
 *
 * @throws AuthorityError
 */
export async function keepAuthorityFiles(
  folder: string,
  made: AuthorityFiles,
  known: AuthorityFiles | null,
): Promise<AuthorityFiles> {
  const beside = (what: string): string => `${folder}.${what}-${randomBytes(6).toString('hex')}`;
  const fresh = beside('new');
  try {
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(join(fresh, names.ca), made.ca, { mode: 0o644 });
    await writeFile(join(fresh, names.issuer), made.issuer, { mode: 0o644 });
    await writeFile(join(fresh, names.issuerKey), made.issuerKey, { mode: 0o600 });
    if (known !== null) await takeAway(folder, known, beside('old'));
    await rename(fresh, folder);
    return made;
  } catch (error) {
    await rm(fresh, { recursive: true, force: true }).catch(() => undefined);
    const first = isTaken(error) ? await readAuthorityFiles(folder) : null;
    if (first !== null) return first;
    throw new AuthorityError(
      'ERR_AUTHORITY_NOT_KEPT',
      `The test certificate authority cannot be kept in ${folder} (${reasonOf(error)}): make that folder writable, or set HOMOLOGA_HOME to another.`,
      error,
    );
  }
}

/** Removes the authority that was read, and no other that has come in its place since. */
async function takeAway(folder: string, known: AuthorityFiles, aside: string): Promise<void> {
  try {
    await rename(folder, aside);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const taken = await readFile(join(aside, names.ca), 'utf8');
  if (taken === known.ca) await rm(aside, { recursive: true, force: true });
  else await rename(aside, folder);
}

/** The authority in a folder is no good to us. */
export function unreadable(folder: string, cause: unknown): AuthorityError {
  return new AuthorityError(
    'ERR_AUTHORITY_UNREADABLE',
    `The test certificate authority in ${folder} cannot be read (${reasonOf(cause)}): let this user read it, or remove the folder to have a new one, which every stack must then be told to trust.`,
    cause,
  );
}

/** Windows has no such modes. */
async function refuseExposedKey(path: string): Promise<void> {
  const { mode } = await stat(path);
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new AuthorityError(
    'ERR_AUTHORITY_EXPOSED',
    `The key of the test certificate authority, ${path}, is open to other users (mode ${(mode & 0o777).toString(8)}). Remove its folder to have a new authority, or, if nobody else can have read it, chmod 600 the key.`,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
