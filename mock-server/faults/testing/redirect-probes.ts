import type { BankVisit } from '../../mutants/testing/bank-visit.js';
import type { AlterationProbe, AlterationProbes } from './alteration-probe.js';

/** What a state must survive untouched: it comes back encoded as it was sent. */
export const sentState = 'estado +/%20"<ç>&=z';
const alteredState = 'estado +/%20"<ç>&=T';

/** A redirect: where to, and each parameter as it is written; of a code only whether it works and how long it is. */
interface Redirect {
  readonly to: string;
  readonly parameters: readonly string[];
}

async function look(visit: BankVisit, decision: 'approve' | 'deny'): Promise<Redirect> {
  const location = (await visit.consent({ state: sentState }, { decision }))?.href ?? '';
  const [to = '', query = ''] = location.split('?');
  const parameters: string[] = [];
  for (const pair of query.split('&')) {
    const code = pair.startsWith('code=') ? decodeURIComponent(pair.slice('code='.length)) : null;
    if (code === null) {
      parameters.push(pair);
      continue;
    }
    const { status } = await visit.redeem(code);
    parameters.push(`code=«${status === 200 ? 'works' : 'does not work'}, ${String(code.length)} characters»`);
  }
  return { to, parameters };
}

type Change = (parameters: readonly string[], visit: BankVisit) => readonly string[];

function redirect(decision: 'approve' | 'deny', change: Change): AlterationProbe {
  return async (visit, alter) => {
    const honest = await look(visit, decision);
    await alter();
    const altered = await look(visit, decision);
    const expected = { ...honest, parameters: change(honest.parameters, visit) };
    return { honest, expected, altered, next: await look(visit, decision) };
  };
}

/** Sees it where the user consents, and where the user denies. */
function anyRedirect(change: Change): readonly AlterationProbe[] {
  return [redirect('approve', change), redirect('deny', change)];
}

function replaced(name: string, value: (visit: BankVisit) => string | null): Change {
  return (parameters, visit) =>
    parameters.flatMap((pair) => {
      if (!pair.startsWith(`${name}=`)) return [pair];
      const other = value(visit);
      return other === null ? [] : [`${name}=${encodeURIComponent(other)}`];
    });
}

/** An error in the place of what the bank says first. */
function error(code: string, description: string, keepsState = true): Change {
  return (parameters) => [
    `error=${code}`,
    `error_description=${encodeURIComponent(description)}`,
    ...parameters.filter((pair) => /^iss=/.test(pair) || (keepsState && /^state=/.test(pair))),
  ];
}

const denied = 'The resource owner denied the request';

export const redirectProbes: AlterationProbes = {
  'authorization-response.state-altered': anyRedirect(replaced('state', () => alteredState)),
  'authorization-response.state-missing': anyRedirect(replaced('state', () => null)),
  'authorization-response.duplicate-code': [
    redirect('approve', ([code = '', ...rest]) => [code, code.replace('works', 'does not work'), ...rest]),
  ],
  'authorization-response.unknown-parameters': anyRedirect((parameters) => [
    ...parameters,
    'session_state=f9e8d7.c6b5',
    'x_canal=conex%C3%A3o%20%26%20teste',
  ]),
  'authorization-response.long-code': [
    redirect('approve', ([, ...rest]) => ['code=«works, 1200 characters»', ...rest]),
  ],
  'authorization-response.iss-added': anyRedirect((parameters, { tenant }) => [
    ...parameters,
    `iss=${encodeURIComponent(tenant.bs2.baseUrl)}`,
  ]),
  'authorization-response.iss-wrong': anyRedirect(replaced('iss', () => 'https://emissor.exemplo.invalid')),
  'authorization-response.iss-missing': anyRedirect(replaced('iss', () => null)),
  'authorization-response.iss-trailing-slash': anyRedirect(replaced('iss', ({ tenant }) => `${tenant.btg.issuer}/`)),
  'authorization-response.iss-other-bank': anyRedirect(replaced('iss', ({ tenant }) => tenant.bs2.baseUrl)),
  'authorization-response.denied': [redirect('approve', error('access_denied', denied))],
  'authorization-response.error-unknown': anyRedirect(
    error('unexpected_condition', 'Something that no specification names'),
  ),
  'authorization-response.error-without-state': anyRedirect(error('access_denied', denied, false)),
  'authorization-response.error-description-markup': anyRedirect(
    error('access_denied', '<b id=homologaMarkup>recusado</b><script>homologaMarkup()</script>'),
  ),
};
