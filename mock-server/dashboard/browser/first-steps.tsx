import { CopyButton } from './copy-button.js';
import { useSession } from './session.js';

/** What an empty journal says: how the first request gets here. */
export function FirstSteps() {
  const { api, tenant, act } = useSession();
  const { client } = tenant.bs2;
  const authorize = authorizationAddress(
    tenant.bs2.authorizationEndpoint,
    client?.id,
    client?.redirectUris[0],
    client?.scope,
  );
  const curl = `curl -s ${tenant.bs2.tokenEndpoint} -u '${client?.id ?? 'key'}:${client?.secret ?? 'secret'}' \\\n  -d 'grant_type=client_credentials&scope=${client?.scope.split(' ')[0] ?? 'saldo'}'`;
  const play = (): Promise<boolean> =>
    act(
      () => api.post('/consents', { authorizationUrl: authorize, decision: 'approve' }),
      'A consent was played: the redirect would carry its code.',
    );
  return (
    <div class="empty first-steps">
      <h2>Nothing came in yet</h2>
      <p>Every request that your application sends to a bank of this mock appears here as it comes in. To see one:</p>
      <ol>
        <li>
          <strong>Point your application here.</strong> <a href="#/connect">Connect my app</a> has the lines to copy.
        </li>
        <li>
          <strong>Be the user.</strong> <a href={authorize}>Open BS2’s login</a> as your application would, and log in
          as <code>{tenant.user?.username ?? 'correntista'}</code> with <code>{tenant.user?.password ?? '…'}</code>. The
          SMS token comes to the <a href="#/phone">phone</a>.
        </li>
        <li>
          <strong>Or let the mock play the user</strong> of a BS2 authorization request:{' '}
          <button type="button" onClick={() => void play()}>
            Play a consent
          </button>
        </li>
        <li>
          <strong>Or ask for a token from a shell:</strong>
          <div class="with-copy">
            <pre class="code" tabIndex={0} aria-label="A token request with curl">
              {curl}
            </pre>
            <CopyButton text={curl} />
          </div>
        </li>
      </ol>
    </div>
  );
}

/** The address that an application sends its user to, with a state that nobody should take for a good one. */
export function authorizationAddress(endpoint: string, clientId = '', redirectUri = '', scope = ''): string {
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state: 'a-state-from-the-dashboard',
  };
  return `${endpoint}?${new URLSearchParams(parameters).toString()}`;
}
