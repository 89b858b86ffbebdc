import type { Exchange } from '../../reports/exchange.js';
import type { Evidence } from '../../reports/evidence.js';
import { HarnessFault } from '../check-failure.js';
import type { ApplicationProcess } from './application-process.js';
import type { CustomerNames } from './customer-names.js';
import type { Driving } from './driving.js';
import type { PartnerBank } from './partner-bank.js';
import type { PositiveControl } from './positive-control.js';
import type { RunEnd } from './run-end.js';
import type { ShownPages } from './shown-pages.js';
import type { PartnerSetup } from './verify-file.js';

/** A verdict that falls when its window closes, while later checks are already under way. */
export interface PendingVerdict {
  /** In ms of `performance.now()`. */
  readonly dueAtMs: number;
  /** Settles when there is nothing more to wait for. */
  readonly isDone?: Promise<void>;
  /** Goes on when the check's windows are over and what it did to the bank is undone. */
  readonly outlastsCheck?: true;
  /** What to say then; null where nothing forbidden happened. */
  judge(): Evidence | null;
}

/** One bank's part of a run of `verify`: what every check of it starts from. */
export interface PartnerRun {
  readonly bank: PartnerBank;
  readonly setup: PartnerSetup;
  /** The same application at the other bank; null where the file names one bank. */
  readonly other: { readonly bank: PartnerBank; readonly setup: PartnerSetup } | null;
  /** Empty where the application was running already. */
  readonly processes: readonly ApplicationProcess[];
  /** The verify file's. */
  readonly folder: string;
  readonly control: PositiveControl;
  readonly pages: ShownPages;
  /** Of the customers of all banks. */
  readonly names: CustomerNames;
  /** By pickle id. */
  readonly pending: Map<string, PendingVerdict[]>;
  /** What is undone when the windows of a check are over, by pickle id. */
  readonly closing: Map<string, () => Promise<void>>;
  /** By pickle id: the whole of a check's exchanges, up to the moment when it is asked for. */
  readonly exchanges: Map<string, () => readonly Exchange[]>;
  /** What one check found out that another is judged by, such as whether signatures are verified. */
  readonly found: Map<string, string>;
  /** When the application was made to do something. */
  readonly driving: Driving;
  readonly end: RunEnd;
}

let current: PartnerRun | null = null;

/** Makes the next features judge this; null ends it. */
export function usePartnerRun(run: PartnerRun | null): void {
  current = run;
}

/** The run under way. @throws HarnessFault outside one */
export function partnerRun(): PartnerRun {
  if (current === null) throw new HarnessFault('No application is under test.');
  return current;
}
