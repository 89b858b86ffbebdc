import type { Reporter, TestCase } from 'vitest/node';

/** Names each test that passed only when it was tried again, with what went wrong before: chance is to be looked into. */
export class TriedAgainReporter implements Reporter {
  readonly #told: string[] = [];

  onTestCaseResult(test: TestCase): void {
    const { state, errors } = test.result();
    if (state !== 'passed' || test.diagnostic()?.flaky !== true) return;
    const reasons = (errors ?? []).map(({ stack, message }) => stack ?? message);
    this.#told.push(`tried again: ${test.module.relativeModuleId} > ${test.fullName}`, ...reasons);
  }

  onTestRunEnd(): void {
    if (this.#told.length > 0) process.stdout.write(`${this.#told.join('\n')}\n`);
  }
}
