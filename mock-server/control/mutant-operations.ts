import type * as v from 'valibot';
import { bankMutants, findMutant, nearestMutantIds } from '../mutants/catalogue.js';
import type { Mutant } from '../mutants/catalogue.js';
import { itemsOf } from './basic-schemas.js';
import type { MemberProblem } from './member-problem.js';
import { mutantIdsSchema, mutantSchema } from './mutant-schema.js';
import { operation, tenantOf } from './operation.js';
import type { Operation } from './operation.js';
import { ControlProblem } from './problem.js';

const path = '/_mock/tenants/{tenant}/mutants';

/** Banks with standing bugs. */
export const mutantOperations: readonly Operation[] = [
  operation(
    {
      id: 'listMutantCatalogue',
      method: 'GET',
      path: '/_mock/mutants',
      summary: 'Every mutant that a bank can be, with the requirements that it breaks',
      status: 200,
      response: itemsOf(mutantSchema),
    },
    () => ({ items: bankMutants.map(listedMutant) }),
  ),
  operation(
    {
      id: 'listMutants',
      method: 'GET',
      path,
      summary: 'The mutants that stand',
      status: 200,
      response: itemsOf(mutantSchema),
    },
    (call) => ({ items: tenantOf(call).mutants.list().map(listedMutant) }),
  ),
  operation(
    {
      id: 'setMutants',
      method: 'PUT',
      path,
      summary: 'Makes the banks of this tenant those mutants, in place of what stood; an empty list makes them honest',
      request: mutantIdsSchema,
      status: 200,
      response: itemsOf(mutantSchema),
    },
    (call) => {
      const { mutants } = tenantOf(call);
      mutants.replace(call.body.map(knownMutant));
      return { items: mutants.list().map(listedMutant) };
    },
  ),
];

/** @throws ControlProblem that names the ids which are most like it */
function knownMutant(id: string, index: number): Mutant {
  const mutant = findMutant(id);
  if (mutant !== undefined) return mutant;
  const nearest = nearestMutantIds(id);
  const problem: MemberProblem = {
    path: `[${String(index)}]`,
    expected: `an id of GET /_mock/mutants such as ${nearest.join(', ')}`,
    received: JSON.stringify(id),
  };
  const detail = `There is no mutant ${JSON.stringify(id)}; the nearest are ${nearest.join(', ')}.`;
  throw new ControlProblem(400, 'ERR_UNKNOWN_MUTANT', detail, { errors: [problem] });
}

function listedMutant({ id, bank, description, breaks }: Mutant): v.InferOutput<typeof mutantSchema> {
  return { id, bank, description, breaks };
}
