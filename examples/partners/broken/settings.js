/** What the two banks' documentation says of them; everything else comes from the environment. */
const profiles = {
  bs2: { usesPkce: false, usesNonce: false, sendsIss: false, sendsScopeOnRefresh: true, api: 'BALANCE_ENDPOINT' },
  btg: { usesPkce: true, usesNonce: true, sendsIss: true, sendsScopeOnRefresh: false, api: 'ACCOUNTS_ENDPOINT' },
};

/**
 * The banks that this process serves. BANK=bs2 or btg reads TOKEN_ENDPOINT and so on; BANK=bs2,btg reads
 * BS2_TOKEN_ENDPOINT, BTG_TOKEN_ENDPOINT and so on, and puts the bank's name before each path.
 */
export function readBanks(env) {
  const ids = (env.BANK ?? '').split(',');
  return ids.map((id) => {
    const profile = profiles[id];
    if (profile === undefined) throw new Error(`Expected BANK to be bs2, btg or bs2,btg, got "${env.BANK ?? ''}".`);
    const read = (name) => {
      const key = ids.length > 1 ? `${id.toUpperCase()}_${name}` : name;
      if (!env[key]) throw new Error(`Expected ${key} in the environment.`);
      return env[key];
    };
    const prefix = ids.length > 1 ? `/${id}` : '';
    const redirectUri = read('REDIRECT_URI');
    return {
      ...profile,
      id,
      // PKCE=off and NONCE=off leave `state` as the only defence of the callback.
      usesPkce: profile.usesPkce && env.PKCE !== 'off',
      usesNonce: profile.usesNonce && env.NONCE !== 'off',
      authorizationEndpoint: read('AUTHORIZATION_ENDPOINT'),
      tokenEndpoint: read('TOKEN_ENDPOINT'),
      apiEndpoint: read(profile.api),
      issuer: profile.sendsIss ? read('ISSUER') : null,
      clientId: read('CLIENT_ID'),
      clientSecret: read('CLIENT_SECRET'),
      scope: read('SCOPE'),
      redirectUri,
      paths: {
        connect: `${prefix}/connect`,
        callback: new URL(redirectUri).pathname,
        balance: `${prefix}/balance`,
      },
      timeoutMs: Number(env.BANK_TIMEOUT_MS ?? 5_000),
    };
  });
}
