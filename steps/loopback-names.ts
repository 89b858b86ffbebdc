const names: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether a host, as a `URL` writes it, is a name of this machine that browsers and banks treat as one. */
export function isLoopbackName(hostname: string): boolean {
  return names.has(hostname);
}
