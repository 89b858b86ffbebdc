import { useCallback, useState } from 'preact/hooks';
import type { BankId, Client, Items, User } from './api-types.js';
import { Copyable } from './copy-button.js';
import { useResource } from './hooks.js';
import { useSession } from './session.js';
import { bankNames } from './words.js';

const behaviours: Readonly<Record<User['behaviour'], string>> = {
  normal: '',
  locked: 'the login is locked',
  'second-factor-expired': 'the token has always expired',
  'second-factor-wrong': 'the token is always wrong',
  denies: 'denies after the login',
  slow: 'the bank answers slowly',
};

/** The partner's applications, and the people who log in. */
export function PeopleView() {
  const { api, activity, act } = useSession();
  const clients = useResource(
    useCallback(() => api.get<Items<Client>>('/clients'), [api]),
    { key: api.id, activity, everyMs: 8000 },
  );
  const users = useResource(
    useCallback(() => api.get<Items<User>>('/users'), [api]),
    { key: api.id, activity, everyMs: 8000 },
  );
  return (
    <div class="page">
      <div class="page-head">
        <h1>Clients</h1>
        <NewClient />
      </div>
      <p class="soft">Applications as the banks know them. Secrets of a mock are secrets of tests: they are shown.</p>
      {clients.value?.items.length === 0 && (
        <p class="empty">
          No client is registered. <code>POST {api.address('/clients')}</code> registers one.
        </p>
      )}
      <ul class="cards">
        {clients.value?.items.slice(0, 100).map((client) => (
          <li key={`${client.bank} ${client.id}`} class="card">
            <h2>
              <span class={`bank ${client.bank}`}>{bankNames[client.bank]}</span> {client.name}
              {client.type === 'public' && <span class="flag info">public</span>}
              {!client.provisioned && <span class="flag warning">not provisioned</span>}
            </h2>
            <dl class="copyables">
              <Copyable label={client.bank === 'bs2' ? 'API Key' : 'client_id'} text={client.id} />
              {client.secret !== null && (
                <Copyable label={client.bank === 'bs2' ? 'API Secret' : 'client_secret'} text={client.secret} />
              )}
              <Copyable label="redirect_uri" text={client.redirectUris.join(' ')} />
              <Copyable label="scope" text={client.scope} />
            </dl>
            {client.secret !== null && (
              <div class="actions">
                <button
                  type="button"
                  onClick={() =>
                    void act(
                      () => api.post(`/clients/${encodeURIComponent(client.id)}/secrets?bank=${client.bank}`),
                      'A new secret; the old one works no more.',
                    )
                  }
                >
                  New secret
                </button>
                <RemoveButton
                  path={`/clients/${encodeURIComponent(client.id)}?bank=${client.bank}`}
                  name={client.name}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
      <div class="page-head">
        <h1>Users</h1>
        <NewUser />
      </div>
      <p class="soft">
        They log in with username or CPF. Some behave oddly, so that you can see what your application does.
      </p>
      {users.value?.items.length === 0 && (
        <p class="empty">
          No user can log in. <code>POST {api.address('/users')}</code> registers one.
        </p>
      )}
      <div class="scrolled" tabIndex={0} role="group" aria-label="Users">
        <table>
          <thead>
            <tr>
              <th scope="col">Username</th>
              <th scope="col">Password</th>
              <th scope="col">CPF</th>
              <th scope="col">Role</th>
              <th scope="col">Companies</th>
              <th scope="col">Behaves</th>
            </tr>
          </thead>
          <tbody>
            {users.value?.items.slice(0, 200).map((user) => (
              <tr key={user.username}>
                <th scope="row">{user.username}</th>
                <td class="mono">{user.password}</td>
                <td class="mono">{user.cpf}</td>
                <td>{user.role}</td>
                <td>
                  {user.companies.map(({ cnpj, name }) => (
                    <div key={cnpj}>
                      <span class="mono">{cnpj}</span> <span class="soft">{name}</span>
                    </div>
                  ))}
                </td>
                <td>{behaviours[user.behaviour]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function NewClient() {
  const { api, act } = useSession();
  const [bank, setBank] = useState<BankId>('bs2');
  const [redirectUri, setRedirectUri] = useState('');
  const register = async (): Promise<void> => {
    const scope = bank === 'bs2' ? 'saldo extrato' : 'openid empresas.btgpactual.com/accounts.readonly';
    const body = { bank, redirectUris: [redirectUri.trim()], scope };
    if (await act(() => api.post('/clients', body), 'Registered: id and secret stand on its card.')) setRedirectUri('');
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void register();
      }}
    >
      <select
        aria-label="Bank of the new client"
        value={bank}
        onChange={({ currentTarget }) => setBank(currentTarget.value as BankId)}
      >
        <option value="bs2">BS2</option>
        <option value="btg">BTG</option>
      </select>
      <input
        type="url"
        required
        aria-label="redirect_uri of the new client"
        placeholder="https://…/callback"
        value={redirectUri}
        onInput={({ currentTarget }) => setRedirectUri(currentTarget.value)}
      />
      <button type="submit">Register a client</button>
    </form>
  );
}

function NewUser() {
  const { api, act } = useSession();
  const [username, setUsername] = useState('');
  const register = async (): Promise<void> => {
    const body = { username: username.trim(), password: 'senha-de-teste' };
    if (await act(() => api.post('/users', body), 'Registered, with the password of all test users.')) setUsername('');
  };
  return (
    <form
      class="inline"
      onSubmit={(event) => {
        event.preventDefault();
        void register();
      }}
    >
      <input
        required
        aria-label="Username of the new user"
        placeholder="username"
        value={username}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => setUsername(currentTarget.value)}
      />
      <button type="submit">Register a user</button>
    </form>
  );
}

function RemoveButton({ path, name }: { readonly path: string; readonly name: string }) {
  const { api, act } = useSession();
  const [isSure, setSure] = useState(false);
  if (!isSure) {
    return (
      <button type="button" class="quiet" onClick={() => setSure(true)}>
        Remove
      </button>
    );
  }
  return (
    <button
      type="button"
      class="danger"
      onClick={() => void act(() => api.delete(path), `${name} is removed; its tokens work no more.`)}
    >
      Remove for good
    </button>
  );
}
