import * as v from 'valibot';
import { startProcess } from '../scripts/homologa-process.js';
import { withJobFile } from './job-file.js';
import { endsByItself } from './load.js';
import type { Load, LoadOptions, LoadResult } from './load.js';
import { pinned } from './pinned.js';

/** Within which a load that ends by itself has to. */
const mostSeconds = 60;
const summary = v.object({ requests: v.number(), microseconds: v.number(), p99: v.number(), errors: v.number() });

/** Puts a load by wrk, with one thread and a script in Lua. */
export async function putWithWrk(load: Load, { connections, seconds, core }: LoadOptions): Promise<LoadResult> {
  return withJobFile('load.lua', wrkScript(load), async (script) => {
    const limit = endsByItself(load) ? mostSeconds : seconds;
    const args = ['-t1', `-c${String(connections)}`, `-d${String(limit)}s`, '-s', script, load.url];
    const { stdout, exitCode, stderr } = await startProcess(...pinned(core, 'wrk', args)).ended;
    const line = /^\{"requests".*$/m.exec(stdout)?.[0];
    if (exitCode !== 0 || line === undefined) throw new Error(`wrk ended with ${String(exitCode)}: ${stderr}${stdout}`);
    const { requests, microseconds, p99, errors } = v.parse(summary, JSON.parse(line));
    return { requests, perSecond: requests / (microseconds / 1e6), p99Ms: p99 / 1000, errors };
  });
}

const quoted = (value: string): string => JSON.stringify(value);

function wrkScript(load: Load): string {
  const { method, headers, body, tokens } = load;
  const table = Object.entries(headers).map(([name, value]) => `[${quoted(name)}]=${quoted(value)}`);
  return `
local headers = {${table.join(',')}}
wrk.method, wrk.headers, wrk.body = ${quoted(method)}, headers, ${method === 'GET' ? 'nil' : quoted(body)}
${tokens.length === 0 ? '' : spending(load)}
${endsByItself(load) ? ending : ''}
${tokens.length > 0 && !endsByItself(load) ? renewing : ''}
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"microseconds":%d,"p99":%d,"errors":%d}\\n', summary.requests, summary.duration,
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

/** Each request spends a token. wrk asks for one that it never sends, to see what requests look like. */
function spending({ url, method, body, tokens }: Load): string {
  const { pathname, search } = new URL(url);
  const [before = '', after = ''] = body.split('{token}');
  return `
local tokens = {${tokens.map(quoted).join(',')}}
local first, last = 0, ${String(tokens.length)}
local function format(token)
  return wrk.format(${quoted(method)}, ${quoted(pathname + search)}, headers, ${quoted(before)} .. token .. ${quoted(after)})
end
request = function()
  local token = tokens[first] or (first == 0 and "never-sent") or "none-left"
  tokens[first] = nil
  first = first + 1
  return format(token)
end`;
}

const renewing = `
response = function(status, headers, body)
  local token = string.match(body, '"refresh_token"%s*:%s*"([^"]+)"')
  if token then last = last + 1; tokens[last] = token end
end`;

/** Connections with nothing left to send stay idle. The signal wakes wrk, which else sleeps until its time is up. */
const ending = `
local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int process, int signal);")
local answered = 0
local spend = request
request = function()
  if first > last then return "" end
  return spend()
end
response = function()
  answered = answered + 1
  if answered == last then
    wrk.thread:stop()
    ffi.C.kill(ffi.C.getpid(), 2)
  end
end`;
