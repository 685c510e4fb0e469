// Lint: typescript-eslint's type-checked rules, and the house's own about size, waiting and noise.
import tseslint from 'typescript-eslint';

const houseRules = {
  'no-console': 'error',
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['warn', { max: 80, skipBlankLines: true, skipComments: true }],
  'max-depth': ['error', 4],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-var': 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
  'no-param-reassign': 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-restricted-syntax': [
    'error',
    { selector: 'ExportAllDeclaration', message: 'A door names what it exports.' },
    { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' },
  ],
};

const typedRules = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/consistent-type-exports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/prefer-readonly': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  // An abort passes through as the signal's own reason, which is of any type.
  '@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
  // Several implementations of one interface are async because one of them has to be.
  '@typescript-eslint/require-await': 'off',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'vendor/', 'data/', 'coverage/', 'bench-results/', 'test/fixtures/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...houseRules, ...typedRules },
  },
  { files: ['**/*.{js,mjs,cjs}'], ignores: ['**/assets/**'], rules: houseRules },
  // A declaration says what a foreign package exports.
  { files: ['**/*.d.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['*.config.js', 'scripts/**'], rules: { 'no-restricted-syntax': 'off', 'no-console': 'off' } },
  {
    // Scripted servers take async handlers and patch arguments; a describe block is as long as its tests.
    files: ['test/**'],
    rules: {
      'max-lines-per-function': 'off',
      'no-param-reassign': 'off',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
    },
  },
);
