import { ownPackage } from '../foundation/own-package.js';

/** The version of this package, from its package.json. */
export const version: string = ownPackage.version;
