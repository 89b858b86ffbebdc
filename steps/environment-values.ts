/** A document whose texts are filled in, and the variables that were named but are not there. */
export interface FilledDocument {
  readonly filled: unknown;
  /** Sorted; those that are set to nothing count too, as unset secrets of a CI are. */
  readonly missing: readonly string[];
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}/g;

/**
 * Replaces `${NAME}` in every text of a document by the environment's value, and `${NAME:-other}` by `other` where there
 * is none. A member that is nothing but `${NAME:-}` is left out then, and an object of which nothing is left, too.
 * `${dotted.names}` stay as they are.
 */
export function withEnvironment(document: unknown, environment: NodeJS.ProcessEnv): FilledDocument {
  const missing = new Set<string>();
  const filled = fillIn(document, environment, missing);
  return { filled, missing: [...missing].sort() };
}

function fillIn(value: unknown, environment: NodeJS.ProcessEnv, missing: Set<string>): unknown {
  if (typeof value === 'string') {
    const filled = value.replaceAll(variable, (_whole, name: string, hasOther?: string, other: string = '') => {
      const found = environment[name];
      if (found !== undefined && found !== '') return found;
      if (hasOther === undefined) missing.add(name);
      return other;
    });
    return filled === '' && /^\$\{\w+:-\}$/.test(value) ? undefined : filled;
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, environment, missing));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const filled = entries
    .map(([key, item]): [string, unknown] => [key, fillIn(item, environment, missing)])
    .filter(([, item]) => item !== undefined);
  return filled.length === 0 && entries.length > 0 ? undefined : Object.fromEntries(filled);
}
