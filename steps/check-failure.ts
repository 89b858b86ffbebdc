import { HomologaError } from '../foundation/homologa-error.js';

/** The bank did otherwise than expected. Only judging steps throw it; neither text holds a secret. */
export class CheckFailure extends HomologaError {
  /** Keeps cucumber from printing both texts a second time, as a difference. */
  readonly showDiff = false;

  constructor(
    readonly expected: string,
    readonly actual: string,
  ) {
    super('ERR_CHECK_FAILED', `Expected ${expected}; got ${actual}.`, { cause: { expected, actual } });
    // The trace of a verdict about a bank tells nothing of the bank.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** What a scenario starts from could not be brought about: nothing was judged. */
export class PrerequisiteFailure extends HomologaError {
  constructor(
    readonly wanted: string,
    readonly actual: string,
  ) {
    super('ERR_PREREQUISITE', `Needed ${wanted} to begin with; got ${actual}.`, { cause: { wanted, actual } });
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** A scenario or target that is put together wrongly: a fault of ours, not of the bank. */
export class HarnessFault extends HomologaError {
  constructor(message: string) {
    super('ERR_HARNESS', message);
  }
}

/** Throws {@link CheckFailure} unless the condition holds. */
export function expectThat(holds: boolean, expected: string, actual: string): asserts holds {
  if (!holds) throw new CheckFailure(expected, actual);
}
