/** An authorization response with a parameter set to another value, or left out for null. */
export function withParameter(callbackUrl: string, name: string, value: string | null): string {
  const url = new URL(callbackUrl);
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
  return url.href;
}

/** An authorization response with parameters more, at the end. */
export function withMoreParameters(callbackUrl: string, more: readonly (readonly [string, string])[]): string {
  const url = new URL(callbackUrl);
  for (const [name, value] of more) url.searchParams.append(name, value);
  return url.href;
}

/**
 * A state of the same length and form that the application did not make: one character is another, in the midst of what
 * differs most from a state of another session. There it cannot be a part that the application does not compare, such as
 * a page to return to, nor bits at the end of an encoded value that mean nothing.
 */
export function alteredState(state: string, other: string | null): string {
  const [start, end] = longestDifference(state, other ?? '');
  const places = [...Array(end - start).keys()].map((offset) => start + offset);
  const middle = (start + end - 1) / 2;
  const at = places
    .filter((place) => /[A-Za-z0-9]/.test(state.charAt(place)))
    .sort((first, second) => Math.abs(first - middle) - Math.abs(second - middle))[0];
  if (at === undefined) return `${state}x`;
  return `${state.slice(0, at)}${anotherOfItsKind(state.charAt(at))}${state.slice(at + 1)}`;
}

/**
 * The beginning of a state, cut in the midst of what differs most from a state of another session: a part that the
 * application does not compare is not all that is missing. Null where that leaves nothing of it.
 */
export function cutState(state: string, other: string | null): string | null {
  const [start, end] = longestDifference(state, other ?? '');
  const cut = state.slice(0, Math.floor((start + end) / 2));
  return cut === '' ? null : cut;
}

/** The longest run of places at which two texts differ; all of the first where they are alike or of other lengths. */
function longestDifference(text: string, other: string): readonly [number, number] {
  if (text.length !== other.length) return [0, text.length];
  let [best, start]: [readonly [number, number], number] = [[0, 0], 0];
  for (let place = 0; place <= text.length; place += 1) {
    // One place that happens to be alike does not end a run.
    const isAlike = text.charAt(place) === other.charAt(place) && text.charAt(place + 1) === other.charAt(place + 1);
    if (place < text.length && !isAlike) continue;
    if (place - start > best[1] - best[0]) best = [start, place];
    start = place + 1;
  }
  return best[1] > best[0] ? best : [0, text.length];
}

function anotherOfItsKind(letter: string): string {
  if (/[0-9]/.test(letter)) return letter === '7' ? '3' : '7';
  const other = letter.toLowerCase() === 'c' ? 'e' : 'c';
  return /[A-Z]/.test(letter) ? other.toUpperCase() : other;
}
