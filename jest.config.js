// How the tests run: TypeScript as ES modules, in random order, with nothing reaching beyond loopback.
export default {
  roots: ['<rootDir>/test'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'json', 'node'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline', swcrc: false },
    ],
  },
  setupFiles: ['<rootDir>/test/support/loopback-guard.cjs'],
  randomize: true,
  maxWorkers: 2,
  workerIdleMemoryLimit: '500MB', // ES modules of suites that are over are never let go: a worker begins anew instead
  testTimeout: 300_000, // the end of what hangs, however slow the machine is; nothing is measured with it
};
