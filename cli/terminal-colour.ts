/**
 * Whether output is coloured: on a terminal that knows colours, and where nobody asked for none by `NO_COLOR`
 * (https://no-color.org: any text but an empty one).
 */
export function isColoured(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
}
