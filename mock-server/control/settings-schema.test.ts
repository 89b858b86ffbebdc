import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configFileJsonSchema } from './config-json-schema.js';
import { parseConfigFile } from './settings-schema.js';
import { containing, createWorld, tenantPath } from './test-world.js';

const path = `${tenantPath}/settings`;

describe('settings', () => {
  it('are shown whole, patched and merged', async () => {
    const { call } = createWorld();
    const before = await call('GET', path);
    expect(before.body).toMatchObject({
      environment: 'homologacao',
      journalSize: 500,
      bs2: {
        accessTokenLifetime: 'PT7M',
        refreshTokenLifetime: 'P30D',
        rateLimit: { requests: 10, window: 'PT1M' },
        clientIdentification: 'either',
      },
      btg: {
        accessTokenLifetime: 'PT24H',
        refreshTokenRotation: true,
        refreshQuota: 'off',
        secondFactor: 'off',
        discovery: false,
      },
    });
    await call('PATCH', path, { bs2: { requireState: true } });
    const after = await call('PATCH', path, {
      journalSize: 7,
      bs2: { rateLimit: 'off', refreshTokenReuse: { grace: 'PT10S' } },
    });
    expect(after.status).toBe(200);
    expect(after.body).toMatchObject({
      journalSize: 7,
      bs2: { requireState: true, rateLimit: 'off', refreshTokenReuse: { grace: 'PT10S' }, accessTokenLifetime: 'PT7M' },
    });
    expect((await call('PATCH', path, { environment: 'producao' })).body).toMatchObject({
      bs2: { requireState: true, rateLimit: 'off' },
    });
    expect((await call('PATCH', path, '')).status).toBe(200);
  });

  it.each([
    [{ bs2: { accessTokenLifetime: '7 minutes' } }, 'bs2.accessTokenLifetime', 'ISO 8601'],
    [{ bs2: { accessTokenLifetime: 'PT0S' } }, 'bs2.accessTokenLifetime', 'longer than zero'],
    [{ bs2: { refreshTokenLifetime: 'P1M' } }, 'bs2.refreshTokenLifetime', 'no months'],
    [{ bs2: { refreshTokenLifetime: 'P400000D' } }, 'bs2.refreshTokenLifetime', 'thousand years'],
    [{ bs2: { rateLimit: { requests: 10, window: '1m' } } }, 'bs2.rateLimit.window', 'ISO 8601'],
    [{ bs2: { rateLimit: { requests: 1_000_001, window: 'PT1M' } } }, 'bs2.rateLimit.requests', 'whole number'],
    [{ bs2: { rateLimit: { requests: 1.5, window: 'PT1M' } } }, 'bs2.rateLimit.requests', 'whole number'],
    [{ bs2: { rateLimit: { requests: 1 } } }, 'bs2.rateLimit.window', 'required'],
    [{ bs2: { rateLimit: 'on' } }, 'bs2.rateLimit', '"off" or an object'],
    [{ bs2: { rateLimit: null } }, 'bs2.rateLimit', '"off" or an object'],
    [{ bs2: { refreshTokenReuse: { grace: 10 } } }, 'bs2.refreshTokenReuse.grace', 'string'],
    [{ bs2: { secondFactorAttempts: 0 } }, 'bs2.secondFactorAttempts', '1 to 100'],
    [{ bs2: { rateLimitStatus: 200 } }, 'bs2.rateLimitStatus', '400 to 599'],
    [{ bs2: { allowedAddresses: ['10.0.0.0/33'] } }, 'bs2.allowedAddresses[0]', 'CIDR'],
    [{ bs2: { allowedAddresses: ['10.0.0.0/8', 'host.example'] } }, 'bs2.allowedAddresses[1]', 'CIDR'],
    [{ bs2: { idTokenLifetime: 'PT1H' } }, 'bs2.idTokenLifetime', 'no member'],
    [{ btg: { issuer: 'https://id.example/' } }, 'btg.issuer', 'trailing slash'],
    [{ btg: { issuer: 'https://id.example?x=1' } }, 'btg.issuer', 'query'],
    [{ btg: { issuer: 'ftp://id.example' } }, 'btg.issuer', 'http'],
    [{ btg: { discovery: 'yes' } }, 'btg.discovery', 'true or false'],
    [{ btg: { secondFactor: 'push' } }, 'btg.secondFactor', '"off", "app" or "sms"'],
    [{ journalSize: 0 }, 'journalSize', '1 to 100000'],
    [{ environment: 'production' }, 'environment', '"homologacao" or "producao"'],
    [{ environmnet: 'producao' }, 'environmnet', 'no member'],
    [{ bs2: 7 }, 'bs2', 'an object'],
  ])('refuse %j at %s', async (patch, member, expected) => {
    const { call } = createWorld();
    const before = await call('GET', path);
    const got = await call('PATCH', path, patch);
    expect([got.status, got.body]).toMatchObject([
      400,
      {
        code: 'ERR_INVALID_REQUEST',
        errors: [{ path: member, expected: containing(expected) }],
        detail: containing(`${member}: expected`),
      },
    ]);
    expect((await call('GET', path)).text).toBe(before.text);
  });

  it('take what the banks take', async () => {
    const { call } = createWorld();
    const patch = {
      bs2: { allowedAddresses: ['203.0.113.7', '2001:db8::/32', '10.0.0.0/8'], userAgentCode: 'CODE-1' },
      btg: { issuer: 'https://id.example/base', refreshQuota: { requests: 1, window: 'PT1H' } },
    };
    expect((await call('PATCH', path, patch)).body).toMatchObject(patch);
    expect(
      (await call('PATCH', path, { bs2: { userAgentCode: null, allowedAddresses: 'any' }, btg: { issuer: null } }))
        .status,
    ).toBe(200);
  });
});

describe('a configuration file', () => {
  it('becomes tenants to create', () => {
    const text = `
settings: { bs2: { accessTokenLifetime: PT5M } }
clients:
  - { bank: bs2, id: key, secret: shh, redirectUris: ['https://a.example/cb'], scope: saldo }
  - { bank: btg, redirectUris: [], scope: openid, type: public }
tenants:
  - { id: other, randomSeed: s, users: [{ username: maria, password: p }] }
`;
    const configuration = parseConfigFile(parse(text));
    expect(configuration).toMatchObject({
      default: {
        id: 'default',
        settings: { bs2: { accessTokenLifetime: 'PT5M' } },
        clients: [
          { bank: 'bs2', id: 'key', secret: 'shh', registeredScope: ['saldo'], loopbackPaths: [], provisioned: true },
          { bank: 'btg', secret: null, type: 'public' },
        ],
        users: undefined,
      },
      tenants: [{ id: 'other', randomSeed: 's', users: [{ username: 'maria', role: 'operador' }] }],
    });
    expect(parseConfigFile({})).toMatchObject({ tenants: [] });
  });

  it.each([
    [
      { settings: { bs2: { accessTokenLifetime: '7 minutes' } } },
      'settings.bs2.accessTokenLifetime: expected an ISO 8601 duration such as PT7M or P30D (no months or years), got "7 minutes"',
    ],
    [{ setings: {} }, 'setings: expected no member of this name, got "setings"'],
    [
      { clients: [{ bank: 'bs2', redirectUris: [], scope: 's', secret: 'two words' }] },
      'clients[0].secret: expected 1 to 500 visible ASCII characters, got a value that is not repeated here',
    ],
    [{ tenants: [{}] }, 'tenants[0].id: expected this member, which is required, got nothing'],
    [{ tenants: [{ id: 'default' }] }, 'tenants[0].id: expected an id that no other tenant has, got "default"'],
    [
      {
        tenants: [
          {
            id: 'a',
            users: [
              { username: 'u', password: 'p' },
              { username: 'u', password: 'p' },
            ],
          },
        ],
      },
      'tenants[0].users[1].username: expected a value that no other of the list has',
    ],
    ['settings', 'the document: expected an object, got "settings"'],
  ])('%j: %s', (value, message) => {
    expect(() => parseConfigFile(value, 'homologa.yaml')).toThrow(message);
    expect(() => parseConfigFile(value, 'homologa.yaml')).toThrow(/^The configuration homologa\.yaml is not valid:/);
    expect(() => parseConfigFile(value)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONFIGURATION' }));
  });

  it('has a JSON Schema in step with what is read', async () => {
    const committed = await readFile(new URL('../../schemas/homologa.config.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed), 'schemas/ is out of step; run: npm run schemas').toEqual(configFileJsonSchema());
    expect(committed).toContain('inferred: ');
  });
});
