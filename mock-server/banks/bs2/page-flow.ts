import { chooseFactor, deny, submitLogin, submitSecondFactor } from '../login-flow.js';
import type { LoginEnd } from '../login-flow.js';
import type { PageFlow } from '../page-flow.js';
import { isOwnForm } from '../page-session.js';
import type { GatewayErrorCode } from './gateway-answers.js';
import { consentPage, gatewayErrorPage, loginPage, secondFactorPage } from './pages.js';
import { bs2Paths } from './profile.js';

type EndError = readonly [status: 400 | 403, errorCode: GatewayErrorCode, error: string, description: string];

const endErrors: Readonly<Record<LoginEnd | 'forged', EndError>> = {
  'unknown-session': [400, '3001110', 'invalid_request', 'The session is unknown or has expired'],
  'session-over': [
    400,
    '3002110',
    'invalid_request',
    'The session has expired or already been granted. The login process has to be successful',
  ],
  'locked-user': [403, '3001202', 'access_denied', 'The user is locked'],
  'no-company': [403, '3002124', 'access_denied', 'The user has no account'],
  forged: [400, '3001103', 'invalid_request', 'Missing or duplicate parameters'],
};

/** BS2's pages: login, consent with the choice of a token, the token (devs.bs2.com/docs/consent). */
export const bs2PageFlow: PageFlow = {
  authorizationPath: bs2Paths.authorization,
  authorizationMethods: ['GET'],
  steps: {
    login: {
      path: bs2Paths.login,
      endpoint: 'login',
      render: loginPage,
      take: ({ tenant }, { session, form }) => submitLogin(tenant, session, form.get('username'), form.get('password')),
    },
    consent: {
      path: bs2Paths.consent,
      endpoint: 'consent',
      render: consentPage,
      reachableFrom: ['second-factor'],
      take: ({ tenant }, { session, form }) => {
        const decision = form.get('decision');
        const factor = form.get('factor');
        if (decision === 'deny') return deny(tenant, session);
        if (decision !== 'approve' || (factor !== 'app' && factor !== 'sms')) {
          return { kind: 'page', step: 'consent', problem: 'nothing-chosen' };
        }
        return chooseFactor(tenant, session, factor);
      },
    },
    'second-factor': {
      path: bs2Paths.secondFactor,
      endpoint: 'second-factor',
      render: secondFactorPage,
      take: ({ tenant }, { session, form }) =>
        form.get('decision') === 'deny' ? deny(tenant, session) : submitSecondFactor(tenant, session, form.get('code')),
    },
  },
  isOwnForm,
  renderEnd: (exchange, why) => gatewayErrorPage(exchange, ...endErrors[why]),
};
