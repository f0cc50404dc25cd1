import { destinationVaultIsDefault } from '../../../lambda/core/checks/destination-vault-is-default';
import { DESTINATION, evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const into = (account: string, name: string, partition = 'aws') => ({
  destinationBackupVaultArn: `arn:${partition}:backup:eu-west-1:${account}:backup-vault:${name}`,
});

testCheck(destinationVaultIsDefault, {
  fault: [
    {
      name: 'the Default vault of another account',
      evidence: evidenceOf({ detail: into(DESTINATION, 'Default') }),
      confidence: 'confirmed',
      resource: `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:Default`,
      because: ['named Default of account 222222222222', 'from another account, 111111111111'],
    },
    {
      name: 'the record of the job names it, the event does not',
      evidence: evidenceOf({
        job: { DestinationBackupVaultArn: `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:Default` },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'in China',
      evidence: evidenceOf({ detail: into(DESTINATION, 'Default', 'aws-cn') }),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'another vault', evidence: evidenceOf() },
    {
      name: 'a vault named default: names are case-sensitive',
      evidence: evidenceOf({ detail: into(DESTINATION, 'default') }),
    },
  ],
  notApplicable: [
    { name: 'the Default vault of the same account', evidence: evidenceOf({ detail: into(SOURCE, 'Default') }) },
  ],
  unknown: [],
});
