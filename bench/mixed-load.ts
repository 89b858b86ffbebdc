/**
 * Mixed load on one mock in the process: consents, refreshes, bearer calls, jumps of the clock, tenants that come and go.
 * Exits 1 on an answer that the load did not ask for, or where memory grows in the second half.
 *
 *     npx tsx bench/mixed-load.ts --seconds 600
 *     npx tsx bench/mixed-load.ts --seconds 20        # what CI runs
 */
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { startMockServer } from '../mock-server/index.js';
import { usedHeap } from '../mock-server/testing/used-heap.js';
import { MixedCustomer } from './mixed-customer.js';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } });
const seconds = v.parse(v.pipe(v.number(), v.integer(), v.minValue(10)), Number(values.seconds));
const atOnce = 16;
const stepsOfTenant = 60;
/** What a second half may hold more than the first: garbage of the moment, and the journal's entries of another size. */
const allowedGrowth = 1.1;
const allowedMegabytes = 3;

const mock = await startMockServer({ listen: false, controlToken: null });
const done = { consents: 0, refreshes: 0, calls: 0, jumps: 0, tenants: 0 };
const startedAt = performance.now();
const elapsed = (): number => (performance.now() - startedAt) / 1000;

/** A tenant that is made, used by one customer at each bank, jumped a month ahead now and then, and deleted. */
async function live(number: number): Promise<void> {
  // The first one's life is cut short for most, so that later not all are young or old at once.
  for (let steps = (stepsOfTenant * (number + 1)) / atOnce; elapsed() < seconds; steps = stepsOfTenant) {
    const tenant = await mock.createTenant();
    done.tenants += 1;
    const customers = (['bs2', 'btg'] as const).map(
      (bank) => new MixedCustomer(bank, tenant, (request) => mock.fetch(request)),
    );
    for (const customer of customers) await customer.consent();
    done.consents += 2;
    for (let step = 0; step < steps && elapsed() < seconds; step += 1) {
      for (const customer of customers) {
        await customer.refresh();
        await customer.call();
      }
      done.refreshes += 2;
      done.calls += 2;
      if ((step + number) % 20 === 19) {
        // Longer than any token lives, and than what is dead is remembered.
        await tenant.clock.advance('P45D');
        done.jumps += 1;
        for (const customer of customers) {
          await customer.findExpired();
          await customer.consent();
        }
        done.consents += 2;
      }
    }
    await tenant.delete();
  }
}

const heap: { atSeconds: number; megabytes: number }[] = [];
async function watch(): Promise<void> {
  const everyMs = (seconds / 20) * 1000;
  while (elapsed() < seconds) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    heap.push({ atSeconds: Math.round(elapsed()), megabytes: usedHeap() / 1e6 });
  }
}

await Promise.all([watch(), ...Array.from({ length: atOnce }, (_, number) => live(number))]);
await mock.close();

const median = (samples: readonly number[]): number =>
  samples.toSorted((first, second) => first - second)[Math.floor(samples.length / 2)] ?? Number.NaN;
const megabytes = heap.map((each) => each.megabytes);
// The first quarter fills the journals and warms the code.
const [early, late] = [megabytes.slice(5, 12), megabytes.slice(13)].map(median);
const grows = !((late ?? Number.NaN) <= (early ?? Number.NaN) * allowedGrowth + allowedMegabytes);
process.stdout.write(
  `${String(seconds)} s: ${Object.entries(done)
    .map(([name, count]) => `${String(count)} ${name}`)
    .join(
      ', ',
    )}; heap ${(early ?? Number.NaN).toFixed(1)} MB, then ${(late ?? Number.NaN).toFixed(1)} MB${grows ? ': it GROWS' : ''}\n`,
);
process.exitCode = grows ? 1 : 0;
