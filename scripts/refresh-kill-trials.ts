import { killDuringRefresh } from '../steps/testing/refresh-kill-rounds.js';

// `tsx scripts/refresh-kill-trials.ts [ROUNDS]`: kills a run that refreshes its kept tokens, 200 times at random, and fails
// unless each time they are usable, or the next run says that a new consent is needed and that is so.
const rounds = Number(process.argv[2] ?? 200);
const { interrupted, usable, lost, problems } = await killDuringRefresh(rounds);
process.stdout.write(
  `${String(rounds)} kills, ${String(interrupted)} in mid-refresh: ${String(usable)} times the tokens were usable, ` +
    `${String(lost)} times a new consent was needed and asked for, ${String(problems.length)} times something else\n`,
);
for (const problem of problems) process.stdout.write(`${problem}\n`);
// Rounds in which nothing was under way would prove nothing.
if (problems.length > 0 || interrupted < rounds / 10) process.exitCode = 1;
