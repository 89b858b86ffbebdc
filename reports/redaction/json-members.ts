/** A string of JSON, with the colon that makes it a name; a string may be cut off by the end of the body. */
const token = /"((?:[^"\\]|\\.)*)(?:"|\\?$)(\s*:)?|(-?\d[\d.eE+-]*)|([{}[\],])/g;

/**
 * Gives every string and number of a JSON text to `replace` with the name of its member, and puts what comes back in
 * its place. White space, order and even broken JSON stay as they are.
 */
export function redactJsonMembers(json: string, replace: (name: string, value: string) => string): string {
  const names: string[] = [];
  let name = '';
  return json.replace(
    token,
    (
      whole,
      text: string | undefined,
      colon: string | undefined,
      number: string | undefined,
      mark: string | undefined,
    ) => {
      if (mark !== undefined) {
        if (mark === '{' || mark === '[') names.push(name);
        else if (mark !== ',') name = names.pop() ?? '';
        else if (mark === ',') name = names.at(-1) ?? name;
        return whole;
      }
      if (text !== undefined && colon !== undefined) {
        name = unescape(text);
        return whole;
      }
      const value = text === undefined ? (number ?? '') : unescape(text);
      const safe = replace(name, value);
      return safe === value ? whole : JSON.stringify(safe);
    },
  );
}

function unescape(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`));
  } catch {
    return text;
  }
}
