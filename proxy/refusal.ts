import { ownHosts } from '../mock-server/banks/own-hosts.js';
import type { ProxyTarget, RefusalReason } from './proxy-target.js';

/** What a client is told that is not let through. */
export interface Refusal {
  readonly status: 400 | 403 | 421 | 502;
  /** One line, for the status line and the log: many clients show no more. */
  readonly summary: string;
  readonly advice: string;
}

const played = `It answers as ${ownHosts.map(({ host }) => host).join(', ')}.`;
const nothingSent = 'Nothing was sent anywhere.';

/** Says why a target is refused, and what to do. */
export function refuseTarget({ host, port }: ProxyTarget, why: RefusalReason): Refusal {
  const forbidden = (summary: string, advice: string): Refusal => ({ status: 403, summary, advice });
  switch (why) {
    case 'other-host':
      return forbidden(
        `${host} is not a host of the banks that homologa plays`,
        `${nothingSent} ${played} Set NO_PROXY=${host} to reach it past this proxy, or start the proxy with --pass-through.`,
      );
    case 'loopback':
      return forbidden(
        `${host} is this machine, which homologa proxy does not lead to`,
        `${nothingSent} ${played} Set NO_PROXY=localhost,127.0.0.1,::1 as most programs with a proxy need, or start the proxy with --pass-through.`,
      );
    case 'bank-domain':
      return forbidden(
        `${host} is in a domain of the banks, and homologa does not play it`,
        `${nothingSent} ${played} No flag lets anything through to a bank.`,
      );
    case 'bank-port':
      return forbidden(
        `port ${String(port)} of ${host} is none that the bank is known to answer at`,
        `${nothingSent} The banks answer https at port 443.`,
      );
    case 'bare-address':
      return forbidden(
        `${host} is an address without a name, and might be a bank's`,
        `${nothingSent} With --pass-through, hosts are let through by their names.`,
      );
    case 'whole-https-url':
      return forbidden(
        `an https URL of ${host} was asked for without a tunnel`,
        `${nothingSent} Ask for a tunnel with CONNECT, as https by a proxy is done.`,
      );
  }
}

/** A request that is none for a proxy, or none that can be read. */
export const notForAProxy: Refusal = {
  status: 400,
  summary: 'this is homologa proxy, to be set as HTTPS_PROXY',
  advice: `It takes CONNECT and requests for whole URLs. ${played} For browsers there is /proxy.pac.`,
};

/** Within a tunnel to one host, a request for another. */
export function misdirected(tunnel: string, asked: string): Refusal {
  return {
    status: 421,
    summary: `a request for ${asked.slice(0, 200)} came through a tunnel to ${tunnel}`,
    advice: 'The Host of a request must be the host that the connection was opened to.',
  };
}

/** The mock does not answer. */
export function mockUnreachable(mockUrl: string, reason: string): Refusal {
  return {
    status: 502,
    summary: `the mock at ${mockUrl} cannot be reached (${reason})`,
    advice: 'Start it with homologa serve, or start the proxy without --url to have a mock of its own.',
  };
}

/** A host that is let through does not answer. */
export function hostUnreachable({ host, port }: ProxyTarget, reason: string): Refusal {
  return {
    status: 502,
    summary: `${host} port ${String(port)} cannot be reached (${reason})`,
    advice: 'It is let through by --pass-through; the failure is between this machine and that host.',
  };
}

/** The body of a refusal. */
export function refusalText({ summary, advice }: Refusal): string {
  return `homologa proxy: ${summary}.\n${advice}\n`;
}

/** The whole answer, for a connection that speaks HTTP no more. */
export function refusalMessage(refusal: Refusal): string {
  const body = refusalText(refusal);
  return [
    `HTTP/1.1 ${String(refusal.status)} ${reasonPhrase(refusal)}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${String(Buffer.byteLength(body))}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}

/** The summary as a reason phrase, which holds printable ASCII only. */
export function reasonPhrase({ summary }: Refusal): string {
  return `homologa proxy: ${summary}`.replaceAll(/[^\x20-\x7e]/g, '?');
}
