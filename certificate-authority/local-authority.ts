import { createHash, createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { caFileIn, keepAuthorityFiles, readAuthorityFiles, unreadable } from './authority-files.js';
import type { AuthorityFiles } from './authority-files.js';
import {
  authorityExtensions,
  certificatePem,
  isConfinedTo,
  makeCertificate,
  newKeyPair,
  privateKeyPem,
  readCertificate,
  readPrivateKey,
  serverExtensions,
} from './certificate.js';
import { confinementOf, hostNames } from './host-names.js';

/** Which authority is wanted: a name for it, and all hosts that it may ever vouch for. */
export interface AuthorityScope {
  /** The folder's name below `authorities`, and part of the authority's own. */
  readonly name: string;
  readonly hosts: readonly string[];
}

/** A server's certificate, followed by its issuer's, and its key, as PEM. */
export interface ServerCredentials {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority of this machine, for tests. */
export interface LocalAuthority {
  /** The certificate that clients are told to trust. */
  readonly caFile: string;
  readonly validUntil: Date;
  /** Whether it was made just now, so that nothing can trust it yet. */
  readonly isNew: boolean;
  /** SHA-256 of a public key in every chain that it gives out, in base64: what Chromium can be told to accept. */
  readonly publicKeyPin: string;
  /** Makes a certificate for hosts within its scope, which a client would refuse beyond it; the key is kept nowhere. */
  issue(hosts: readonly string[]): Promise<ServerCredentials>;
}

const dayMs = 86_400_000;
/** Long enough not to be told to every stack each week, short enough to do no harm where it is forgotten. */
const authorityLifeMs = 90 * dayMs;
/** One with less than this left is replaced, so that a server that starts with it has some time to run. */
const renewedBeforeMs = 14 * dayMs;
const serverLifeMs = 30 * dayMs;
/** Clocks that are a little slow accept the certificates too. */
const backdatedMs = 3_600_000;

/**
 * Opens the authority of that scope that is kept below `home`, or makes one, which lives 90 days.
 *
 * What it can do is bounded: critical name constraints confine it to its hosts, it is good for servers alone, and it
 * is short-lived. Some stacks do not look at constraints in a certificate that they were told to trust; therefore it
 * signs one intermediate with the same constraints, and its own key is thrown away. Nobody, with this folder or
 * without, can have a certificate for another host from it.
 *
 * @throws AuthorityError
 */
export async function openLocalAuthority(
  home: string,
  scope: AuthorityScope,
  nowMs: number = Date.now(),
): Promise<LocalAuthority> {
  const folder = join(home, 'authorities', scope.name);
  const kept = await readAuthorityFiles(folder);
  if (kept !== null && isCurrent(kept, folder, scope, nowMs)) return authorityOf(kept, folder, scope, false, nowMs);
  const made = await makeAuthority(scope, nowMs);
  const winner = await keepAuthorityFiles(folder, made, kept);
  return authorityOf(winner, folder, scope, winner === made, nowMs);
}

/** Whether a kept authority is of this scope and has life left. @throws AuthorityError where its files are no good */
function isCurrent(files: AuthorityFiles, folder: string, scope: AuthorityScope, nowMs: number): boolean {
  try {
    const ca = new X509Certificate(files.ca);
    const issuer = new X509Certificate(files.issuer);
    if (!issuer.verify(ca.publicKey) || !issuer.checkPrivateKey(createPrivateKey(files.issuerKey))) {
      throw new TypeError('its files do not belong together');
    }
    const confinement = confinementOf(hostNames(scope.hosts));
    const isOfScope = [files.ca, files.issuer].every((text) => isConfinedTo(readCertificate(text), confinement));
    return isOfScope && nowMs >= Date.parse(ca.validFrom) && nowMs < Date.parse(ca.validTo) - renewedBeforeMs;
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function makeAuthority(scope: AuthorityScope, nowMs: number): Promise<AuthorityFiles> {
  const confinement = confinementOf(hostNames(scope.hosts));
  const validity = { notBeforeMs: nowMs - backdatedMs, notAfterMs: nowMs + authorityLifeMs };
  // Stacks that find issuers by name would mistake two of the same name for one another.
  const mark = `${new Date(nowMs).toISOString().slice(0, 10)} ${randomBytes(3).toString('hex')}`;
  const named = (what: string): string => `homologa ${what} (not a bank) ${mark} ${scope.name}`.slice(0, 64);
  const rootKeys = await newKeyPair();
  const root = await makeCertificate(
    { ...validity, subject: named('test CA'), extensions: authorityExtensions(1, confinement) },
    rootKeys,
    null,
  );
  const issuerKeys = await newKeyPair();
  const issuer = await makeCertificate(
    { ...validity, subject: named('test issuer'), extensions: authorityExtensions(0, confinement) },
    issuerKeys,
    { certificate: root, privateKey: rootKeys.privateKey },
  );
  return {
    ca: certificatePem(root),
    issuer: certificatePem(issuer),
    issuerKey: await privateKeyPem(issuerKeys.privateKey),
  };
}

function authorityOf(
  files: AuthorityFiles,
  folder: string,
  scope: AuthorityScope,
  isNew: boolean,
  nowMs: number,
): LocalAuthority {
  const validUntil = new Date(new X509Certificate(files.ca).validTo);
  const issuerKey = new X509Certificate(files.issuer).publicKey.export({ type: 'spki', format: 'der' });
  return {
    caFile: caFileIn(folder),
    validUntil,
    isNew,
    publicKeyPin: createHash('sha256').update(issuerKey).digest('base64'),
    issue: async (hosts) => {
      const keys = await newKeyPair();
      const certificate = await makeCertificate(
        {
          subject: `homologa test server (not a bank) ${scope.name}`.slice(0, 64),
          notBeforeMs: nowMs - backdatedMs,
          notAfterMs: Math.min(nowMs + serverLifeMs, validUntil.getTime()),
          extensions: serverExtensions(hostNames(hosts)),
        },
        keys,
        { certificate: readCertificate(files.issuer), privateKey: await readPrivateKey(files.issuerKey) },
      );
      return { cert: certificatePem(certificate) + files.issuer, key: await privateKeyPem(keys.privateKey) };
    },
  };
}
