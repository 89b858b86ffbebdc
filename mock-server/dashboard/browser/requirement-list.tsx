import type { OpenedEntry } from './api-types.js';

/** Requirements by id, in words where the register has them. */
export function RequirementList({
  ids,
  texts,
}: {
  readonly ids: readonly string[];
  readonly texts: OpenedEntry['requirements'];
}) {
  if (ids.length === 0) return null;
  return (
    <ul class="requirements">
      {ids.map((id) => {
        const text = texts.find((row) => row.id === id);
        return (
          <li key={id}>
            <span class="mono id">{id}</span> {text?.statement}
            {text !== undefined && (
              <span class="soft">
                {' '}
                {text.evidence === 'rfc' ? 'Specification' : text.evidence}: {text.source}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
