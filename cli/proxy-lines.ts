import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LocalAuthority } from '../certificate-authority/local-authority.js';
import { ownPackage } from '../foundation/own-package.js';
import { javaOptions, trustLines } from './trust-lines.js';
import type { StackLines } from './trust-lines.js';

/** What has Node use the proxy of the environment, whichever agent a program has. */
export function nodePreloadUrl(): string {
  return pathToFileURL(join(ownPackage.folder, 'proxy', 'environment-proxy.js')).href;
}

/** What each common stack needs to use the proxy, and to trust it. docs/proxy.md says which of them were run. */
export function proxyLines(authority: LocalAuthority, proxyUrl: string): StackLines[] {
  const { hostname, port } = new URL(proxyUrl);
  const more: Readonly<Record<string, (lines: readonly string[]) => readonly string[]>> = {
    'Node.js': (lines) => [...lines, `export NODE_OPTIONS=--import=${nodePreloadUrl()}`],
    'Go, Ruby': (lines) => [...lines, `export http_proxy=${proxyUrl}    # Ruby's net/http looks at no other`],
    Java: ([importing = '']) => [
      importing,
      `export JDK_JAVA_OPTIONS="${[`-Dhttps.proxyHost=${hostname}`, `-Dhttps.proxyPort=${port}`, ...javaOptions].join(' ')}"`,
    ],
    Chromium: ([line = '']) => [`${line} --proxy-pac-url=${proxyUrl}/proxy.pac`],
    Firefox: (lines) => [
      ...lines,
      `and Settings, Network Settings, Automatic proxy configuration URL: ${proxyUrl}/proxy.pac`,
    ],
  };
  return [
    {
      stack: 'every',
      lines: [
        `export HTTPS_PROXY=${proxyUrl} NO_PROXY=localhost,127.0.0.1,::1`,
        'export https_proxy=$HTTPS_PROXY no_proxy=$NO_PROXY',
      ],
    },
    ...trustLines(authority).map(({ stack, lines }) => ({ stack, lines: more[stack]?.(lines) ?? lines })),
  ];
}
