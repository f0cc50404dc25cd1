import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../lib/settings';
import { suggestion } from '../../lib/suggestion';
import { EXAMPLE_SETTINGS, hubForReading } from '../../lib/synthesize';

const VAULT = EXAMPLE_SETTINGS.destinations;
const ROLE = 'arn:aws:iam::333333333333:role/BackupAdmin';
const SSO_ROLE = 'arn:aws:iam::333333333333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Backup_1a2b';
const OTHER = 'arn:aws-us-gov:backup:us-gov-west-1:333333333333:backup-vault:dr-2';

describe('good settings', () => {
  test.each([
    ['email', 'you@example.com', ['you@example.com']],
    ['email', 'a@example.com, b@example.co.uk', ['a@example.com', 'b@example.co.uk']],
    ['email', ['a@example.com', 'a@example.com'], ['a@example.com']],
    ['destinations', `${VAULT},${OTHER}`, [VAULT, OTHER]],
    ['destinations', [VAULT, OTHER], [VAULT, OTHER]],
    ['deployment', 'blue-2', 'blue-2'],
    ['deployment', '', undefined],
    ['organizationId', 'o-a1b2c3d4e5', 'o-a1b2c3d4e5'],
    ['organizationAccount', '999999999999', '999999999999'],
    ['keyAccounts', undefined, []],
    ['keyAccounts', '333333333333, 444444444444', ['333333333333', '444444444444']],
    ['approvers', undefined, []],
    ['approvers', '222222222222', ['222222222222']],
    ['approvers', `222222222222, ${ROLE}`, ['222222222222', ROLE]],
    ['approvers', [ROLE, SSO_ROLE], [ROLE, SSO_ROLE]],
    ['vaultPolicy', undefined, 'approve'],
    ['vaultPolicy', 'notify', 'notify'],
    ['keyPolicy', undefined, 'approve'],
    ['keyPolicy', 'notify', 'notify'],
    ['keyGrantee', undefined, 'role'],
    ['keyGrantee', 'account', 'account'],
    ['mailDetail', undefined, 'full'],
    ['mailDetail', 'short', 'short'],
    ['autoApply', undefined, []],
    ['autoApply', VAULT, [VAULT]],
    ['retry', undefined, 'ask'],
    ['retry', 'auto', 'auto'],
    ['retry', 'never', 'never'],
    ['retryScope', undefined, 'newest'],
    ['retryScope', 'all', 'all'],
    ['copyRoles', undefined, ['service-role/AWSBackupDefaultServiceRole']],
    ['copyRoles', 'Copier, team/b/Copier', ['Copier', 'team/b/Copier']],
    ['permissionsBoundary', 'Boundary', 'Boundary'],
    ['permissionsBoundary', 'arn:aws:iam::111111111111:policy/team/B', 'arn:aws:iam::111111111111:policy/team/B'],
    ['permissionsBoundary', 'arn:aws:iam::aws:policy/ReadOnlyAccess', 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
  ])('%s = %j', (key, value, expected) => {
    const { settings, problems } = readSettings({ ...EXAMPLE_SETTINGS, [key]: value });
    expect(problems).toEqual([]);
    expect(settings).toHaveProperty(key, expected);
  });

  test("the CDK's own keys are no settings", () => {
    const context = {
      ...EXAMPLE_SETTINGS,
      'aws:cdk:bundling-stacks': [],
      '@aws-cdk/core:x': true,
      'cli-telemetry': false,
      'acknowledged-issue-numbers': [19836],
    };
    expect(readSettings(context)).toMatchObject({ problems: [], warnings: [] });
  });
});

test.each(['orgId', 'approverRoles', 'autoApplyVaults', 'retryMode', 'keys', 'roles', 'boundary', 'my-company-tag'])(
  'the context key %s, which may be for another app, is a warning that names the settings',
  (key) => {
    const stack = hubForReading({ ...EXAMPLE_SETTINGS, [key]: 'x' });
    Annotations.fromStack(stack).hasNoError('*', Match.anyValue());
    Annotations.fromStack(stack).hasWarning(
      '/CopyDoctor',
      Match.stringLikeRegexp(
        `^The context key "${key}" is no setting of Copy Doctor and changes nothing here\\. Settings: email, destinations, .*approvers, .*permissionsBoundary\\.`,
      ),
    );
  },
);

describe('wrong settings become errors on the stack that name key, value and what is allowed', () => {
  test.each<[string, unknown, string]>([
    ['email', undefined, 'Setting email is missing. Allowed: e-mail addresses, comma separated'],
    ['email', '', 'Setting email is missing.'],
    ['email', 'you', 'Setting email has the value "you". Allowed: e-mail addresses'],
    ['email', 'a@example.com;b@example.com', 'Setting email has the value "a@example.com;b@example.com".'],
    ['destinations', undefined, 'Setting destinations is missing. Allowed: ARNs of backup vaults'],
    ['destinations', 'dr', 'Setting destinations has the value "dr". Allowed: ARNs of backup vaults'],
    ['destinations', `${VAULT.slice(0, -2)}*`, 'Allowed: ARNs of backup vaults without wildcards'],
    ['destinations', [VAULT, 7], 'Setting destinations has the value 7. Allowed'],
    ['destinations', 'arn:aws:s3:::dr', 'Setting destinations has the value "arn:aws:s3:::dr".'],
    ['deployment', 'Blue', 'Setting deployment has the value "Blue". Allowed: up to 24 lower case letters'],
    ['deployment', 'a'.repeat(25), `Setting deployment has the value "${'a'.repeat(25)}".`],
    ['deployment', 5, 'Setting deployment has the value 5.'],
    ['organizationId', 'r-1234', 'Setting organizationId has the value "r-1234". Allowed: the organization\'s id'],
    [
      'organizationAccount',
      'o-a1b2c3d4e5',
      'Setting organizationAccount has the value "o-a1b2c3d4e5". Allowed: the id of the management account',
    ],
    ['keyAccounts', '3333', 'Setting keyAccounts has the value "3333". Allowed: account ids of 12 digits'],
    [
      'approvers',
      'me',
      'Setting approvers has the value "me". Allowed: account ids of 12 digits and ARNs of IAM roles',
    ],
    ['approvers', 222222222222, 'Setting approvers has the value 222222222222. Allowed: account ids of 12 digits'],
    ['approvers', 222222222222, ' In cdk.json it has to be a text in quotes: "222222222222".'],
    ['keyAccounts', [333333333333], ' In cdk.json it has to be a text in quotes: "333333333333".'],
    ['approvers', '*', 'Setting approvers has the value "*". Allowed'],
    [
      'approvers',
      ROLE.replace('BackupAdmin', '*'),
      'role/*". Allowed: account ids of 12 digits and ARNs of IAM roles w',
    ],
    [
      'approvers',
      'arn:aws:iam::333333333333:user/me',
      'Setting approvers has the value "arn:aws:iam::333333333333:user/',
    ],
    ['approvers', 'arn:aws:iam::333333333333:root', 'Setting approvers has the value'],
    ['approvers', 'arn:aws:sts::333333333333:assumed-role/A/me', 'Setting approvers has the value'],
    ['vaultPolicy', 'auto', 'Setting vaultPolicy has the value "auto". Allowed: approve (default) or notify.'],
    ['keyPolicy', 'Approve', 'Setting keyPolicy has the value "Approve". Allowed: approve (default) or notify.'],
    ['keyGrantee', 'user', 'Setting keyGrantee has the value "user". Allowed: role (default) or account.'],
    ['mailDetail', true, 'Setting mailDetail has the value true. Allowed: full (default) or short.'],
    ['retry', 'yes', 'Setting retry has the value "yes". Allowed: ask (default), auto or never.'],
    ['retryScope', 'oldest', 'Setting retryScope has the value "oldest". Allowed: newest (default) or all.'],
    ['autoApply', 'all', 'Setting autoApply has the value "all". Allowed: ARNs out of destinations'],
    ['autoApply', `${VAULT}-2`, `Setting autoApply has the value "${VAULT}-2". Allowed: ARNs out of destinations`],
    ['autoApply', [VAULT, OTHER], `Setting autoApply has the value "${OTHER}".`],
    ['copyRoles', '*', 'Setting copyRoles has the value "*". Allowed: names of IAM roles'],
    ['copyRoles', '/team/Copier', 'Setting copyRoles has the value "/team/Copier".'],
    ['copyRoles', ROLE, 'Setting copyRoles has the value "arn:aws:iam::333333333333:role/BackupAdmin".'],
    ['copyRole', 'Copier', 'Setting copyRole is not known. Did you mean copyRoles?'],
    ['auto-apply', VAULT, 'Did you mean autoApply?'],
    ['approver', '222222222222', 'Setting approver is not known. Did you mean approvers?'],
    ['vault-policy', 'notify', 'Did you mean vaultPolicy?'],
    ['permissionsBoundary', 'arn:aws:iam::1:policy/B', 'Setting permissionsBoundary has the value'],
    ['destination', VAULT, 'Setting destination is not known. Did you mean destinations?'],
    ['emails', 'you@example.com', 'Setting emails is not known. Did you mean email?'],
    ['permission-boundary', 'B', 'Did you mean permissionsBoundary?'],
    ['organisationId', 'o-a1b2c3d4e5', 'Did you mean organizationId?'],
  ])('%s = %j', (key, value, message) => {
    const stack = hubForReading({ ...EXAMPLE_SETTINGS, [key]: value });
    const literally = message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    Annotations.fromStack(stack).hasError('/CopyDoctor', Match.stringLikeRegexp(literally));
  });

  test('too many destinations for the environment of a function', () => {
    const destinations = Array.from({ length: 60 }, (_, index) => `${VAULT}-${index}`);
    expect(readSettings({ ...EXAMPLE_SETTINGS, destinations }).problems).toEqual([
      expect.stringMatching(/^Setting destinations has 60 ARNs, \d+ characters together\. Allowed: 2300 characters/),
    ]);
  });

  test('too many key accounts for it', () => {
    const keyAccounts = Array.from({ length: 11 }, (_, index) => String(333333333300 + index));
    expect(readSettings({ ...EXAMPLE_SETTINGS, keyAccounts }).problems).toEqual([
      expect.stringMatching(/^Setting keyAccounts has 11 accounts, 142 characters together\. Allowed: 129 characters/),
    ]);
  });

  test('too many copy roles for it', () => {
    const copyRoles = Array.from({ length: 20 }, (_, index) => `team/Copier-${index}`);
    expect(readSettings({ ...EXAMPLE_SETTINGS, copyRoles }).problems).toEqual([
      expect.stringMatching(/^Setting copyRoles has 20 roles, \d+ characters together\. Allowed: 200 characters/),
    ]);
  });

  test('a long value is cut', () => {
    expect(readSettings({ ...EXAMPLE_SETTINGS, email: 'x'.repeat(5000) }).problems[0]?.length).toBeLessThan(400);
  });

  test('a wrong value is not used', () => {
    const { settings } = readSettings({
      email: ['you', 'a@example.com'],
      destinations: 'dr',
      deployment: 'NO',
      approvers: ['*', '222222222222'],
      keyPolicy: 'apply',
      autoApply: VAULT,
      retry: 'always',
    });
    expect(settings).toMatchObject({
      email: ['a@example.com'],
      destinations: [],
      deployment: undefined,
      approvers: ['222222222222'],
      keyPolicy: 'approve',
      autoApply: [],
      retry: 'ask',
    });
  });
});

describe('Regions without function URLs', () => {
  const inRegion = (region: string) =>
    Annotations.fromStack(hubForReading(EXAMPLE_SETTINGS, { account: '111111111111', region }));

  // The CDK would end `cdk destroy` with an exception for a resource that CloudFormation does not know there.
  test.each(['eu-south-2', 'ap-southeast-7', 'us-gov-west-1', 'mx-central-1'])('%s is refused by name', (region) => {
    inRegion(region).hasError('/CopyDoctor', Match.stringLikeRegexp(`Region ${region} has no Lambda function URLs`));
  });

  test('another is not, nor one that is known only on deployment', () => {
    inRegion('eu-west-1').hasNoError('*', Match.anyValue());
    Annotations.fromStack(hubForReading()).hasNoError('*', Match.anyValue());
  });
});

test('a key that resembles no setting is left alone', () => {
  expect(suggestion('cli-telemetry', ['email', 'destinations'])).toBeUndefined();
  // Three edits away.
  expect(suggestion('retain', ['retry', 'email'])).toBeUndefined();
});

test('vaults that are changed without asking, and no vault that is changed', () => {
  const settings = { ...EXAMPLE_SETTINGS, autoApply: VAULT };
  expect(readSettings({ ...settings, vaultPolicy: 'approve' }).problems).toEqual([]);
  expect(readSettings({ ...settings, vaultPolicy: 'notify' }).problems).toEqual([
    expect.stringMatching(/^Setting autoApply .* setting vaultPolicy has the value "notify"/),
  ]);
});
