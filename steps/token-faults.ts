import { randomValue } from '../client/authorization-request.js';
import type { HeldCode, HeldTokens } from './client-driver.js';
import type { RawRequest } from './raw-token-request.js';
import type { BankUnderTest } from './target.js';

/** What a token request is made of, before something about it is changed. */
export interface RightRequest {
  readonly bank: BankUnderTest;
  /** The client's Basic value. */
  readonly basic: string;
  readonly code: HeldCode | null;
  readonly tokens: HeldTokens | null;
}

type Parameters = Readonly<Record<string, string>>;
type Fault = (right: RightRequest) => RawRequest;

function exchangeParameters({ code }: RightRequest): Parameters {
  const { codeVerifier } = code ?? { codeVerifier: null };
  return {
    grant_type: 'authorization_code',
    code: code?.code ?? '',
    redirect_uri: code?.redirectUri ?? '',
    ...(codeVerifier === null ? {} : { code_verifier: codeVerifier }),
  };
}

function refreshParameters({ bank, tokens }: RightRequest): Parameters {
  return {
    grant_type: 'refresh_token',
    refresh_token: tokens?.refreshToken ?? '',
    ...(bank.profile.sendsScopeOnRefresh ? { scope: tokens?.scope ?? '' } : {}),
  };
}

/** The request with members replaced; null leaves one out. */
function changed(
  of: (right: RightRequest) => Parameters,
  changes: (right: RightRequest) => Readonly<Record<string, string | null>>,
): Fault {
  return (right) => {
    const kept = Object.entries({ ...of(right), ...changes(right) });
    return {
      parameters: kept.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
      authorization: right.basic,
    };
  };
}

const inCode = (changes: (right: RightRequest) => Readonly<Record<string, string | null>>): Fault =>
  changed(exchangeParameters, changes);
const inRefresh = (changes: (right: RightRequest) => Readonly<Record<string, string | null>>): Fault =>
  changed(refreshParameters, changes);

const lowerCaseScheme: Fault = (right) => ({
  ...inCode(() => ({}))(right),
  authorization: right.basic.replace(/^Basic/, 'basic'),
});

/** What a client can do otherwise when it redeems a code, in the words of the features. */
export const codeFaults: Readonly<Record<string, Fault>> = {
  'without the code itself': inCode(() => ({ code: null })),
  'with an empty code': inCode(() => ({ code: '' })),
  'without a grant type': inCode(() => ({ grant_type: null })),
  'by an unknown grant type': inCode(() => ({ grant_type: 'urn:example:unknown' })),
  'by the grant type password': inCode(({ bank }) => ({
    grant_type: 'password',
    username: bank.user.username,
    password: 'errada',
  })),
  'with a code that the bank never gave': inCode(() => ({ code: randomValue() })),
  'with a parameter that the bank does not know': inCode(() => ({ unknown_parameter: '1' })),
  'with the code sent twice': (right) => {
    const { parameters, authorization } = inCode(() => ({}))(right);
    return { parameters: [...parameters, ['code', right.code?.code ?? '']], authorization };
  },
  'with no credentials': (right) => ({ ...inCode(() => ({}))(right), authorization: null }),
  'with its id and no secret': (right) => ({
    ...inCode(({ bank }) => ({ client_id: bank.client.id }))(right),
    authorization: null,
  }),
  'with the scheme in lower case': lowerCaseScheme,
  'with its credentials in the body': (right) => {
    const { id, secret } = right.bank.client;
    return { ...inCode(() => ({ client_id: id, client_secret: secret }))(right), authorization: null };
  },
  'as JSON': (right) => ({ ...inCode(() => ({}))(right), encoding: 'json' }),
};

/** What a client can do otherwise when it refreshes, in the words of the features. */
export const refreshFaults: Readonly<Record<string, Fault>> = {
  'without the refresh token itself': inRefresh(() => ({ refresh_token: null })),
  'with a refresh token that the bank never gave': inRefresh(() => ({ refresh_token: randomValue() })),
  'with the access token in its place': inRefresh(({ tokens }) => ({ refresh_token: tokens?.accessToken ?? '' })),
  'with the spent code in its place': inRefresh(({ code }) => ({ refresh_token: code?.code ?? '' })),
  'with no credentials': (right) => ({ ...inRefresh(() => ({}))(right), authorization: null }),
  'with its id and no secret': (right) => ({
    ...inRefresh(({ bank }) => ({ client_id: bank.client.id }))(right),
    authorization: null,
  }),
  'for a scope of nobody': inRefresh(() => ({ scope: 'scope-of-nobody' })),
  'with the refresh token sent twice': (right) => {
    const { parameters, authorization } = inRefresh(() => ({}))(right);
    return { parameters: [...parameters, ['refresh_token', right.tokens?.refreshToken ?? '']], authorization };
  },
};
