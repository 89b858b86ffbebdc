import tseslint from 'typescript-eslint';

/**
 * The house's arrows (docs/architecture.md): a folder may import only what stands below it.
 * `allowed` names the top-level folders that a folder may reach besides itself.
 */
const topLevelFolders = [
  'foundation',
  'mock-server',
  'certificate-authority',
  'proxy',
  'client',
  'steps',
  'reports',
  'cli',
  'interop',
  'examples',
];
const arrows = {
  foundation: [],
  client: ['foundation'],
  'mock-server': ['foundation'],
  'certificate-authority': ['foundation'],
  proxy: ['foundation', 'mock-server', 'certificate-authority'],
  reports: ['foundation', 'client'],
  steps: ['foundation', 'client', 'reports', 'mock-server'],
  cli: ['foundation', 'client', 'steps', 'reports', 'mock-server', 'certificate-authority', 'proxy'],
};

const arrowRules = Object.entries(arrows).map(([folder, allowed]) => ({
  files: [`${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: topLevelFolders
          .filter((other) => other !== folder && !allowed.includes(other))
          .map((other) => ({
            regex: `^(\\.\\./)+${other}/`,
            message: `${folder}/ may not import ${other}/ (the arrows of docs/architecture.md).`,
          })),
      },
    ],
  },
}));

const clockMessage = 'mock-server/ reads time only from the tenant’s Clock (tenants/virtual-clock.ts).';
const systemClock = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: clockMessage },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockMessage },
  { selector: "CallExpression[callee.name='Date']", message: clockMessage },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: clockMessage },
  { selector: "MemberExpression[object.name='process'][property.name='hrtime']", message: clockMessage },
];

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'reports/out', 'coverage', 'schemas'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
    },
  },
  ...arrowRules,
  // What tests stand up beside the house may reach all of it.
  { files: ['steps/testing/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['mock-server/**/*.ts'],
    // The dashboard's page counts on from what the tenant's clock showed when it was asked.
    ignores: ['mock-server/tenants/virtual-clock.ts', 'mock-server/dashboard/browser/**', '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', ...systemClock] },
  },
  {
    files: ['mock-server/dashboard/browser/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^\\.\\./', allowTypeImports: true, message: 'The page holds nothing of the server but types.' },
          ],
        },
      ],
    },
  },
  {
    files: ['mock-server/oauth/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex:
                '^(\\.\\./)+(banks|tenants|faults|mutants|journal|control|dashboard|server|client|steps|reports|cli)/',
              message: 'oauth/ holds pure rules: values in, decision out.',
            },
            { regex: '^(hono|@hono/|undici|node:http)', message: 'oauth/ knows nothing of HTTP servers.' },
          ],
        },
      ],
    },
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
