import { VAULT_WRITER_DESCRIPTION, vaultWriterPolicies } from './effect-roles';
import { memberConditions, memberParameters, memberRole, memberTrust } from './member-role';
import { given, ifElse, ifGiven, is, not, sub } from './intrinsics';
import { names } from './names';
import { policyWatch } from './policy-watch';
import { readerPolicies } from './reader-role';

const yesOrNo = (Description: string) => ({
  Type: 'String',
  Default: 'yes',
  AllowedValues: ['yes', 'no'],
  Description,
});

/**
 * The template for accounts other than the hub's: the role that reads, the role that changes the policies of the listed
 * vaults, and the watch over these policies. It needs no bootstrap and no asset, and is the same for every hub.
 */
export function destinationTemplate() {
  const { diagnose, remediate, reader, vaultWriter } = names('${Deployment}');
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description:
      'Copy Doctor, destination account: roles by which the hub reads why a copy into this account failed and changes ' +
      'the policies of the listed vaults, and an alarm for changes by others. Deploy once an account, in any Region; ' +
      'in further Regions with vaults again with Roles=no.',
    Parameters: PARAMETERS,
    Conditions: CONDITIONS,
    Resources: {
      ReaderRole: {
        Type: 'AWS::IAM::Role',
        Condition: 'HasRoles',
        Properties: memberRole(
          reader,
          'Copy Doctor reads here why a copy failed. It can change nothing.',
          readerPolicies(),
          memberTrust([diagnose, remediate]),
        ),
      },
      VaultWriterRole: {
        Type: 'AWS::IAM::Role',
        Condition: 'HasWriter',
        Properties: memberRole(
          vaultWriter,
          VAULT_WRITER_DESCRIPTION,
          vaultWriterPolicies(listedVaults()),
          memberTrust([remediate], true),
        ),
      },
      ...watch(),
    },
    Outputs: {
      ReaderRoleArn: {
        Condition: 'HasRoles',
        Description: 'Role that the hub reads by',
        Value: { 'Fn::GetAtt': ['ReaderRole', 'Arn'] },
      },
      VaultWriterRoleArn: {
        Condition: 'HasWriter',
        Description: 'Role that the hub changes the policies of the listed vaults by',
        Value: { 'Fn::GetAtt': ['VaultWriterRole', 'Arn'] },
      },
      VaultNames: { Description: 'Vaults that copies come into', Value: { 'Fn::Join': [',', { Ref: 'VaultNames' }] } },
    },
  };
}

const PARAMETERS = {
  HubAccount: memberParameters.HubAccount,
  Deployment: memberParameters.Deployment,
  OrganizationId: memberParameters.OrganizationId,
  VaultNames: {
    Type: 'CommaDelimitedList',
    Default: '',
    Description: 'Vaults that copies come into, in whatever Region: the only ones whose policies the hub may change.',
    // A wildcard here would be one in the role's policy.
    AllowedPattern: '^([A-Za-z0-9_-]{2,50})?$',
    ConstraintDescription: 'Names of backup vaults, comma separated, without wildcards.',
  },
  PermissionsBoundary: memberParameters.PermissionsBoundary,
  Roles: yesOrNo('Whether the roles are made: yes once an account, no in its further Regions.'),
  VaultWriter: yesOrNo(
    'Whether the hub may change the policies of the listed vaults; no: it only tells what to change.',
  ),
  Watch: yesOrNo(
    "Whether an alarm tells of changes of a vault's policy in this Region by anyone but Copy Doctor. It hears of them " +
      'only where a CloudTrail trail logs management events of this Region.',
  ),
  AlarmTopicArn: {
    Type: 'String',
    Default: '',
    Description: 'SNS topic of this Region that is told of the alarm; empty: it shows in CloudWatch only.',
    AllowedPattern: '^(arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})?$',
    ConstraintDescription: 'Empty, or the ARN of a standard SNS topic.',
  },
};

const CONDITIONS = {
  ...memberConditions,
  HasRoles: is({ Ref: 'Roles' }, 'yes'),
  HasWriter: {
    'Fn::And': [
      { Condition: 'HasRoles' },
      is({ Ref: 'VaultWriter' }, 'yes'),
      not(is({ 'Fn::Join': ['', { Ref: 'VaultNames' }] }, '')),
    ],
  },
  HasWatch: is({ Ref: 'Watch' }, 'yes'),
  HasAlarmTopic: given('AlarmTopicArn'),
  IsChina: is({ Ref: 'AWS::Partition' }, 'aws-cn'),
  IsGovCloud: is({ Ref: 'AWS::Partition' }, 'aws-us-gov'),
};

/**
 * An ARN for each name in VaultNames, without a macro: names are joined by what stands before each of them in its ARN,
 * and split again at the comma. CloudFormation takes a literal as delimiter and no function. So the account is `*`, which
 * gives nothing away, since a vault's policy can be changed from inside its own account only; and the partition, which
 * IAM takes no wildcard for, is chosen by condition.
 */
function listedVaults() {
  const arns = (partition: string) => {
    const before = `arn:${partition}:backup:*:*:backup-vault:`;
    return {
      'Fn::Split': [',', { 'Fn::Join': ['', [before, { 'Fn::Join': [`,${before}`, { Ref: 'VaultNames' }] }]] }],
    };
  };
  return ifElse('IsChina', arns('aws-cn'), ifElse('IsGovCloud', arns('aws-us-gov'), arns('aws')));
}

function watch() {
  const resources = policyWatch({
    deployment: '${Deployment}',
    text: sub,
    alarmActions: ifGiven('HasAlarmTopic', [{ Ref: 'AlarmTopicArn' }]),
  });
  const where = { Condition: 'HasWatch' };
  const { WatchLog, WatchLogPolicy, WatchRule, WatchAlarm } = resources;
  return {
    WatchLog: { ...WatchLog, ...where },
    WatchLogPolicy: { ...WatchLogPolicy, ...where },
    WatchRule: { ...WatchRule, ...where },
    WatchAlarm: { ...WatchAlarm, ...where },
  };
}
