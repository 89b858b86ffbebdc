import { stringify } from 'yaml';
import type { HttpTransport } from '../client/http-transport.js';
import { createMockTarget } from '../steps/mock-target.js';
import { runScenarios } from '../steps/run-scenarios.js';
import type { BankUnderTest, Target } from '../steps/target.js';

interface Needs {
  approvals: number;
  denials: number;
  typesIntoPages: boolean;
  seesRedirect: boolean;
}

const head = `# What each bank scenario asks of the user of a target, counted on the mock by "npm run consent-needs". Rows of an outline
# share the most that one of them asks; a scenario that is not here asks for nothing.
`;

/** Plays every bank scenario on a mock, and gives the text of `features/consent-needs.yaml`. */
export async function countConsentNeeds(): Promise<string> {
  const mock = await createMockTarget();
  let now: Needs = nothing();
  let walking = 0;
  const counting: Target = {
    ...mock,
    open: async (bank, observe) => {
      const opened = await mock.open(bank, (transport) => watched(observe(transport)));
      const consent: BankUnderTest['consent'] = async (input) => {
        now[input.decision === 'approve' ? 'approvals' : 'denials'] += 1;
        walking += 1;
        return opened.consent(input).finally(() => {
          walking -= 1;
        });
      };
      const counted = { ...opened, consent };
      // Not enumerable: a step that copies the bank has not looked at it.
      return Object.defineProperty(counted, 'seesRedirect', {
        enumerable: false,
        get: () => {
          now.seesRedirect = true;
          return opened.seesRedirect;
        },
      });
    },
  };
  function watched(transport: HttpTransport): HttpTransport {
    return async (request) => {
      const type = request.headers.get('content-type') ?? '';
      const isProtocol = /\/oauth2?(?:\/v2)?\/(?:token|revoke|authorize)$/.test(new URL(request.url).pathname);
      if (walking === 0 && request.method === 'POST' && !isProtocol && type.includes('form')) now.typesIntoPages = true;
      return transport(request);
    };
  }
  const table = new Map<string, Needs>();
  try {
    const run = { bank: null, tags: null, target: counting, targetName: 'mock', parallel: 0, strict: false };
    await runScenarios({
      ...run,
      folder: null,
      exchanges: false,
      onCheck: ({ id }) => {
        const scenario = id.replace(/#.*$/, '');
        const { approvals, denials, typesIntoPages, seesRedirect } = table.get(scenario) ?? nothing();
        table.set(scenario, {
          approvals: Math.max(approvals, now.approvals),
          denials: Math.max(denials, now.denials),
          typesIntoPages: typesIntoPages || now.typesIntoPages,
          seesRedirect: seesRedirect || now.seesRedirect,
        });
        now = nothing();
      },
    });
  } finally {
    await mock.close();
  }
  const asked = [...table].sort(([one], [other]) => (one < other ? -1 : 1)).map(([id, needs]) => [id, told(needs)]);
  return `${head}${stringify(Object.fromEntries(asked.filter(([, needs]) => Object.keys(needs ?? {}).length > 0)))}`;
}

function nothing(): Needs {
  return { approvals: 0, denials: 0, typesIntoPages: false, seesRedirect: false };
}

/** Without what is not asked. */
function told({ approvals, denials, typesIntoPages, seesRedirect }: Needs): Partial<Needs> {
  return {
    ...(approvals === 0 ? {} : { approvals }),
    ...(denials === 0 ? {} : { denials }),
    ...(typesIntoPages ? { typesIntoPages } : {}),
    ...(seesRedirect ? { seesRedirect } : {}),
  };
}
