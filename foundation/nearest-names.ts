/** The names that are most like one that is not among them, the likest first. */
export function nearestNames(wanted: string, names: readonly string[], count = 3): readonly string[] {
  return names
    .map((name) => ({ name, distance: editDistance(wanted, name) }))
    .toSorted((first, second) => first.distance - second.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** How many characters have to be added, removed or changed to make one text of the other (Levenshtein). */
function editDistance(first: string, second: string): number {
  let row = Array.from({ length: second.length + 1 }, (_unused, index) => index);
  for (const [index, character] of Array.from(first).entries()) {
    const next = [index + 1];
    for (const [column, other] of Array.from(second).entries()) {
      const change = (row[column] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(change, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[second.length] ?? 0;
}
