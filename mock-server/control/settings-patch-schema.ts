import { isIP } from 'node:net';
import * as v from 'valibot';
import { byItsTypes, durationSchema, lifetimeSchema, plainText, wholeNumber } from './basic-schemas.js';
import { wireSchema } from './wire-schema.js';

const rateLimitSchema = v.union([
  v.literal('off'),
  v.strictObject({ requests: wholeNumber(1, 1_000_000), window: lifetimeSchema }),
]);

function isAddressRange(range: string): boolean {
  const [network = '', prefix, ...rest] = range.split('/');
  const version = isIP(network);
  if (version === 0 || rest.length > 0 || network.includes('%')) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

const addressRangeSchema = v.pipe(
  v.string(),
  v.maxLength(64, 'an IP address or CIDR range'),
  v.check(isAddressRange, 'an IP address or CIDR range such as 203.0.113.0/24'),
);

function isIssuer(text: string): boolean {
  if (!URL.canParse(text) || /[\s?#]/.test(text) || text.endsWith('/')) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === '';
}

const issuerSchema = v.pipe(
  v.string(),
  v.maxLength(500, 'at most 500 characters'),
  v.check(isIssuer, 'an absolute http or https URL without a trailing slash, query or fragment'),
);

const sharedEntries = {
  accessTokenLifetime: lifetimeSchema,
  refreshTokenLifetime: lifetimeSchema,
  authorizationCodeLifetime: lifetimeSchema,
  loginSessionLifetime: lifetimeSchema,
  refreshTokenRotation: v.boolean(),
  refreshTokenReuse: v.union([v.picklist(['refuse', 'revoke-grant']), v.strictObject({ grace: durationSchema })]),
  codeReplayRevokesTokens: v.boolean(),
  requireState: v.boolean(),
  unregisteredScope: v.picklist(['refuse', 'ignore']),
  httpsRedirectUris: v.boolean(),
  smsTokenLifetime: lifetimeSchema,
  secondFactorAttempts: wholeNumber(1, 100),
  secondFactorReplay: v.picklist(['refuse', 'accept']),
  wire: wireSchema,
};

const bs2Entries = {
  ...sharedEntries,
  passwordRefreshTokenLifetime: lifetimeSchema,
  rateLimit: rateLimitSchema,
  rateLimitStatus: wholeNumber(400, 599),
  clientIdentification: v.picklist(['basic', 'query', 'either']),
  requireScopeOnRefresh: v.boolean(),
  previousAccessTokenDies: v.picklist(['account', 'grant', 'never']),
  userAgentCode: v.nullable(plainText(200)),
  allowedAddresses: v.union([
    v.literal('any'),
    v.pipe(v.array(addressRangeSchema), v.maxLength(1000, 'at most 1000 addresses')),
  ]),
};

const btgEntries = {
  ...sharedEntries,
  idTokenLifetime: lifetimeSchema,
  refreshQuota: rateLimitSchema,
  secondFactor: v.picklist(['off', 'app', 'sms']),
  discovery: v.boolean(),
  issuer: v.nullable(issuerSchema),
  bodyCredentials: v.boolean(),
  companies: v.picklist(['dedicated', 'linked']),
  requireOperator: v.boolean(),
  signingKey: v.picklist(['first', 'second']),
};

const environmentSchema = v.picklist(['homologacao', 'producao']);
const journalSizeSchema = wholeNumber(1, 100_000);

/** Some of BS2's settings. */
export const bs2SettingsPatchSchema = byItsTypes(v.partial(v.strictObject(bs2Entries)));
/** Some of BTG's settings. */
export const btgSettingsPatchSchema = byItsTypes(v.partial(v.strictObject(btgEntries)));

/** A change of settings: what is absent keeps its value. */
export const settingsPatchSchema = v.strictObject({
  environment: v.optional(environmentSchema),
  journalSize: v.optional(journalSizeSchema),
  bs2: v.optional(bs2SettingsPatchSchema),
  btg: v.optional(btgSettingsPatchSchema),
});

/** All settings that are in force. */
export const settingsSchema = v.object({
  environment: environmentSchema,
  journalSize: journalSizeSchema,
  bs2: v.object(bs2Entries),
  btg: v.object(btgEntries),
});
