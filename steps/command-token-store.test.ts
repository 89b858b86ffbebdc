import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createCommandTokenStore } from './command-token-store.js';

// What the recipes of examples/ do right is tested there (scripts/token-store-recipes.test.ts).
const storeOf = (script: string) =>
  createCommandTokenStore(`node -e '${script.replaceAll("'", `'\\''`)}' --`, tmpdir());

describe('a command that does not do its part', () => {
  it.each([
    ['ends with another code', 'process.exit(3)', /ended with exit code 3/],
    ['says nothing', '', /wrote no \{version, value\}/],
    ['says something else', "console.log(['se', 'gredo'].join(''))", /wrote no \{version, value\}/],
    ['hands on what homologa never saved', `console.log('{"version":1,"value":{"se' + 'gredo":1}}')`, /wrote no/],
    ['kills itself', "process.kill(process.pid, 'SIGKILL')", /was killed, or did not end|exit code 137/],
  ])('is named when it %s, and nothing that it printed is', async (_what, script, problem) => {
    const loading = storeOf(script).load('uma chave');
    await expect(loading).rejects.toMatchObject({
      code: 'ERR_TOKEN_STORE_COMMAND',
      message: expect.stringMatching(problem) as string,
    });
    await expect(loading).rejects.not.toMatchObject({ message: expect.stringContaining('segredo') as string });
  });

  it('is named where there is no such command', async () => {
    const loading = createCommandTokenStore('comando-que-nao-existe', tmpdir()).load('uma chave');
    await expect(loading).rejects.toMatchObject({ code: 'ERR_TOKEN_STORE_COMMAND' });
  });

  it('is told apart from one that saw another version', async () => {
    const script =
      'process.argv.at(-1) === \'save\' ? process.exit(75) : console.log(\'{"version":null,"value":null}\')';
    const value = {
      schema: 1,
      grantId: 'g',
      status: 'active',
      reason: null,
      tokens: tokens(),
      refreshTokenIssuedAt: 0,
      refreshing: null,
      failure: null,
    } as const;
    await expect(storeOf(script).save('uma chave', value, null)).rejects.toMatchObject({
      code: 'ERR_TOKEN_STORE_CONFLICT',
    });
  });
});

const tokens = () => ({
  accessToken: 'a',
  accessTokenExpiresAt: null,
  expiresInSeconds: null,
  refreshToken: 'r',
  scope: null,
  idToken: null,
  idTokenClaims: null,
  requestedAt: 0,
});
