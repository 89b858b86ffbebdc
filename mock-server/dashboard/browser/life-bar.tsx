import type { Grant } from './api-types.js';
import { useSession } from './session.js';
import { spanOf } from './words.js';

/** A token as a list of grants shows it. */
export type TokenOfGrant = Grant['refreshTokens'][number];

/** How much of a token's life is left, as a bar and in words. */
export function LifeBar({ label, token }: { readonly label: string; readonly token: TokenOfGrant | undefined }) {
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
