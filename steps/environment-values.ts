/** A document whose texts are filled in, and the variables that were named but are not there. */
export interface FilledDocument {
  readonly filled: unknown;
  /** Sorted; those that are set to nothing count too, as unset secrets of a CI are. */
  readonly missing: readonly string[];
}

/** Replaces `${NAME}` in every text of a document by the environment's value; `${dotted.names}` stay as they are. */
export function withEnvironment(document: unknown, environment: NodeJS.ProcessEnv): FilledDocument {
  const missing = new Set<string>();
  const filled = fillIn(document, environment, missing);
  return { filled, missing: [...missing].sort() };
}

function fillIn(value: unknown, environment: NodeJS.ProcessEnv, missing: Set<string>): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
      const found = environment[name];
      if (found === undefined || found === '') missing.add(name);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, environment, missing));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, environment, missing)]));
}
