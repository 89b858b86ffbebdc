import { InvalidArgumentError } from 'commander';

/** A TCP port, 0 for a free one. @throws InvalidArgumentError, to which commander adds the flag's name */
export function parsePort(value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError('Expected a port from 0 (a free one) to 65535.');
  return port;
}

/** An http or https origin: scheme, host and port, nothing else. @throws InvalidArgumentError */
export function parseOrigin(value: string): string {
  if (!/^https?:\/\/[^/?#@\s]+\/?$/i.test(value) || !URL.canParse(value)) {
    throw new InvalidArgumentError('Expected an origin without a path, such as http://127.0.0.1:4010.');
  }
  return new URL(value).origin;
}
