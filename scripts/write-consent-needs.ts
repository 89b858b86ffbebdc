import { writeFile } from 'node:fs/promises';
import { format } from 'prettier';
import { packagePaths } from '../steps/package-paths.js';
import { countConsentNeeds } from './count-consent-needs.js';

/** `npm run consent-needs`; with `--print` on the standard output instead. */
const text = await format(await countConsentNeeds(), { parser: 'yaml', printWidth: 120 });
if (process.argv.includes('--print')) process.stdout.write(text);
else await writeFile(packagePaths.consentNeeds, text);
