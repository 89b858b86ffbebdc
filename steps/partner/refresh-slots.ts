import { Slot } from '../slot.js';
import type { AskedOften } from './ask-application.js';
import type { BankCall } from './bank-call.js';
import type { MarginMeasurement } from './refresh-margin.js';
import type { Provoked } from './token-end.js';

/** What the steps about refreshes leave for each other. */
export class RefreshSlots {
  readonly provoked = new Slot<Provoked>('an application that was made to refresh');
  readonly asked = new Slot<AskedOften>('answers of the application');
  /** The refresh token that the check is about. */
  readonly token = new Slot<string>('a refresh token');
  /** A call of the API that was answered after the application had refreshed, and when the application was done with it. */
  readonly late = new Slot<{ readonly call: BankCall; readonly workedUntilMs: number }>('a late 401');
  readonly margins = new Slot<readonly MarginMeasurement[]>('margins of refreshes');
}
