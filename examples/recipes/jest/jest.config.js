/** The package is made of ECMAScript modules, which Jest runs with NODE_OPTIONS=--experimental-vm-modules. */
export default { testEnvironment: 'node', transform: {} };
