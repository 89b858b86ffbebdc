import { useCallback } from 'preact/hooks';
import type { GrantLife } from './api-types.js';
import { GrantActions } from './grant-actions.js';
import { useResource } from './hooks.js';
import { LifeBar } from './life-bar.js';
import { LifeLine } from './life-line.js';
import { SequencePicture } from './sequence-picture.js';
import { useSession } from './session.js';
import { tokenNames } from './token-names.js';
import { bankNames, dateTimeOf, timeOf } from './words.js';

type TokenLife = GrantLife['tokens'][number];

/** One grant from its authorization request to its end. */
export function GrantLifeView({ id }: { readonly id: string }) {
  const { api, activity, clock, nowMs } = useSession();
  const life = useResource(
    useCallback(() => api.get<GrantLife>(`/grants/${encodeURIComponent(id)}/life`), [api, id]),
    {
      key: `${api.id} ${id}`,
      activity: `${String(activity)} ${clock?.mode === 'frozen' ? clock.now : ''}`,
      everyMs: 4000,
    },
  );
  const { value } = life;
  return (
    <div class="page">
      <p class="back">
        <a href="#/grants">← All grants</a>
      </p>
      {value === undefined ? (
        <p class="empty">{life.problem ?? 'Loading …'}</p>
      ) : (
        <>
          <div class="page-head">
            <h1>
              <span class={`bank ${value.grant.bank}`}>{bankNames[value.grant.bank]}</span>{' '}
              {value.grant.username ?? 'no user'}
            </h1>
            <GrantActions grant={value.grant} />
          </div>
          <p class="soft">
            Client <code>{value.grant.clientId}</code>
            {value.grant.company !== null && <> · CNPJ {value.grant.company}</>} · scope{' '}
            <code>{value.grant.scope}</code> · since {dateTimeOf(value.grant.createdAt)}
          </p>
          <LifeBar label="Access token" token={value.grant.accessTokens.at(-1)} />
          <LifeBar label="Refresh token" token={value.grant.refreshTokens.at(-1)} />
          <h2>Time line</h2>
          <LifeLine tokens={value.tokens} nowMs={nowMs ?? Date.parse(value.now)} />
          <CausesOfDeath tokens={value.tokens} />
          <h2>What happened</h2>
          <SequencePicture life={value} />
        </>
      )}
    </div>
  );
}

function CausesOfDeath({ tokens }: { readonly tokens: readonly TokenLife[] }) {
  const named = tokenNames(tokens);
  return (
    <table class="deaths">
      <caption class="hidden">Codes and tokens of the grant</caption>
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col">Given</th>
          <th scope="col">Used</th>
          <th scope="col">Cause of death</th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token, index) => (
          <tr key={index} class={token.endedAt === null ? 'alive' : ''}>
            <th scope="row">{named[index]}</th>
            <td>
              <span class="mono">{timeOf(token.issuedAt)}</span> <EntryLink id={token.issuedBy} />
            </td>
            <td>
              {token.usedBy.length === 0
                ? 'never'
                : token.usedBy.length === 1
                  ? 'once'
                  : `${String(token.usedBy.length)} times`}
            </td>
            <td>
              {token.endedAt === null ? (
                <span class="good">works{token.expiresAt !== null && ` until ${dateTimeOf(token.expiresAt)}`}</span>
              ) : (
                <>
                  {token.endedBecause} <span class="soft mono">{dateTimeOf(token.endedAt)}</span>{' '}
                  <EntryLink id={token.endedBy} />
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function EntryLink({ id }: { readonly id: number | null }) {
  return id === null ? null : <a href={`#/journal/${String(id)}`}>request {id}</a>;
}
