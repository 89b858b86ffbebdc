import type { TenantHandle } from '../mock-server/index.js';

/** What the `curl` of `homologa serve`'s banner does: a consent at BS2 that the control API plays, and its code redeemed. */
export interface FirstToken {
  readonly answer: Response;
  /** Redeems the code once more. */
  readonly again: () => Promise<Response>;
}

/** @throws Error where the tenant has no client at BS2 */
export async function firstToken(
  { bs2, consents }: TenantHandle,
  send: (request: Request) => Promise<Response> = fetch,
): Promise<FirstToken> {
  const { client } = bs2;
  if (client === null) throw new Error('The tenant has no client at BS2.');
  const [redirectUri = ''] = client.redirectUris;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.id,
    redirect_uri: redirectUri,
    scope: 'saldo',
    state: 'first-request',
  });
  const { redirectTo } = await consents.create({
    authorizationUrl: `${bs2.authorizationEndpoint}?${query.toString()}`,
    decision: 'approve',
  });
  const redeem = (): Promise<Response> =>
    send(
      new Request(bs2.tokenEndpoint, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa(`${client.id}:${client.secret ?? ''}`)}` },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code: new URL(redirectTo).searchParams.get('code') ?? '',
          redirect_uri: redirectUri,
        }),
      }),
    );
  return { answer: await redeem(), again: redeem };
}
