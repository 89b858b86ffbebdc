import type { GrantPolicyOptions } from '../oauth/grant-policy.js';
import { durationMs } from '../tenants/settings.js';
import type { SharedBankSettings } from '../tenants/settings.js';

/** The part of a bank's policy that both banks' settings say in the same words. */
export function grantPolicyOptions(
  settings: SharedBankSettings,
): Pick<GrantPolicyOptions, 'rotateRefreshToken' | 'reuse' | 'codeReplayRevokesTokens'> {
  const { refreshTokenReuse } = settings;
  return {
    rotateRefreshToken: settings.refreshTokenRotation,
    reuse: typeof refreshTokenReuse === 'object' ? { graceMs: durationMs(refreshTokenReuse.grace) } : refreshTokenReuse,
    codeReplayRevokesTokens: settings.codeReplayRevokesTokens,
  };
}
