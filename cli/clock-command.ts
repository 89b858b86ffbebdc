import { Argument, InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { nearestNames } from '../foundation/nearest-names.js';
import { parseOrigin } from './flag-values.js';

/** What a clock can be told. */
export const clockActions = ['show', 'advance', 'set', 'freeze', 'resume', 'reset'] as const;
export type ClockAction = (typeof clockActions)[number];

const help = `
Actions:
  show                       what time it is at the mock
  advance P30D               later by an ISO 8601 duration of weeks, days, hours, minutes, seconds
  set 2026-12-01T00:00:00Z   at an RFC 3339 instant; never back
  freeze | resume            stands still | goes on
  reset                      real time, running

Environment:
  HOMOLOGA_CONTROL_TOKEN  the mock's control token, where it has one

Examples:
  homologa clock advance P29DT23H59M59S
  homologa clock show --tenant t-1 --url http://127.0.0.1:4020
`;

/** Declares `homologa clock`. */
export function registerClockCommand(program: Command): void {
  program
    .command('clock')
    .summary("move a running mock's clock")
    .description('Shows or moves the clock of a running mock, and prints what it shows then.')
    .addArgument(new Argument('<action>', 'what to do').choices(clockActions).argParser(parseAction))
    .addArgument(new Argument('[value]', 'the duration to advance by, or the instant to set'))
    .option('--tenant <id>', 'whose clock', 'default')
    .addOption(new Option('--url <origin>', 'the mock').argParser(parseOrigin).default('http://127.0.0.1:4010'))
    .option('--json', 'print {"now":…,"mode":…}')
    .addHelpText('after', help)
    .action(async (action: unknown, value: unknown, flags: unknown) => {
      const { moveClock } = await import('./move-clock.js');
      await moveClock(action, value, flags);
    });
}

function parseAction(text: string): string {
  if (clockActions.some((action) => action === text)) return text;
  const [nearest = ''] = nearestNames(text, clockActions);
  throw new InvalidArgumentError(`Allowed choices are ${clockActions.join(', ')}. Did you mean ${nearest}?`);
}
