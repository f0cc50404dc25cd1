import { vaultPolicyLacksSource } from '../../lambda/core/checks/vault-policy-lacks-source';
import { DESTINATION_VAULT, evidenceOf, policyText, SOURCE, type Overrides } from './evidence-fixture';

/** What the check says of a copy into a vault with this one statement. */
function underVaultStatement(more: object, { detail, responses }: Overrides = {}): string {
  const statement = { Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*', ...more };
  const policy = { BackupVaultArn: DESTINATION_VAULT, Policy: policyText(statement) };
  return vaultPolicyLacksSource.evaluate(
    evidenceOf({
      ...(detail ? { detail } : {}),
      responses: { 'backup:GetBackupVaultAccessPolicy@destination': policy, ...responses },
    }),
  ).status;
}

describe('who copies', () => {
  it('is nobody of another account, whatever role the job names', () => {
    const iamRoleArn = 'arn:aws:iam::333333333333:role/Copy';
    expect(underVaultStatement({ Principal: { AWS: iamRoleArn } }, { detail: { iamRoleArn } })).toBe('fault');
  });

  const inUnit = { Condition: { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-exampleorg/r-1/*'] } } };
  it('has no path in an organization, where its account is in none', () => {
    const responses = {
      'organizations:DescribeOrganization@source': { error: 'AWSOrganizationsNotInUseException' },
    };
    expect(underVaultStatement(inUnit, { responses })).toBe('fault');
  });
  it('has one that nobody read, elsewhere', () => expect(underVaultStatement(inUnit)).toBe('unknown'));

  const inOrganization = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg' } } };
  it.each([
    ['o-exampleorg', 'ok'],
    ['o-another', 'fault'],
  ])('has the organization %s that knows its account, where no reader is in it', (id, expected) => {
    const Arn = `arn:aws:organizations::999999999999:account/${id}/${SOURCE}`;
    const responses = {
      'organizations:DescribeOrganization@source': { error: 'AccessDeniedException' },
      [`organizations:DescribeAccount@organization#${SOURCE}`]: { Account: { Arn } },
    };
    expect(underVaultStatement(inOrganization, { responses })).toBe(expected);
  });
  it('has none that is known, where the organization was not asked either', () => {
    const responses = { 'organizations:DescribeOrganization@source': { error: 'AccessDeniedException' } };
    expect(underVaultStatement(inOrganization, { responses })).toBe('unknown');
  });
});
