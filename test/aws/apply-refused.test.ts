import { applyHub, AUDIT } from './apply-change-fixture';
import { HOUR, MINUTE, policyOf } from './remediate-fixture';

const on = applyHub();
const { approved, apply, puts, refuse, expectUntouched } = on;

describe('what AWS refuses', () => {
  it.each<[string, string, string, string, RegExp]>([
    [
      'a malformed policy',
      'PutBackupVaultAccessPolicy',
      'InvalidParameterValueException',
      'no',
      /does not take the policy/,
    ],
    [
      'a principal that is gone',
      'PutBackupVaultAccessPolicy',
      'InvalidParameterValueException',
      'Policy contains a statement with one or more invalid principals.',
      /principal in the policy does not exist/,
    ],
    [
      'a right that the role lacks',
      'PutBackupVaultAccessPolicy',
      'AccessDeniedException',
      'is not authorized to perform: backup:PutBackupVaultAccessPolicy because no identity-based policy allows it',
      /^The role copy-doctor-eu-west-1-vault-writer of account 2{12} must let .* VaultNames, or let its owner make the change\. The caller may not/,
    ],
    [
      'by an SCP',
      'PutBackupVaultAccessPolicy',
      'AccessDeniedException',
      'with an explicit deny in a service control policy',
      /^A service control policy \(SCP\)/,
    ],
    [
      'what shares with other accounts',
      'PutBackupVaultAccessPolicy',
      'AccessDeniedException',
      'The specified policy cannot be added to the vault due to cross-account sharing restrictions.',
      /^AWS Backup does not take the policy: an old statement/,
    ],
    [
      'a vault that is gone',
      'PutBackupVaultAccessPolicy',
      'ResourceNotFoundException',
      'no vault',
      /There is no vault/,
    ],
    [
      'the role',
      'AssumeRole',
      'AccessDenied',
      'no',
      /^The role copy-doctor-eu-west-1-vault-writer of account 2{12} must let .*deploy the destination template there again/,
    ],
  ])('%s: nothing is changed, and it is told', async (_, operation, code, message, because) => {
    const incident = await approved();
    if (operation === 'AssumeRole') on.hub.vaultWriter.trust = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    else refuse(operation, code, message);
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'refused', tell: 'refused', because: expect.stringMatching(because) });
    expect(after.change).toBeUndefined();
    expect(on.vault.policy).toBe(policyOf(AUDIT));
    expect(puts().length).toBeLessThanOrEqual(1);
  });

  it('leaves due what passes by itself for an hour, and then tells a person', async () => {
    const incident = await approved();
    refuse('PutBackupVaultAccessPolicy', 'ThrottlingException', 'Rate exceeded');
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'applying', agenda: { apply: expect.any(String) } });
    expect(after.tell).toBe(incident.tell);
    expect(on.slept).toBe(15_000);
    await on.hub.sandbox.clock.advance(HOUR - MINUTE);
    expect(await apply(after)).toMatchObject({ state: 'applying' });
    await on.hub.sandbox.clock.advance(5 * MINUTE);
    expect(await apply(after)).toMatchObject({ state: 'refused', because: expect.stringMatching(/no more calls/) });
    expect(on.vault.policy).toBe(policyOf(AUDIT));
  });

  it('leaves alone a vault of which nobody can say whether a stack owns it, and tells why', async () => {
    const incident = await approved();
    for (const [service, operation] of [
      ['cloudformation', 'DescribeStackResources'],
      ['tagging', 'GetResources'],
    ] as const) {
      const error = { code: 'AccessDeniedException', message: 'no', status: 400 };
      on.hub.sandbox.faults.add({ service, operation, error });
    }
    expect(await apply(incident)).toMatchObject({ state: 'applying' });
    await on.hub.sandbox.clock.advance(HOUR + 5 * MINUTE);
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'refused', because: expect.stringMatching(/whether a CloudFormation stack/) });
    expectUntouched();
  });

  it('makes it a little later when AWS throttled what has to be read', async () => {
    const incident = await approved();
    refuse('DescribeBackupVault', 'ThrottlingException', 'Rate exceeded');
    const after = await apply(incident);
    expect(after.state).toBe('applying');
    expectUntouched();
    // Not due yet: whoever comes now does nothing.
    on.hub.sandbox.faults.clear();
    expect(await apply(after)).toEqual(after);
    await on.hub.sandbox.clock.advance(5 * MINUTE);
    expect((await apply(after)).state).toBe('settling');
  });

  it.each([
    ['kms', 'DescribeKey', 'KMSInternalException', 500],
    ['kms', 'GetKeyPolicy', 'DependencyTimeoutException', 503],
    ['organizations', 'DescribeOrganization', 'ServiceException', 500],
  ])('makes it a little later when %s:%s failed with %s', async (service, operation, code, status) => {
    const incident = await approved();
    on.hub.sandbox.faults.add({ service, operation, error: { code, message: 'once more', status } });
    expect((await apply(incident)).state).toBe('applying');
    expectUntouched();
  });

  it('says so when it is not seen whether the change was made', async () => {
    const incident = await approved();
    refuse('PutBackupVaultAccessPolicy', 'InternalFailure', 'oops', 500);
    const after = await apply(incident);
    expect(after).toMatchObject({ state: 'refused', because: expect.stringMatching(/not known yet/) });
    expect(puts()).toHaveLength(1);
    expect(on.slept).toBe(60_000);
  });

  it('sees by itself that it was made when only the answer was lost', async () => {
    const incident = await approved();
    on.hub.sandbox.faults.add({
      service: 'backup',
      operation: 'PutBackupVaultAccessPolicy',
      lostAnswer: true,
      times: 1,
    });
    expect(await apply(incident)).toMatchObject({ state: 'settling', change: { at: expect.any(String) } });
    expect(puts()).toHaveLength(1);
  });

  it('does nothing when the policy as it was cannot be kept', async () => {
    const incident = await approved();
    const no = jest.spyOn(on.deployed.incidents, 'putBefore').mockRejectedValue(new Error('no table'));
    await expect(apply(incident)).rejects.toThrow('no table');
    no.mockRestore();
    expectUntouched();
  });
});
