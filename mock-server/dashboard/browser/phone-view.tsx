import { useCallback, useState } from 'preact/hooks';
import type { Items, User } from './api-types.js';
import { CopyButton } from './copy-button.js';
import { useFeed, useResource } from './hooks.js';
import type { JournalFeed } from './journal-feed.js';
import { useSession } from './session.js';

interface SecondFactor {
  readonly app: string | null;
  readonly sms: string | null;
}

/** The phone in a view of its own. */
export function PhoneView() {
  return (
    <div class="page narrow">
      <h1>Phone</h1>
      <p class="soft">
        What the user’s phone shows: BS2 asks for one of the two tokens after the password, BTG where the setting{' '}
        <code>btg.secondFactor</code> says so.
      </p>
      <PhonePanel />
    </div>
  );
}

/** One user's app token and last SMS; follows whoever logs in, until somebody is chosen. */
export function PhonePanel() {
  const { api, activity, feed, nowMs } = useSession();
  useFeed(feed);
  const [chosen, setChosen] = useState<string | null>(null);
  const users = useResource(
    useCallback(() => api.get<Items<User>>('/users'), [api]),
    { key: api.id, activity: 0, everyMs: 10_000 },
  );
  const username = chosen ?? lastToLogIn(feed) ?? users.value?.items[0]?.username ?? null;
  const user = users.value?.items.find((candidate) => candidate.username === username);
  // A new app token comes every thirty seconds of the tenant's clock.
  const step = nowMs === null ? 0 : Math.floor(nowMs / 30_000);
  const factor = useResource<SecondFactor | null>(
    useCallback(
      async () => (username === null ? null : api.get<SecondFactor>(`/second-factor/${encodeURIComponent(username)}`)),
      [api, username],
    ),
    { key: `${api.id} ${username ?? ''}`, activity: `${String(activity)} ${String(step)}`, everyMs: 3000 },
  );
  if (users.value?.items.length === 0) {
    return (
      <div class="phone">
        <p class="empty">This tenant has no users, so nobody’s phone to show.</p>
      </div>
    );
  }
  const left = nowMs === null ? 0 : 30 - (Math.floor(nowMs / 1000) % 30);
  return (
    <div class="phone">
      <div class="phone-head">
        <label for="phone-user">Phone of</label>
        <select id="phone-user" value={username ?? ''} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
          {users.value?.items.map((candidate) => (
            <option key={candidate.username} value={candidate.username}>
              {candidate.username}
            </option>
          ))}
        </select>
      </div>
      <Token
        title="App token"
        code={factor.value?.app ?? null}
        note={
          factor.value?.app == null ? 'All of this half minute are spent; wait for the next.' : `${String(left)} s left`
        }
      />
      <Token
        title="Last SMS"
        code={factor.value?.sms ?? null}
        note={
          factor.value?.sms == null
            ? 'None yet: choose “Token SMS” on the bank’s consent page.'
            : 'The last that this user was sent.'
        }
      />
      {user !== undefined && (
        <dl class="facts">
          <dt>Password</dt>
          <dd>
            <code>{user.password}</code> <CopyButton text={user.password} />
          </dd>
          <dt>CPF</dt>
          <dd class="mono">{user.cpf}</dd>
        </dl>
      )}
    </div>
  );
}

function Token({ title, code, note }: { readonly title: string; readonly code: string | null; readonly note: string }) {
  return (
    <div class="token">
      <h3>{title}</h3>
      <p>
        <output class={`digits mono ${code === null ? 'none' : ''}`}>
          {code === null ? '– – –' : `${code.slice(0, 3)} ${code.slice(3)}`}
        </output>
        {code !== null && <CopyButton text={code} />}
      </p>
      <p class="soft">{note}</p>
    </div>
  );
}

/** The user of the newest login among the last requests. */
function lastToLogIn(feed: JournalFeed): string | null {
  const login = feed
    .latest(50)
    .findLast(({ username, endpoint }) => username !== null && endpoint !== 'api' && endpoint !== 'token');
  return login?.username ?? null;
}
