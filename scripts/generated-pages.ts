import { bankDefaultsPage, bankDefaultsPath } from './bank-defaults-page.js';
import { checkCataloguePage, checkCataloguePath } from './check-catalogue-page.js';
import { controlApiPage, controlApiPath } from './control-api-page.js';
import { faultCataloguePage, faultCataloguePath } from './fault-catalogue-page.js';
import { findingsPage, findingsPath } from './findings-page.js';
import { libraryPage, libraryPath } from './library-page.js';
import { mutantCataloguePage, mutantCataloguePath } from './mutant-catalogue-page.js';
import { requirementCataloguePage, requirementCataloguePath } from './requirement-catalogue-page.js';
import { scenarioCataloguePage, scenarioCataloguePath } from './scenario-catalogue-page.js';

/** Every page of the documentation that is written from the sources, by its path from the package's root. */
export const generatedPages = new Map<string, () => string | Promise<string>>([
  [bankDefaultsPath, bankDefaultsPage],
  [checkCataloguePath, checkCataloguePage],
  [controlApiPath, controlApiPage],
  [faultCataloguePath, faultCataloguePage],
  [findingsPath, findingsPage],
  [libraryPath, libraryPage],
  [mutantCataloguePath, mutantCataloguePage],
  [requirementCataloguePath, requirementCataloguePage],
  [scenarioCataloguePath, scenarioCataloguePage],
]);
