import { destinationRegionNotEnabled } from '../../../lambda/core/checks/destination-region-not-enabled';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Response } from '../../../lambda/core/evidence';
import { DESTINATION, evidenceOf, SOURCE, type Overrides } from '../evidence-fixture';
import { testCheck } from './check-tester';

const MESSAGE = 'The AWS Access Key Id needs a subscription for the service';
const vault = (account: string, region: string) => `arn:aws:backup:${region}:${account}:backup-vault:dr`;
const FAR = vault(DESTINATION, 'me-south-1');
const NOT_KNOWN = { error: 'UnrecognizedClientException' };
const regional = (vaultAnswer: Response, policy = vaultAnswer, list = vaultAnswer): Overrides['responses'] => ({
  'backup:DescribeBackupVault@destination': vaultAnswer,
  'backup:GetBackupVaultAccessPolicy@destination': policy,
  'backup:ListBackupVaults@destination': list,
});
const copyOf = (to: string, responses?: Overrides['responses'], statusMessage = MESSAGE) =>
  evidenceOf({ detail: { destinationBackupVaultArn: to, statusMessage }, ...(responses ? { responses } : {}) });
const ORGANIZATION = 'organizations:DescribeOrganization@destination';

testCheck(destinationRegionNotEnabled, {
  fault: [
    ...['UnrecognizedClientException', 'InvalidClientTokenId', 'OptInRequired', 'RegionDisabledException'].map(
      (error) => ({
        name: error,
        evidence: copyOf(FAR, regional({ error })),
        confidence: 'likely' as const,
        because: ['me-south-1', error, DESTINATION],
        resource: `me-south-1 in account ${DESTINATION}`,
      }),
    ),
    {
      name: 'without the message',
      evidence: copyOf(FAR, regional(NOT_KNOWN), 'Access Denied trying to call AWS Backup service'),
      confidence: 'possible',
    },
    {
      name: 'an account in no organization',
      evidence: copyOf(FAR, { ...regional(NOT_KNOWN), [ORGANIZATION]: { error: 'AWSOrganizationsNotInUseException' } }),
      confidence: 'likely',
    },
    {
      name: 'Organizations refuses, and so knows the account',
      evidence: copyOf(FAR, { ...regional(NOT_KNOWN), [ORGANIZATION]: { error: 'AccessDeniedException' } }),
      confidence: 'likely',
    },
    {
      name: 'another Region of the same account',
      evidence: copyOf(vault(SOURCE, 'me-south-1'), regional(NOT_KNOWN)),
      confidence: 'likely',
    },
  ],
  ok: [
    { name: 'the vault was read', evidence: copyOf(FAR) },
    { name: 'one answer of three', evidence: copyOf(FAR, regional(NOT_KNOWN, NOT_KNOWN, { BackupVaultList: [] })) },
    {
      name: 'a refusal that speaks of permissions',
      evidence: copyOf(FAR, regional({ error: 'AccessDeniedException' })),
    },
    {
      name: 'the vault is not there, which only a Region says that knows the account',
      evidence: copyOf(FAR, regional(NOT_KNOWN, { error: 'ResourceNotFoundException' })),
    },
  ],
  notApplicable: [
    {
      name: 'a Region that is on in every account',
      evidence: copyOf(vault(DESTINATION, 'eu-west-1'), regional(NOT_KNOWN)),
    },
    {
      name: 'China, whose Regions are all on',
      evidence: copyOf(vault(DESTINATION, 'cn-north-1').replace('arn:aws:', 'arn:aws-cn:'), regional(NOT_KNOWN)),
    },
    {
      name: 'the Region in which the copy ran',
      evidence: evidenceOf({
        event: { region: 'me-south-1' },
        detail: {
          sourceBackupVaultArn: vault(SOURCE, 'me-south-1'),
          destinationBackupVaultArn: vault(SOURCE, 'me-south-1'),
        },
      }),
    },
  ],
  unknown: [
    {
      name: 'no reader role',
      evidence: copyOf(FAR, regional({ error: 'ReaderRoleNotAssumable' })),
      missing: [{ account: DESTINATION, reason: 'ReaderRoleNotAssumable' }, {}, {}],
    },
    {
      name: 'one read timed out',
      evidence: copyOf(FAR, regional(NOT_KNOWN, { error: 'TimeoutError' })),
      missing: [{ permission: 'backup:GetBackupVaultAccessPolicy', account: DESTINATION, reason: 'TimeoutError' }],
    },
    {
      name: 'Organizations does not take the credentials either: they are bad',
      evidence: copyOf(FAR, { ...regional(NOT_KNOWN), [ORGANIZATION]: NOT_KNOWN }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: DESTINATION }],
    },
    {
      name: 'Organizations was not asked',
      evidence: copyOf(FAR, { ...regional(NOT_KNOWN), [ORGANIZATION]: undefined }),
      missing: [{ permission: 'organizations:DescribeOrganization', account: DESTINATION, reason: 'not read' }],
    },
  ],
});

it('is the only cause, though the message names two and nothing else of the Region could be read', () => {
  const { causes } = diagnose(copyOf(FAR, regional(NOT_KNOWN)));
  expect(causes.map(({ id, confidence }) => [id, confidence])).toEqual([['destination-region-not-enabled', 'likely']]);
});
