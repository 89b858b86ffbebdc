import type { Explanation } from './api-types.js';
import { bankNames, dateTimeOf } from './words.js';

/** What became of a value that was pasted: a token, code, state or redirect. */
export function ExplanationPanel({
  explained,
  onClose,
}: {
  readonly explained: Explanation;
  readonly onClose: () => void;
}) {
  const {
    kind,
    bank,
    summary,
    good,
    refusedBecause,
    advice,
    issued,
    expiresAt,
    timeline,
    jwt,
    parts,
    possibleReasons,
  } = explained;
  return (
    <section
      class={`explanation ${good === null ? '' : good ? 'alive' : 'dead'}`}
      aria-label="What became of it"
      role="status"
    >
      <header>
        <h2>
          {bank !== null && <span class={`bank ${bank}`}>{bankNames[bank]}</span>} {kind.replaceAll('-', ' ')}
          {good !== null && <span class={`flag ${good ? 'ok' : 'failed'}`}>{good ? 'works now' : 'refused now'}</span>}
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <p>{summary}</p>
      {refusedBecause !== null && kind !== 'unknown' && (
        <p>
          <strong>Cause of death:</strong> {refusedBecause}.
        </p>
      )}
      {advice !== null && <p class="advice">{advice}</p>}
      {explained.readAs !== null && <p class="soft">Read as: {explained.readAs}.</p>}
      {parts.length > 0 && (
        <ul class="plain">
          {parts.map((part) => (
            <li key={part.name}>
              <code>{part.name}</code> {part.summary}
            </li>
          ))}
        </ul>
      )}
      {timeline.length > 0 && (
        <ol class="timeline">
          {timeline.map((event, index) => (
            <li key={index}>
              <time class="mono">{dateTimeOf(event.at)}</time>
              <span>
                {event.text}{' '}
                {event.entry !== null && <a href={`#/journal/${String(event.entry)}`}>request {event.entry}</a>}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p class="soft">
        {expiresAt !== null && (
          <>
            {good === false ? 'By age alone it would end' : 'It ends'} {dateTimeOf(expiresAt)} UTC.{' '}
          </>
        )}
        {issued?.grantId != null && <a href={`#/grants/${issued.grantId}`}>The life of its grant</a>}
      </p>
      {jwt !== null && (
        <pre class="code" tabIndex={0} aria-label="Decoded JWT">
          {JSON.stringify(jwt.header, null, 2)}
          {'\n'}
          {JSON.stringify(jwt.claims, null, 2)}
        </pre>
      )}
      {possibleReasons.length > 0 && (
        <>
          <p>It may be that:</p>
          <ul class="reasons">
            {possibleReasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
