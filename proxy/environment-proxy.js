/**
 * Has Node.js use the proxy of HTTPS_PROXY, with NO_PROXY, in a program that knows of none:
 *
 *     NODE_OPTIONS=--import=file:///…/homologa/proxy/environment-proxy.js
 *
 * Node 20 knows no such variable. Node 22.21 and 24.5 do where NODE_USE_ENV_PROXY=1 is set, but for fetch and the global
 * agent only, while many libraries bring an agent of their own. Plain JavaScript, and a file of its own: it is loaded
 * into programs that are not ours.
 */
import http from 'node:http';
import https from 'node:https';
import { EnvHttpProxyAgent, setGlobalDispatcher } from 'undici';

const proxyUrl = process.env.https_proxy || process.env.HTTPS_PROXY;

if (proxyUrl) {
  // fetch, and whatever else asks undici for its dispatcher.
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpProxy: '', httpsProxy: proxyUrl }));
  // https.request, also by agents that a library makes for itself.
  const proxy = new URL(proxyUrl);
  const connectDirectly = https.Agent.prototype.createConnection;
  // One that knows of no proxy itself, or what NODE_USE_ENV_PROXY=1 asks for would be done twice.
  https.globalAgent = new https.Agent({ keepAlive: true, scheduling: 'lifo', timeout: 5000 });
  https.Agent.prototype.createConnection = function createConnection(options, callback) {
    const { host = 'localhost', port = 443 } = options;
    if (options.socketPath || options.socket || isExcepted(host, port)) {
      return connectDirectly.call(this, options, callback);
    }
    const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    http
      .request({
        host: proxy.hostname.replace(/^\[|\]$/g, ''),
        port: proxy.port || 80,
        method: 'CONNECT',
        path: authority,
        headers: { host: authority },
        agent: false,
      })
      .once('connect', (response, socket) => {
        if (response.statusCode === 200) return callback(null, connectDirectly.call(this, { ...options, socket }));
        socket.destroy();
        callback(new Error(`The proxy let nothing through to ${authority}: ${response.statusMessage}`));
      })
      .once('error', (error) => callback(error))
      .end();
  };
}

function isExcepted(host, port) {
  const rules = (process.env.no_proxy || process.env.NO_PROXY || '').toLowerCase().split(/[\s,]+/);
  return rules.some((rule) => {
    if (rule === '*') return true;
    const [, name, onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(rule) ?? [];
    // An IPv6 address has colons of its own.
    if (rule === host.toLowerCase()) return true;
    if (!name || (onlyPort && Number(onlyPort) !== Number(port))) return false;
    return host.toLowerCase() === name || host.toLowerCase().endsWith(`.${name}`);
  });
}
