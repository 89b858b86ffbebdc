// npx cucumber-js: the bank scenarios on a mock in the process.
// TARGET=FILE npx cucumber-js -p target: the same on the target of that file.
const scenarios = {
  paths: ['features/{bs2,btg}/**/*.feature'],
  import: ['steps/tsx-register.js', 'steps/*.steps.ts'],
};

export default { ...scenarios, worldParameters: { target: 'mock' } };

// Without TARGET the path is empty, and opening it says what is missing.
export const target = { ...scenarios, worldParameters: { target: process.env.TARGET ?? '' } };

// The checks of applications; homologa verify plays them, this is for dry runs.
export const partner = {
  paths: ['features/partner/**/*.feature'],
  import: ['steps/tsx-register.js', 'steps/partner/*.steps.ts'],
};
