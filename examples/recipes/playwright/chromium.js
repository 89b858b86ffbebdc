import { existsSync } from 'node:fs';

/** The machine's own Chromium; with @playwright/test, its own. */
export const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** True where there is none, and a CI does not insist. */
export const isMissing = !existsSync(executablePath) && (process.env.HOMOLOGA_FORBID_SKIP ?? '') === '';
