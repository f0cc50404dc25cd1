import { vaultPolicyLacksSource } from '../../lambda/core/checks/vault-policy-lacks-source';
import { DESTINATION_VAULT, evidenceOf, policyText, type Overrides } from './evidence-fixture';

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
});
