import type { HttpTransport } from '../../client/index.js';
import type { Random } from '../../scripts/seeded-random.js';
import type { VirtualTime } from './virtual-time.js';

/** How often what goes wrong with a token request: parts of one. */
export interface FaultRates {
  /** The bank did it, and its answer does not arrive. */
  readonly lostAnswer: number;
  /** The bank answers 503 and did nothing. */
  readonly unavailable: number;
  /** The worker's process ends between the bank's answer and the keeping of it. */
  readonly restart: number;
}

/** Thrown at everything that a process does after its end. */
export class ProcessEndedError extends Error {}

/** One process of the application: what it does after it ended has no effect. */
export class LabWorker {
  #hasEnded = false;
  readonly transport: HttpTransport;

  constructor(time: VirtualTime, bank: HttpTransport, rates: FaultRates, random: Random) {
    this.transport = async (request) => {
      this.assertAlive();
      const fate = random();
      if (fate < rates.unavailable) return new Response('', { status: 503 });
      const answer = await time.working(() => bank(request));
      if (fate < rates.unavailable + rates.lostAnswer) {
        throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
      }
      if (fate < rates.unavailable + rates.lostAnswer + rates.restart) this.#hasEnded = true;
      this.assertAlive();
      return answer;
    };
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  assertAlive(): void {
    if (this.#hasEnded) throw new ProcessEndedError('The process has ended.');
  }
}
