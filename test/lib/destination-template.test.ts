import { destinationTemplate } from '../../lib/destination-template';

const template = destinationTemplate();
const text = JSON.stringify(template);

test('has the reader role and nothing else', () => {
  expect(Object.values(template.Resources).map(({ Type }) => Type)).toEqual(['AWS::IAM::Role']);
  expect(Object.keys(template.Parameters)).toEqual([
    'HubAccount',
    'Deployment',
    'OrganizationId',
    'VaultNames',
    'PermissionsBoundary',
  ]);
});

test('is self-contained: no asset, bootstrap, import or nested stack, and small enough to be sent as text', () => {
  expect(text).not.toMatch(/cdk|asset|bootstrap|s3|ImportValue|AWS::SSM|TemplateURL/i);
  expect(text.length).toBeLessThan(51_200);
  expect(text).not.toContain('Token[');
});

test('every reference leads to a parameter, condition, resource or pseudo parameter', () => {
  const known = new Set([...Object.keys(template.Parameters), ...Object.keys(template.Resources)]);
  const references = [...text.matchAll(/"Ref":"([^"]+)"|\$\{([^}]+)\}/g)].map(([, ref, sub]) => ref ?? sub ?? '');
  expect(references.filter((name) => !known.has(name) && !name.startsWith('AWS::'))).toEqual([]);
  const conditions = [...text.matchAll(/"Fn::If":\["([^"]+)"/g)].map(([, name]) => name);
  expect(new Set(conditions)).toEqual(new Set(Object.keys(template.Conditions)));
});

test.each([
  ['HubAccount', ['111111111111'], ['', '1111', '11111111111a']],
  ['Deployment', ['eu-west-1'], ['', 'EU', 'a'.repeat(25)]],
  ['OrganizationId', ['', 'o-a1b2c3d4e5'], ['o-1', 'r-a1b2c3d4e5']],
  ['PermissionsBoundary', ['', 'arn:aws:iam::222222222222:policy/a/B'], ['B']],
] as const)('parameter %s', (name, good, bad) => {
  const pattern = new RegExp(template.Parameters[name].AllowedPattern);
  for (const value of good) expect(value).toMatch(pattern);
  for (const value of bad) expect(value).not.toMatch(pattern);
});
