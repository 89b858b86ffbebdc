import { chooseCompany, chooseFactor, deny, show, submitLogin, submitSecondFactor } from '../login-flow.js';
import type { LoginEnd, LoginOutcome } from '../login-flow.js';
import type { PageFlow } from '../page-flow.js';
import { isOwnForm } from '../page-session.js';
import type { Text } from '../page.js';
import { errorPage } from './error-page.js';
import { companyPage, loginPage, scopesPage, secondFactorPage } from './pages.js';
import { btgPaths } from './profile.js';

type EndError = readonly [status: 400 | 403, error: string, description: string, text: Text];

const endErrors: Readonly<Record<LoginEnd | 'forged', EndError>> = {
  'unknown-session': [
    400,
    'invalid_request',
    'The session is unknown or has expired',
    {
      pt: 'A sessão terminou. Volte à aplicação e comece de novo.',
      en: 'The session is over. Go back to the application and start again.',
    },
  ],
  'session-over': [
    400,
    'invalid_request',
    'The session is over or consent was already given',
    {
      pt: 'A sessão terminou ou o consentimento já foi dado.',
      en: 'The session is over or consent was already given.',
    },
  ],
  'locked-user': [
    403,
    'access_denied',
    'The user is locked',
    { pt: 'Este usuário está bloqueado. Procure o banco.', en: 'This user is locked. Ask the bank.' },
  ],
  'no-company': [
    403,
    'access_denied',
    'The user is linked to no company',
    { pt: 'Este usuário não está ligado a nenhuma empresa.', en: 'This user is linked to no company.' },
  ],
  forged: [
    400,
    'invalid_request',
    'The form did not come from this page',
    {
      pt: 'O formulário não veio desta página. Volte e tente de novo.',
      en: 'The form did not come from this page. Go back and try again.',
    },
  ],
};

const nothingChosen = (step: 'scopes' | 'company'): LoginOutcome => ({ kind: 'page', step, problem: 'nothing-chosen' });

/** BTG Id's pages: login, second factor where the setting asks for one, scopes, company. */
export const btgPageFlow: PageFlow = {
  authorizationPath: btgPaths.authorization,
  authorizationMethods: ['GET', 'POST'],
  steps: {
    login: {
      path: btgPaths.login,
      endpoint: 'login',
      render: loginPage,
      take: async ({ tenant }, { session, form }) => {
        const outcome = await submitLogin(tenant, session, form.get('username'), form.get('password'));
        const { secondFactor } = tenant.settings.btg;
        if (outcome.kind !== 'page' || outcome.step !== 'second-factor' || secondFactor === 'off') return outcome;
        return chooseFactor(tenant, session, secondFactor);
      },
    },
    'second-factor': {
      path: btgPaths.secondFactor,
      endpoint: 'second-factor',
      render: secondFactorPage,
      take: ({ tenant }, { session, form }) =>
        form.get('decision') === 'deny' ? deny(tenant, session) : submitSecondFactor(tenant, session, form.get('code')),
    },
    scopes: {
      path: btgPaths.scopes,
      endpoint: 'scopes',
      render: scopesPage,
      take: ({ tenant }, { session, form }) => {
        const decision = form.get('decision');
        if (decision === 'deny') return deny(tenant, session);
        return decision === 'approve' ? show(session, 'company') : nothingChosen('scopes');
      },
    },
    company: {
      path: btgPaths.company,
      endpoint: 'company',
      render: companyPage,
      take: ({ tenant }, { session, form }) => {
        const decision = form.get('decision');
        if (decision === 'deny') return deny(tenant, session);
        if (decision !== 'approve') return nothingChosen('company');
        return chooseCompany(tenant, session, form.get('company'));
      },
    },
  },
  isOwnForm,
  renderEnd: (exchange, why) => errorPage(exchange, ...endErrors[why]),
};
