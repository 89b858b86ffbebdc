import { describe, expect, it } from 'vitest';
import { ConsentWalkError } from '../../client/user-agent/consent-walk-error.js';
import type { ConsentWalkErrorCode } from '../../client/user-agent/consent-walk-error.js';
import { createMockTarget } from '../mock-target.js';
import type { ConsentInput } from '../target.js';
import { guardAccount } from './account-guard.js';

const page = { status: 200, url: '', headers: new Headers(), title: '', text: '', alert: '', forms: [], html: '' };

/** Lets a guarded user log in as often as there are ends, and says how each ended. */
async function logIns(...ends: readonly (ConsentWalkErrorCode | null)[]): Promise<string[]> {
  const target = await createMockTarget();
  const bank = await target.open('bs2', (transport) => transport);
  const left = [...ends];
  const way = guardAccount({
    consent: async () => {
      const code = left.shift() ?? null;
      if (code !== null) throw new ConsentWalkError(code, 'It ended.', page);
      return 'https://client.example/callback?code=c';
    },
    close: async () => undefined,
  });
  const { client, user } = bank;
  const input: ConsentInput = { authorizationUrl: '', client, user, decision: 'approve', identification: 'query' };
  const told: string[] = [];
  for (const _ of ends) {
    const end = await way.consent({ ...bank, observe: (transport) => transport }, input).then(
      () => 'came back',
      (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'no code'),
    );
    told.push(end);
  }
  await bank.close();
  await target.close();
  return told;
}

describe('the account of a bank that others use', () => {
  it('sees no second login where the first was refused, or led nowhere', async () => {
    expect(await logIns('ERR_LOGIN_REFUSED')).toEqual(['ERR_RUN_STOPPED']);
    expect(await logIns('ERR_LOGIN_LED_NOWHERE')).toEqual(['ERR_RUN_STOPPED']);
  });

  it('may see one login lead nowhere after others came through, and no two in a row', async () => {
    expect(await logIns(null, 'ERR_LOGIN_LED_NOWHERE', null, 'ERR_LOGIN_LED_NOWHERE', 'ERR_LOGIN_LED_NOWHERE')).toEqual(
      ['came back', 'ERR_LOGIN_LED_NOWHERE', 'came back', 'ERR_LOGIN_LED_NOWHERE', 'ERR_RUN_STOPPED'],
    );
  });

  it('is not in danger where the bank refuses for another reason', async () => {
    expect(await logIns('ERR_COMPANY_NOT_OFFERED', 'ERR_COMPANY_NOT_OFFERED')).toEqual([
      'ERR_COMPANY_NOT_OFFERED',
      'ERR_COMPANY_NOT_OFFERED',
    ]);
  });
});
