import type { Alteration } from '../alteration.js';
import type { AlterationProbe, AlterationProbes } from './alteration-probe.js';
import { redirectProbes } from './redirect-probes.js';
import { resourceProbes } from './resource-probes.js';
import { idTokenProbes, tokenErrorProbes, tokenResponseProbes } from './token-probes.js';

const probes: AlterationProbes = {
  ...redirectProbes,
  ...tokenResponseProbes,
  ...tokenErrorProbes,
  ...idTokenProbes,
  ...resourceProbes,
};

/** The names that have a probe. */
export const probedNames: readonly string[] = Object.keys(probes);

/** The probes of an alteration; none where nobody wrote one. */
export function probesOf({ id, bank }: Alteration): readonly AlterationProbe[] {
  return probes[id.slice(bank.length + 1)] ?? [];
}
