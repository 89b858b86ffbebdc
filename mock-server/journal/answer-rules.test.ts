import { describe, expect, it } from 'vitest';
import { createWorld } from '../control/test-world.js';
import { answerRuleOf } from './answer-rules.js';

type Asked = Parameters<typeof answerRuleOf>[0];
const entry = (part: Partial<Asked>): Asked => ({
  bank: 'bs2',
  endpoint: 'token',
  outcome: null,
  grantType: null,
  response: { status: 400 },
  ...part,
});

describe('the rule that answered', () => {
  it.each([
    [{ outcome: 'invalid_grant: spent', grantType: 'refresh_token' }, /exchanged before/, 'BS2-tokens-h'],
    [{ outcome: 'invalid_grant: spent', grantType: 'authorization_code' }, /redeemed before/, 'RFC6749-4.1.2-c'],
    [{ outcome: 'invalid_grant: expired', grantType: 'refresh_token' }, /past its life/, 'BS2-tokens-a'],
    [{ outcome: 'invalid_request: scope-missing', grantType: 'refresh_token' }, /must name the scope/, 'BS2-refresh-b'],
    [{ outcome: 'invalid_client: wrong-secret' }, /secret is wrong/, 'BS2-error-a'],
    [{ outcome: 'over the limit' }, /sliding window/, 'BS2-limit-a'],
    [{ endpoint: 'api', outcome: 'dead' }, /newer access token/, 'BS2-tokens-g'],
    [{ endpoint: 'login', outcome: null, response: { status: 200 } }, /page of this step/, 'BS2-holder-a'],
    [{ outcome: null, response: { status: 405 } }, /another method/, 'BS2-consent-h'],
  ] as const)('%j is told in a sentence, with what it rests on', (part, text, requirement) => {
    const rule = answerRuleOf(entry(part));
    expect(rule?.text).toMatch(text);
    expect(rule?.requirements).toContain(requirement);
  });

  it('cites the requirements of the entry’s own bank', () => {
    const at = (bank: 'bs2' | 'btg') =>
      answerRuleOf(entry({ bank, endpoint: 'api', outcome: 'expired' }))?.requirements ?? [];
    expect(at('bs2').filter((id) => id.startsWith('BTG-'))).toEqual([]);
    expect(at('btg').filter((id) => id.startsWith('BS2-'))).toEqual([]);
    expect(at('btg')).toContain('BTG-access-token-d');
  });

  it('is not made up where none is known', () => {
    expect(answerRuleOf(entry({ outcome: 'no such outcome' }))).toBeNull();
    expect(answerRuleOf(entry({ outcome: 'invalid_grant: toString', grantType: 'refresh_token' }))).toBeNull();
    expect(answerRuleOf(entry({ outcome: null, response: { status: 503 } }))).toBeNull();
  });

  it('is known of every refusal of the token endpoints', async () => {
    const { bank, tenant, call } = createWorld();
    const send = (bankId: 'bs2' | 'btg', body: string, authorization?: string): Promise<Response> =>
      bank(tenant[bankId].tokenEndpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body,
      });
    for (const bankId of ['bs2', 'btg'] as const) {
      const { client } = tenant[bankId];
      const basic = `Basic ${btoa(`${client?.id ?? ''}:${client?.secret ?? ''}`)}`;
      await send(bankId, 'grant_type=refresh_token');
      await send(bankId, 'grant_type=refresh_token', 'Basic !');
      await send(bankId, 'grant_type=refresh_token', `Basic ${btoa('nobody:x')}`);
      await send(bankId, 'grant_type=refresh_token', `Basic ${btoa(`${client?.id ?? ''}:wrong`)}`);
      await send(bankId, 'grant_type=refresh_token&client_id=other', basic);
      for (const body of [
        '',
        'grant_type=implicit',
        'grant_type=a&grant_type=b',
        'grant_type=%zz',
        'grant_type=refresh_token',
        'grant_type=refresh_token&scope=saldo&refresh_token=unknown',
        'grant_type=authorization_code',
        'grant_type=authorization_code&code=unknown&redirect_uri=http://localhost:3000/callback',
        'grant_type=client_credentials&scope=not-registered',
        'grant_type=client_credentials',
      ]) {
        await send(bankId, body, basic);
      }
    }
    const { body } = await call('GET', '/_mock/tenants/default/journal');
    const items = (body as { items: readonly (Asked & { id: number })[] }).items;
    expect(items).toHaveLength(30);
    expect(items.filter((item) => answerRuleOf(item) === null).map(({ outcome }) => outcome)).toEqual([]);
  });
});
