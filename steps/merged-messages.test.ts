import { expect, it } from 'vitest';
import { mergeMessages } from './merged-messages.js';

const uuid = (process: number, thing: number): string =>
  `${String(process)}0000000-0000-4000-8000-${String(thing).padStart(12, '0')}`;

/** What a process says that plays one scenario of two. */
function said(process: number, success: boolean) {
  const id = (thing: number): string => uuid(process, thing);
  const step = { pickleStepId: id(4), stepDefinitionIds: [id(1)] };
  return [
    { meta: { protocolVersion: '1' } },
    { source: { uri: 'a.feature' } },
    { pickle: { id: id(3), name: 'first', steps: [{ id: id(4), text: 'a step' }] } },
    { pickle: { id: id(5), name: 'second', steps: [] } },
    { stepDefinition: { id: id(1) } },
    { hook: { id: id(2) } },
    { testRunStarted: { id: id(6) } },
    { testCase: { id: id(7), pickleId: id(3), testRunStartedId: id(6), testSteps: [step, { hookId: id(2) }] } },
    { testCaseStarted: { id: id(8), testCaseId: id(7) } },
    { testCaseFinished: { testCaseStartedId: id(8) } },
    { testRunFinished: { testRunStartedId: id(6), success } },
  ];
}

it('puts the streams of several processes together under the ids of the first', () => {
  const written: unknown[] = [];
  const merged = mergeMessages((message) => written.push(message));
  const [own, other] = [said(1, true), said(2, false)];
  // The other one is ahead.
  for (const message of other) merged.add(1, message);
  for (const message of own) merged.add(0, message);
  merged.end();
  const step = { pickleStepId: uuid(1, 4), stepDefinitionIds: [uuid(1, 1)] };
  const testSteps = [step, { hookId: uuid(1, 2) }];
  expect(written).toEqual([
    ...own.slice(0, -1),
    { testCase: { id: uuid(2, 7), pickleId: uuid(1, 3), testRunStartedId: uuid(1, 6), testSteps } },
    { testCaseStarted: { id: uuid(2, 8), testCaseId: uuid(2, 7) } },
    { testCaseFinished: { testCaseStartedId: uuid(2, 8) } },
    { testRunFinished: { testRunStartedId: uuid(1, 6), success: false } },
  ]);
});

it('lets the stream of one process through as it is', () => {
  const written: unknown[] = [];
  const merged = mergeMessages((message) => written.push(message));
  for (const message of said(1, true)) merged.add(0, message);
  merged.end();
  expect(written).toEqual(said(1, true));
});
