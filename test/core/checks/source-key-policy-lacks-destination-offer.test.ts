import { sourceKeyPolicyLacksDestination } from '../../../lambda/core/checks/source-key-policy-lacks-destination';
import {
  DESTINATION,
  evidenceOf,
  KEY_STATEMENTS,
  SERVICE_LINKED_ROLE,
  SOURCE_KEY,
  type Overrides,
} from '../evidence-fixture';
import { offeredStatement, stepsOf } from './offered-statement';
import { efs, keyPolicy, KMS_TEXT, notByCopyRole } from './source-key-fixture';

const { owner } = KEY_STATEMENTS;

describe('the offered statement', () => {
  const steps = (overrides: Overrides) => stepsOf(sourceKeyPolicyLacksDestination, evidenceOf(overrides));

  it('names the service-linked role alone for a type that is not fully managed', () => {
    const told = steps({ responses: keyPolicy(owner) });
    expect(told).toContain(`"aws:PrincipalArn": "${SERVICE_LINKED_ROLE}"`);
    expect(told).toContain(`aws kms put-key-policy --key-id ${SOURCE_KEY} --policy-name default`);
  });

  it('names the whole account for a fully managed type', () => {
    const told = steps({ detail: efs(KMS_TEXT), responses: keyPolicy(notByCopyRole) });
    expect(told).toContain(`CopyDoctorAllowUseBy${DESTINATION}`);
    expect(told).not.toContain('aws:PrincipalArn');
  });

  it('is not there while the key is disabled', () => {
    const told = steps({
      responses: {
        ...keyPolicy(owner),
        'kms:DescribeKey@source': { KeyMetadata: { Arn: SOURCE_KEY, KeyManager: 'CUSTOMER', KeyState: 'Disabled' } },
      },
    });
    expect(told).toContain('aws kms enable-key');
    expect(told).not.toContain('put-key-policy');
  });

  it('cures the fault that it is offered for', () => {
    for (const { detail, responses, from } of [
      { detail: {}, responses: keyPolicy(owner), from: [owner] },
      { detail: efs(KMS_TEXT), responses: keyPolicy(notByCopyRole), from: [notByCopyRole] },
    ]) {
      const statement = offeredStatement(sourceKeyPolicyLacksDestination, evidenceOf({ detail, responses }));
      const mended = evidenceOf({ detail, responses: keyPolicy(...from, statement) });
      expect(sourceKeyPolicyLacksDestination.evaluate(mended)).toEqual({ status: 'ok' });
    }
  });
});
