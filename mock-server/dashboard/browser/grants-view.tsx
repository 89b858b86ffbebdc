import { useCallback, useState } from 'preact/hooks';
import type { BankId, Grant, Items, MadeGrant } from './api-types.js';
import { CopyButton } from './copy-button.js';
import { GrantLifeView } from './grant-life-view.js';
import { useResource } from './hooks.js';
import { useSession } from './session.js';
import { bankNames, dateTimeOf, isoSeconds, spanOf } from './words.js';

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
      <Life label="Access token" token={access} />
      <Life label="Refresh token" token={refresh} />
      <GrantActions grant={grant} />
    </li>
  );
}

type TokenOfGrant = Grant['refreshTokens'][number];

/** How much of a token's life is left, as a bar and in words. */
export function Life({ label, token }: { readonly label: string; readonly token: TokenOfGrant | undefined }) {
  const { nowMs } = useSession();
  if (token === undefined) {
    return (
      <div class="life">
        <span class="label">{label}</span>
        <span class="soft">none</span>
      </div>
    );
  }
  const issued = Date.parse(token.issuedAt);
  const expires = Date.parse(token.expiresAt);
  // Banks judge expiry by whole seconds.
  const left = nowMs === null ? 0 : expires - Math.floor(nowMs / 1000) * 1000;
  const isLive = token.live && left > 0;
  const share = isLive ? Math.min(1, left / Math.max(1, expires - issued)) : 0;
  return (
    <div class={`life ${isLive ? '' : 'over'}`}>
      <span class="label">{label}</span>
      <span class="bar" role="img" aria-label={`${String(Math.round(share * 100))} % of its life left`}>
        <span style={{ width: `${String(share * 100)}%` }} />
      </span>
      <span class="left mono">
        {isLive
          ? `${spanOf(left)} left`
          : left > 0
            ? 'ended'
            : left === 0
              ? 'expired now'
              : `expired ${spanOf(left, 1)} ago`}
      </span>
    </div>
  );
}

/** Ages and revokes one grant. */
export function GrantActions({ grant }: { readonly grant: Grant }) {
  const { api, act, clock, nowMs } = useSession();
  const path = `/grants/${encodeURIComponent(grant.id)}`;
  const age = (by: string, done: string): void => void act(() => api.post(`${path}/age`, { by }), done);
  /** A second on a running clock is over before anybody acts in it. */
  const ageToLastSecond = (token: TokenOfGrant, name: string): void =>
    void act(async () => {
      if (clock?.mode === 'running') await api.post('/clock/freeze');
      const { now } = await api.get<{ now: string }>('/clock');
      const wholeSecond = Math.floor(Date.parse(now) / 1000) * 1000;
      await api.post(`${path}/age`, { by: isoSeconds(Date.parse(token.expiresAt) - wholeSecond - 1000) });
    }, `The ${name} has one second left, and the clock stands still. Advance it, or resume, to see it die.`);
  const access = grant.accessTokens.at(-1);
  const refresh = grant.refreshTokens.at(-1);
  const isLeft = (token: TokenOfGrant | undefined): token is TokenOfGrant =>
    token?.live === true && nowMs !== null && Date.parse(token.expiresAt) - nowMs > 1000;
  return (
    <div class="actions">
      <button
        type="button"
        disabled={!isLeft(access)}
        onClick={() => access !== undefined && ageToLastSecond(access, 'access token')}
      >
        Access token: 1 s left
      </button>
      <button
        type="button"
        disabled={!isLeft(refresh)}
        onClick={() => refresh !== undefined && ageToLastSecond(refresh, 'refresh token')}
      >
        Refresh token: 1 s left
      </button>
      <button
        type="button"
        disabled={grant.revokedAt !== null}
        onClick={() => age('P1D', 'A day older, with its tokens.')}
      >
        1 d older
      </button>
      <button
        type="button"
        class="danger"
        disabled={grant.revokedAt !== null}
        onClick={() => void act(() => api.delete(path), 'Revoked: none of its tokens works any more.')}
      >
        Revoke
      </button>
    </div>
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
