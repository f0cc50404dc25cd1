import { vaultPolicyLacksSource } from '../../../lambda/core/checks/vault-policy-lacks-source';
import { diagnose } from '../../../lambda/core/diagnose';
import { DESTINATION, evidenceOf, SOURCE, type Overrides } from '../evidence-fixture';
import { offeredStatement, stepsOf } from './offered-statement';
import { copyInto, denyCopy, inChina, noVaultPolicy, root, vaultPolicy } from './vault-policy-fixture';

describe('the offered statement', () => {
  const steps = (overrides: Overrides) => stepsOf(vaultPolicyLacksSource, evidenceOf(overrides));
  const other = copyInto({ Principal: root('333333333333') });

  it('cures the fault that it is offered for', () => {
    const statement = offeredStatement(vaultPolicyLacksSource, evidenceOf({ responses: vaultPolicy(other) }));
    expect(statement).toEqual({ Sid: `CopyDoctorAllowCopyFrom${SOURCE}`, ...copyInto() });
    expect(vaultPolicyLacksSource.evaluate(evidenceOf({ responses: vaultPolicy(other, statement) }))).toEqual({
      status: 'ok',
    });
  });

  it('has the partition of the copy', () => {
    expect(steps(inChina(copyInto({ Principal: root('333333333333', 'aws-cn') })))).toContain(
      `"arn:aws-cn:iam::${SOURCE}:root"`,
    );
  });

  it('comes with commands that run as they stand', () => {
    const told = steps({ responses: vaultPolicy(other) });
    expect(told).toContain('aws backup get-backup-vault-access-policy --backup-vault-name dr');
    expect(told).toContain(
      'aws backup put-backup-vault-access-policy --backup-vault-name dr --policy file://policy.json --region eu-west-1',
    );
  });

  it('is a whole document where there is no policy yet', () => {
    const told = steps({ responses: noVaultPolicy });
    expect(told).toContain('"Version": "2012-10-17"');
    expect(told).not.toContain('get-backup-vault-access-policy');
  });

  it('comes after the Deny statements that match or may match, which an Allow does not override', () => {
    const told = steps({
      responses: vaultPolicy(denyCopy({ Condition: { StringNotEquals: { 'aws:userId': 'AIDAEXAMPLE' } } })),
    });
    expect(told).toMatch(/^Change the Deny statements that match, or may match, this copy first/);
  });
});

it('names the reads of the organization for both accounts, where a place in it is open', () => {
  const inUnit = { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': ['o-exampleorg/r-1/*'] } };
  const { causes } = diagnose(evidenceOf({ responses: vaultPolicy(copyInto({ Principal: '*', Condition: inUnit })) }));
  const steps = causes.find(({ id }) => id === 'vault-policy-lacks-source')?.steps.join('\n');
  for (const account of [SOURCE, DESTINATION]) {
    expect(steps).toContain(`aws organizations describe-account --account-id ${account}`);
  }
});
