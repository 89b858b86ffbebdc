import { useCallback, useState } from 'preact/hooks';
import type { BankId, Grant, Items, MadeGrant } from './api-types.js';
import { CopyButton } from './copy-button.js';
import { GrantActions } from './grant-actions.js';
import { GrantLifeView } from './grant-life-view.js';
import { useResource } from './hooks.js';
import { LifeBar } from './life-bar.js';
import { useSession } from './session.js';
import { bankNames, dateTimeOf } from './words.js';

/** What users consented to, how long it still works, and what can be done to it; one grant's life where one is chosen. */
export function GrantsView({ chosen }: { readonly chosen: string | undefined }) {
  const { api, activity } = useSession();
  const grants = useResource(
    useCallback(() => api.get<Items<Grant>>('/grants'), [api]),
    { key: api.id, activity, everyMs: 5000 },
  );
  const [made, setMade] = useState<MadeGrant | null>(null);
  if (chosen !== undefined) return <GrantLifeView id={chosen} />;
  const newestFirst = [...(grants.value?.items ?? [])].reverse();
  return (
    <div class="page">
      <div class="page-head">
        <h1>Grants</h1>
        <MakeGrant onMade={setMade} />
      </div>
      {made !== null && <Made made={made} onClose={() => setMade(null)} />}
      {grants.value === undefined ? (
        <p class="empty">{grants.problem ?? 'Loading …'}</p>
      ) : newestFirst.length === 0 ? (
        <div class="empty">
          <p>Nobody has consented yet.</p>
          <p class="soft">
            A grant is what a user consented to for one client and company; it owns the tokens. Walk through a login, or
            make one here without any: its tokens are shown once, to be pasted where your application keeps them.
          </p>
        </div>
      ) : (
        <ul class="cards">
          {newestFirst.slice(0, 300).map((grant) => (
            <GrantCard key={grant.id} grant={grant} />
          ))}
        </ul>
      )}
      {newestFirst.length > 300 && <p class="soft">The newest 300 of {newestFirst.length}.</p>}
    </div>
  );
}

function GrantCard({ grant }: { readonly grant: Grant }) {
  const { id, bank, clientId, username, company, scope, origin, createdAt, revokedAt } = grant;
  const access = grant.accessTokens.at(-1);
  const refresh = grant.refreshTokens.at(-1);
  const isDead = revokedAt !== null || (access?.live !== true && refresh?.live !== true);
  return (
    <li class={`card ${isDead ? 'dead' : ''}`}>
      <h2>
        <span class={`bank ${bank}`}>{bankNames[bank]}</span>{' '}
        <a href={`#/grants/${id}`}>
          {username ?? 'no user'} <span class="soft">for</span> <span class="mono">{clientId.slice(0, 14)}…</span>
        </a>
      </h2>
      <p class="soft">
        {company !== null && <>CNPJ {company} · </>}
        {origin === 'control' ? 'made here' : origin.replaceAll('_', ' ')} · {dateTimeOf(createdAt)} ·{' '}
        <span class="scope">{scope}</span>
      </p>
      <LifeBar label="Access token" token={access} />
      <LifeBar label="Refresh token" token={refresh} />
      <GrantActions grant={grant} />
    </li>
  );
}

function MakeGrant({ onMade }: { readonly onMade: (made: MadeGrant) => void }) {
  const { api, act } = useSession();
  const [bank, setBank] = useState<BankId>('bs2');
  const [age, setAge] = useState('');
  const make = (): Promise<boolean> =>
    act(async () => onMade(await api.post<MadeGrant>('/grants', { bank, ...(age === '' ? {} : { age }) })));
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void make();
      }}
    >
      <select
        aria-label="Bank of the new grant"
        value={bank}
        onChange={({ currentTarget }) => setBank(currentTarget.value as BankId)}
      >
        <option value="bs2">BS2</option>
        <option value="btg">BTG</option>
      </select>
      <select
        aria-label="Age of the new grant"
        value={age}
        onChange={({ currentTarget }) => setAge(currentTarget.value)}
      >
        <option value="">new</option>
        <option value="PT6M">6 min old</option>
        <option value="P9D">9 d old</option>
        <option value="P29D">29 d old</option>
      </select>
      <button type="submit">Make a grant</button>
    </form>
  );
}

function Made({ made, onClose }: { readonly made: MadeGrant; readonly onClose: () => void }) {
  const json = JSON.stringify(made.tokens, null, 2);
  return (
    <section class="made" aria-label="The new grant’s tokens">
      <header>
        <h2>
          A new grant at {bankNames[made.bank]}. <a href={`#/grants/${made.id}`}>Its life</a>
        </h2>
        <button type="button" class="quiet" onClick={onClose}>
          Close
        </button>
      </header>
      <p class="soft">The bank’s own token response, shown this once.</p>
      <div class="with-copy">
        <pre class="code" tabIndex={0} aria-label="Token response">
          {json}
        </pre>
        <CopyButton text={json} />
      </div>
    </section>
  );
}
