import { writeFile } from 'node:fs/promises';
import { countConsentNeeds } from './count-consent-needs.js';

/** `npm run consent-needs`. */
await writeFile(new URL('../features/consent-needs.yaml', import.meta.url), await countConsentNeeds());
