import { bankDefaultsPage, bankDefaultsPath } from './bank-defaults-page.js';
import { faultCataloguePage, faultCataloguePath } from './fault-catalogue-page.js';
import { controlApiPage, controlApiPath } from './control-api-page.js';

/** Every page of the documentation that is written from the sources. */
export function generatedPages(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: bankDefaultsPath, text: bankDefaultsPage() },
    { path: controlApiPath, text: controlApiPage() },
    { path: faultCataloguePath, text: faultCataloguePage() },
  ];
}
