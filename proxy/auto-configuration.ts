import { bankDomains } from '../mock-server/banks/own-hosts.js';

/**
 * A proxy auto-configuration file, for browsers: whatever is in the banks' domains goes to the proxy, which plays or
 * refuses it, and everything else goes past it.
 */
export function autoConfiguration(proxyUrl: string): string {
  const conditions = bankDomains.map((domain) => `name === "${domain}" || dnsDomainIs(name, ".${domain}")`);
  return [
    'function FindProxyForURL(url, host) {',
    '  var name = host.toLowerCase().replace(/\\.$/, "");',
    `  var ofABank = ${conditions.join(' ||\n    ')};`,
    `  return ofABank ? "PROXY ${new URL(proxyUrl).host}" : "DIRECT";`,
    '}',
    '',
  ].join('\n');
}
