// Which Node runs the tests is CI's business, not each suite's output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

module.exports = {
  testEnvironment: 'node',
  // Many tests talk to a whole sandbox; a slow machine is no failure.
  testTimeout: 180_000,
  // By default one core stays free, which on two cores means half the speed.
  maxWorkers: '100%',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/conformance/'],
  // ES modules only; Node's require() of them needs a newer Node than the oldest that is supported.
  transformIgnorePatterns: ['/node_modules/(?!@noble/)'],
  transform: { '^.+\\.[tj]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
};
