// Loaded before a program: writes every address that it connects to, and every name that it looks up, into the file
// CONNECTION_RECORD, a line each.
import { appendFileSync } from 'node:fs';
import dns from 'node:dns';
import net from 'node:net';

const file = process.env.CONNECTION_RECORD;
const record = (what) => appendFileSync(file, `${what}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function recorded(...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  // Pipes between a program and its parent have a path and no host.
  if (!options?.path) record(`connect ${options?.host ?? options}`);
  return connect.apply(this, args);
};
for (const lookups of [dns, dns.promises]) {
  for (const name of Object.keys(lookups).filter((key) => /^(lookup|resolve)/.test(key))) {
    const original = lookups[name];
    if (typeof original !== 'function') continue;
    lookups[name] = function recorded(host, ...rest) {
      record(`lookup ${host}`);
      return original.call(this, host, ...rest);
    };
  }
}
