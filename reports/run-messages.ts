import * as v from 'valibot';

const timestamp = v.object({ seconds: v.number(), nanos: v.number() });
const result = v.object({
  status: v.picklist(['UNKNOWN', 'PASSED', 'SKIPPED', 'PENDING', 'UNDEFINED', 'AMBIGUOUS', 'FAILED']),
  message: v.optional(v.string()),
});
const scenario = v.object({
  id: v.string(),
  examples: v.array(v.object({ tableBody: v.array(v.object({ id: v.string() })) })),
});
const ruleChild = v.object({ scenario: v.optional(scenario) });
const featureChild = v.object({
  scenario: v.optional(scenario),
  rule: v.optional(v.object({ children: v.array(ruleChild) })),
});

/** What the reports read of a run's cucumber messages; the rest is stripped. */
export const runMessageSchema = v.object({
  gherkinDocument: v.optional(v.object({ feature: v.optional(v.object({ children: v.array(featureChild) })) })),
  pickle: v.optional(
    v.object({
      id: v.string(),
      uri: v.string(),
      location: v.optional(v.object({ line: v.number() })),
      name: v.string(),
      astNodeIds: v.array(v.string()),
      tags: v.array(v.object({ name: v.string() })),
      steps: v.array(v.object({ id: v.string(), text: v.string() })),
    }),
  ),
  testRunStarted: v.optional(v.object({ timestamp })),
  testCase: v.optional(
    v.object({
      id: v.string(),
      pickleId: v.string(),
      testSteps: v.array(v.object({ id: v.string(), pickleStepId: v.optional(v.string()) })),
    }),
  ),
  testCaseStarted: v.optional(v.object({ id: v.string(), testCaseId: v.string(), timestamp: v.optional(timestamp) })),
  attachment: v.optional(
    v.object({ testCaseStartedId: v.optional(v.string()), mediaType: v.string(), body: v.string() }),
  ),
  testStepFinished: v.optional(
    v.object({ testCaseStartedId: v.string(), testStepId: v.string(), testStepResult: result }),
  ),
  testCaseFinished: v.optional(v.object({ testCaseStartedId: v.string(), timestamp: v.optional(timestamp) })),
  testRunHookFinished: v.optional(v.object({ result })),
  testRunFinished: v.optional(v.object({ timestamp })),
});

/** One cucumber message, as far as the reports read it. */
export type RunMessage = v.InferOutput<typeof runMessageSchema>;

/** Epoch milliseconds of a message's timestamp. */
export function timestampMs({ seconds, nanos }: v.InferOutput<typeof timestamp>): number {
  return seconds * 1000 + Math.floor(nanos / 1_000_000);
}
