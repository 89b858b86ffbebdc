/** Aborted when the run is to stop: the scenario under way fails fast, the others are left out. */
export const interruption = new AbortController();
