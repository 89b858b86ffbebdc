import type { Grant } from './api-types.js';
import type { TokenOfGrant } from './life-bar.js';
import { useSession } from './session.js';
import { isoSeconds } from './words.js';

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
