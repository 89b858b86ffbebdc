import { createHash } from 'node:crypto';
import { connect } from 'node:tls';

const patienceMs = 10_000;

/**
 * SHA-256 of the public key (base64) of each host whose certificate `ca` vouches for, so that a browser which knows no
 * such authority can be told to take these and no others. Hosts that do not answer, or whose certificate is another's,
 * are left out: the browser refuses them.
 */
export async function trustedKeys(addresses: readonly string[], ca: string): Promise<readonly string[]> {
  const secure = addresses.map((address) => new URL(address)).filter(({ protocol }) => protocol === 'https:');
  const hosts = new Map(secure.map((url) => [url.host, url]));
  const keys = await Promise.all([...hosts.values()].map((url) => keyOf(url, ca)));
  return [...new Set(keys.filter((key) => key !== null))];
}

function keyOf({ hostname, port }: URL, ca: string): Promise<string | null> {
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    // Server names are names; an address is none (RFC 6066 section 3).
    const servername = /^[\d.]+$|:/.test(host) ? undefined : host;
    const socket = connect({
      host,
      port: Number(port === '' ? 443 : port),
      ca,
      ...(servername === undefined ? {} : { servername }),
    });
    const end = (key: string | null): void => {
      socket.destroy();
      resolve(key);
    };
    socket.setTimeout(patienceMs, () => end(null));
    socket.once('error', () => end(null));
    socket.once('secureConnect', () => {
      const spki = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
      end(spki === undefined ? null : createHash('sha256').update(spki).digest('base64'));
    });
  });
}
