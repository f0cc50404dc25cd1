import { destinationVaultMissing } from '../../../lambda/core/checks/destination-vault-missing';
import { DESTINATION, DESTINATION_VAULT, evidenceOf, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const refused = { 'backup:DescribeBackupVault@destination': { error: 'AccessDeniedException' } };
const listed = (...names: readonly string[]) => ({
  'backup:ListBackupVaults@destination': { BackupVaultList: names.map((BackupVaultName) => ({ BackupVaultName })) },
});

testCheck(destinationVaultMissing, {
  fault: [
    {
      name: 'a full list without the vault',
      evidence: evidenceOf({ responses: { ...refused, ...listed('Default', 'audit') } }),
      confidence: 'confirmed',
      resource: DESTINATION_VAULT,
      because: [`account ${DESTINATION} in eu-west-1 has no vault dr`],
    },
    {
      name: 'an empty list',
      evidence: evidenceOf({ responses: { ...refused, ...listed() } }),
      confidence: 'confirmed',
    },
    {
      name: 'within one account',
      evidence: evidenceOf({
        detail: toVault(SOURCE, { region: 'us-east-1' }),
        responses: { ...refused, ...listed('Default') },
      }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'a vault that is described', evidence: evidenceOf() },
    { name: 'a vault that is only on the list', evidence: evidenceOf({ responses: { ...refused, ...listed('dr') } }) },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'an answer that holds no list',
      evidence: evidenceOf({ responses: { ...refused, 'backup:ListBackupVaults@destination': {} } }),
      missing: [{ permission: 'backup:ListBackupVaults', account: DESTINATION }],
    },
    {
      name: 'the description of a vault of another name, and no list',
      evidence: evidenceOf({
        responses: {
          'backup:DescribeBackupVault@destination': { BackupVaultName: 'other' },
          'backup:ListBackupVaults@destination': undefined,
        },
      }),
      missing: [{ permission: 'backup:ListBackupVaults', reason: 'not read' }],
    },
    {
      name: 'a list that cannot be read: a refused DescribeBackupVault proves nothing',
      evidence: evidenceOf({
        responses: { ...refused, 'backup:ListBackupVaults@destination': { error: 'AccessDeniedException' } },
      }),
      missing: [{ permission: 'backup:ListBackupVaults', account: DESTINATION, reason: 'AccessDeniedException' }],
    },
    {
      name: 'a list that is not complete',
      evidence: evidenceOf({
        responses: { ...refused, 'backup:ListBackupVaults@destination': { BackupVaultList: [], NextToken: 'more' } },
      }),
      missing: [{ permission: 'backup:ListBackupVaults', reason: 'the list is not complete' }],
    },
  ],
});
