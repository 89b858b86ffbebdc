import { useCallback } from 'preact/hooks';
import type { Entry, OpenedEntry } from './api-types.js';
import { CopyButton } from './copy-button.js';
import { useResource } from './hooks.js';
import { RequirementList } from './requirement-list.js';
import { useSession } from './session.js';
import { bankNames, dateTimeOf, pathOf, statusClass, whatOf } from './words.js';

/** One request, whole: what it was about, what the bank thought of it, what went over the wire. */
export function EntryDetail({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { api, feed } = useSession();
  const load = useCallback(() => api.get<OpenedEntry>(`/journal/${String(id)}`), [api, id]);
  const opened = useResource(load, { key: String(id), activity: 0 });
  const entry = opened.value?.entry ?? feed.find(id);
  return (
    <article class="detail" onKeyDown={(event) => event.key === 'Escape' && onClose()}>
      <header class="detail-head">
        <h2>
          Request {id}
          {entry !== undefined && (
            <>
              {' '}
              <span class={`bank ${entry.bank}`}>{bankNames[entry.bank]}</span> {whatOf(entry)}
            </>
          )}
        </h2>
        <button type="button" class="quiet" onClick={onClose} aria-label="Close the request">
          Close
        </button>
      </header>
      {entry === undefined ? (
        <p class="empty">
          {opened.problem === null
            ? 'Loading …'
            : 'The journal does not have this request: it was cleared, it is among the oldest, which are forgotten, or it never came.'}
        </p>
      ) : (
        <Opened entry={entry} opened={opened.value} />
      )}
    </article>
  );
}

function Opened({ entry, opened }: { readonly entry: Entry; readonly opened: OpenedEntry | undefined }) {
  const { request, response } = entry;
  return (
    <div class="detail-body">
      <Facts entry={entry} />
      {opened?.findings.map((finding) => (
        <section key={finding.id} class={`finding ${finding.severity}`}>
          <h3>
            <span class={`flag ${finding.severity}`}>{finding.severity}</span> {finding.id}
          </h3>
          <p>{finding.message}</p>
          {finding.advice !== '' && <p class="advice">{withCode(finding.advice)}</p>}
          <RequirementList ids={finding.requirements} texts={opened.requirements} />
        </section>
      ))}
      <section>
        <h3>Why this answer</h3>
        {entry.faults.length > 0 && (
          <p>
            <span class="flag on">fault</span> A fault acted on this answer: <code>{entry.faults.join(', ')}</code>
          </p>
        )}
        {opened === undefined ? (
          <p class="soft">…</p>
        ) : opened.answeredBy === null ? (
          <p class="soft">
            {entry.endpoint === 'unknown'
              ? 'The bank has nothing at this address.'
              : 'No rule of the bank: see the status.'}
          </p>
        ) : (
          <>
            <p>{opened.answeredBy.text}</p>
            <RequirementList ids={opened.answeredBy.requirements} texts={opened.requirements} />
          </>
        )}
      </section>
      {opened?.jwts.map((jwt) => (
        <Jwt key={jwt.where} jwt={jwt} />
      ))}
      <Message
        title="Request"
        first={`${request.method} ${request.url}`}
        parameters={parametersOf(request.url, request.body)}
        headers={request.headers}
        body={request.body}
      />
      <Message
        title="Response"
        first={response.status === 0 ? 'Connection reset' : String(response.status)}
        parameters={parametersOf(
          response.headers.find(({ name }) => name.toLowerCase() === 'location')?.value ?? '',
          '',
        )}
        headers={response.headers}
        body={response.body}
      />
      <p class="soft">
        Secrets are replaced by tags; equal values have equal tags. To follow one, paste the value itself into the
        search.
      </p>
    </div>
  );
}

/** What stands between backticks, as code. */
function withCode(text: string) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part));
}

function Facts({ entry }: { readonly entry: Entry }) {
  const { at, durationMs, clientId, clientIdentification, grantId, username, outcome, response } = entry;
  return (
    <dl class="facts">
      <dt>Answer</dt>
      <dd class={statusClass(entry)}>
        <strong class="mono">{response.status === 0 ? 'reset' : response.status}</strong> {outcome ?? ''}
      </dd>
      <dt>Time</dt>
      <dd>
        {dateTimeOf(at)} UTC <span class="soft">· {durationMs} ms</span>
        {entry.played && <span class="soft"> · played by the control API</span>}
      </dd>
      {clientId !== null && (
        <>
          <dt>Client</dt>
          <dd>
            <code>{clientId}</code>
            {clientIdentification !== null && <span class="soft"> by {clientIdentification}</span>}
          </dd>
        </>
      )}
      {username !== null && (
        <>
          <dt>User</dt>
          <dd>{username}</dd>
        </>
      )}
      {grantId !== null && (
        <>
          <dt>Grant</dt>
          <dd>
            <a href={`#/grants/${grantId}`}>See its whole life</a>
          </dd>
        </>
      )}
    </dl>
  );
}

function Jwt({ jwt }: { readonly jwt: OpenedEntry['jwts'][number] }) {
  const words = { right: 'signature right', wrong: 'signature wrong', 'not-checked': 'signature not checked' };
  return (
    <section>
      <h3>
        JWT in {jwt.where}{' '}
        <span class={`flag ${jwt.signature === 'wrong' ? 'failed' : 'info'}`}>{words[jwt.signature]}</span>
      </h3>
      <pre class="code" tabIndex={0} aria-label={`Decoded JWT in ${jwt.where}`}>
        {JSON.stringify(jwt.header, null, 2)}
        {'\n'}
        {JSON.stringify(withTimes(jwt.claims), null, 2)}
      </pre>
    </section>
  );
}

/** NumericDates beside what they mean. */
function withTimes(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [
      name,
      ['exp', 'iat', 'nbf', 'auth_time'].includes(name) && typeof value === 'number' && Math.abs(value) < 1e11
        ? `${String(value)} (${dateTimeOf(new Date(value * 1000).toISOString())})`
        : value,
    ]),
  );
}

function Message(props: {
  readonly title: string;
  readonly first: string;
  readonly parameters: readonly (readonly [string, string])[];
  readonly headers: Entry['request']['headers'];
  readonly body: string;
}) {
  const { title, first, parameters, headers, body } = props;
  const whole = [first, ...headers.map(({ name, value }) => `${name}: ${value}`), '', body].join('\n');
  const isPage = /^\s*<!doctype html/i.test(body);
  return (
    <section class="message">
      <h3>
        {title} <CopyButton text={whole} />
      </h3>
      <p class="first mono">{title === 'Request' ? shortened(first) : first}</p>
      {parameters.length > 0 && (
        <dl class="parameters mono">
          {parameters.map(([name, value], index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value === '' ? <span class="soft">empty</span> : value}</dd>
            </div>
          ))}
        </dl>
      )}
      <details>
        <summary>{headers.length} headers</summary>
        <dl class="parameters mono">
          {headers.map(({ name, value }, index) => (
            <div key={index}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {body !== '' &&
        (isPage ? (
          <details>
            <summary>The page’s HTML</summary>
            <Body text={body} title={title} />
          </details>
        ) : (
          <Body text={body} title={title} />
        ))}
    </section>
  );
}

function Body({ text, title }: { readonly text: string; readonly title: string }) {
  return (
    <pre class="code" tabIndex={0} aria-label={`Body of the ${title.toLowerCase()}`}>
      {text}
    </pre>
  );
}

/** The address without its query, which stands below it, parameter by parameter. */
function shortened(first: string): string {
  const [method = '', url = ''] = first.split(' ');
  return `${method} ${pathOf(url).split('?')[0] ?? ''}`;
}

/** What an address or a form carries, decoded for reading. */
function parametersOf(url: string, body: string): (readonly [string, string])[] {
  const query = url.split('?').slice(1).join('?').split('#')[0] ?? '';
  const form = /^[^\s=&<{[]{1,100}=/.test(body) ? body : '';
  return [query, form].filter(Boolean).flatMap((text) => [...new URLSearchParams(text)]);
}
