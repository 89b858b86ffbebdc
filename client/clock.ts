/** Now, as epoch milliseconds. Everything in the client that depends on time reads it through one of these. */
export type Clock = () => number;

/** Waits. Injected together with {@link Clock} so that tests and virtual time never sleep. */
export type Sleep = (ms: number) => Promise<void>;

/** The machine's clock, read at each call, so that a test's fake timers move it. */
export const systemClock: Clock = () => Date.now();

/** A real wait. */
export const systemSleep: Sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
