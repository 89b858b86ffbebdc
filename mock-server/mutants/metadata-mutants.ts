import * as v from 'valibot';
import type { Btg } from '../banks/btg/bank.js';
import { asPlainText } from './answer-changes.js';
import { withFinish } from './bank-patches.js';
import { btgMutant } from './define-mutants.js';
import type { Mutant } from './mutant.js';

const documentSchema = v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.unknown()));

/** Changes the members of the metadata, where the bank publishes them. */
function withMetadata(bank: Btg, change: (members: Readonly<Record<string, unknown>>) => Record<string, unknown>): Btg {
  return withFinish(bank, (answer, endpoint) =>
    endpoint === 'discovery' && answer.status === 200
      ? { ...answer, body: JSON.stringify(change(v.parse(documentSchema, answer.body))) }
      : answer,
  );
}

function without(members: Readonly<Record<string, unknown>>, unwanted: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== unwanted));
}

/** Metadata that do not say what they should; they show only where the bank publishes any. */
export const metadataMutants: readonly Mutant[] = [
  btgMutant({
    name: 'metadata-without-keys',
    description: 'The metadata have no jwks_uri.',
    breaks: ['OIDCD-3-a'],
    patch: (bank) => withMetadata(bank, (members) => without(members, 'jwks_uri')),
  }),
  btgMutant({
    name: 'metadata-as-text',
    description: 'The metadata come as plain text.',
    breaks: ['OIDCD-4.2-a'],
    patch: (bank) =>
      withFinish(bank, (answer, endpoint) =>
        endpoint === 'discovery' && answer.status === 200 ? asPlainText(answer, answer.body) : answer,
      ),
  }),
  btgMutant({
    name: 'metadata-silent-on-iss',
    description: 'The metadata do not say that iss comes with the redirect.',
    breaks: ['RFC9207-2.3-a'],
    patch: (bank) =>
      withMetadata(bank, (members) => without(members, 'authorization_response_iss_parameter_supported')),
  }),
];
