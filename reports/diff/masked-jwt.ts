/** Header and claims of a JWT as evidence shows it: `«id_token#1» {'alg':…} {'iss':…}`. */
export interface MaskedJwt {
  readonly header: ReadonlyMap<string, unknown>;
  readonly claims: ReadonlyMap<string, unknown>;
}

/** Reads a masked JWT; null for every other text. */
export function readMaskedJwt(text: string): MaskedJwt | null {
  const [, header, claims] = /^«[^»]*» (\{.*?\}) (\{.*\})$/s.exec(text) ?? [];
  if (header === undefined || claims === undefined) return null;
  const [read, readClaims] = [readObject(header), readObject(claims)];
  return read === null || readClaims === null ? null : { header: read, claims: readClaims };
}

/** Evidence has single quotes for double ones, so that a JWT can stand in a string of JSON. */
function readObject(text: string): ReadonlyMap<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replaceAll("'", '"'));
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : null;
  } catch {
    return null;
  }
}
