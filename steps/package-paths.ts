import { extname, join } from 'node:path';
import { ownPackage } from '../foundation/own-package.js';

const root = ownPackage.folder;
const language = extname(import.meta.url);
const fromSource = language === '.ts';
/** Not the folder of this file, which a build may have moved. */
const stepsFolder = fromSource ? join(root, 'steps') : join(root, 'dist', 'steps');

/** Where this package is, from its sources as from what is built of them. */
export const packagePaths = {
  root,
  /** Whether this runs from the TypeScript sources. */
  fromSource,
  features: join(root, 'features'),
  /** The targets that ship: the banks' sandboxes. */
  targets: join(root, 'targets'),
  requirements: join(root, 'features', 'requirements'),
  advice: join(root, 'features', 'partner', 'advice'),
  portugueseNames: join(root, 'features', 'portuguese-names.yaml'),
  /** What each bank scenario asks of the user of a target. */
  consentNeeds: join(root, 'features', 'consent-needs.yaml'),
  /** The login scripts that ship. */
  loginScripts: join(root, 'login-scripts'),
  /** The step definitions, in the language that this runs from. */
  steps: join(stepsFolder, `*.steps${language}`),
  /** Those of the checks of partners' applications. */
  partnerSteps: join(stepsFolder, 'partner', `*.steps${language}`),
  /** The program of a process that plays a part of the scenarios. */
  shardProcess: join(stepsFolder, `shard-process${language}`),
  /** The plugin of cucumber's by which it leaves the others to others. */
  shardPlugin: join(stepsFolder, `shard-plugin${language}`),
} as const;
