import js from '@eslint/js'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const tests = ['**/*.test.ts', '**/*.test.tsx', 'test/**', 'subgraph/runner/test/**']

export default defineConfig([
  globalIgnores([
    '**/generated/**',
    '**/.next/**',
    'app/next-env.d.ts',
    'app/out/**',
    'app/public/**',
    'artifacts/**',
    'cache/**',
    'coverage/**',
    // AssemblyScript has TypeScript's syntax and other types.
    'subgraph/{src,tests,build}/**',
    'subgraph/runner/test/fixture/**',
    // Ponder writes it when it runs.
    'bench/index/ponder-env.d.ts',
  ]),
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    // What runs in Node is one program, so that shared sources are read once; the app resolves its imports differently.
    languageOptions: { parserOptions: { project: 'tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      // `declare namespace openChannel { type Options = … }` keeps an action's types under its name, and is erased.
      '@typescript-eslint/no-namespace': ['error', { allowDeclarations: true }],
      // `Result | void` is what a callback that may return nothing is called.
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: [{ from: 'package', package: 'multiformats', name: 'CID' }] },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['describe', 'it', 'suite', 'test'] },
          ],
        },
      ],
      // Objects here are made of closures, and taking them apart is the idiom; there is no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      // Takes Hono's chained routers, whose type grows with every route, for something else.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An implementation of an asynchronous interface need not wait for anything itself.
      '@typescript-eslint/require-await': 'off',
      // `while (true)` with an exit inside is the plain way to read a queue.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      'max-lines-per-function': ['error', { max: 50, skipBlankLines: true, skipComments: true }],
      // A switch over a union is one decision, however many cases it has.
      complexity: ['error', { max: 10, variant: 'modified' }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['app/**/*.ts', 'app/**/*.tsx'],
    languageOptions: { parserOptions: { project: ['app/tsconfig.json', 'app/tsconfig.sw.json'] } },
  },
  {
    files: ['sdk/src/**', 'node/src/**', 'app/src/**', 'subgraph/runner/src/**'],
    ignores: ['node/src/commands/**', 'subgraph/runner/src/bin.ts', ...tests],
    rules: { 'no-console': 'error' },
  },
  {
    files: tests,
    rules: {
      'max-lines-per-function': 'off',
      // A test may assume what it has just set up.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What a vector or an answer holds is asserted; a wrong shape fails the test.
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { console: 'readonly', module: 'writable', process: 'readonly', URL: 'readonly' } },
  },
])
