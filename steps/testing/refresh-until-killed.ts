import { setTimeout as wait } from 'node:timers/promises';
import { createFileTarget } from '../file-target.js';

// `tsx refresh-until-killed.ts TARGET`: a run that does nothing but refresh its kept tokens, until somebody kills it. The
// stand-in's access tokens are so short-lived that each scenario makes a refresh.
const target = await createFileTarget(process.argv[2] ?? '');
const [name] = target.banks;
if (name === undefined) throw new Error('The target has no bank.');
const bank = await target.open(name, (transport) => transport);
await target.grants?.begin(bank);
process.stdout.write('refreshing\n');
for (;;) {
  await target.grants?.take(bank, { share: 'kept', by: 'refresh-until-killed' });
  // Some kills fall between two refreshes.
  await wait(50);
}
