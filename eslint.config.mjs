import tseslint from 'typescript-eslint';

const core = ['lambda/core/**/*.ts'];

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'cdk.out', 'coverage', 'test/conformance'] },
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // The core decides; lambda/aws acts. Breaking this needs an ADR, not a disable comment.
    files: core,
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: ['@aws-sdk/*', '@smithy/*', '@aws-lambda-powertools/*', 'node:*', '**/aws/**', '**/config'] },
      ],
      'no-restricted-globals': [
        'error',
        'process',
        'fetch',
        'setTimeout',
        'setInterval',
        'console',
        'crypto',
        'Buffer',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now' },
        { object: 'Math', property: 'random' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The core reads no clock.' },
      ],
    },
  },
  {
    // Configuration is read once: lambda/config.ts.
    files: ['lambda/**/*.ts', 'lib/**/*.ts'],
    ignores: ['lambda/config.ts', ...core],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env' }] },
  },
  {
    // A wrong idea in the doctor must not hide in the sandbox. (demo/ drives the doctor on it.)
    files: ['test/sandbox/**/*.ts'],
    ignores: ['test/sandbox/demo/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['**/lambda/**', '**/lib/**', '**/bin/**'] }] },
  },
);
