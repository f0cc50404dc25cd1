import { confirmed, REGION, type Scenario } from './scenario';
import { grantsBy, managedKey, ownKeys, policyText, useBy } from './stage';

export const encryptionScenarios: readonly Scenario[] = [
  {
    name: 'source-key-aws-managed',
    line: 'The EBS volume is encrypted with aws/ebs, which no other account can use.',
    expected: [confirmed('source-key-aws-managed')],
    arrange: (stage) => void (stage.recoveryPoint.keyArn = managedKey(stage, stage.source, REGION, 'aws/ebs').arn),
  },
  {
    name: 'destination-key-aws-managed',
    line: 'The destination vault is encrypted with aws/backup.',
    expected: [confirmed('destination-key-aws-managed')],
    arrange: (stage) => void (stage.destinationVault.key = managedKey(stage, stage.destination, REGION, 'aws/backup')),
  },
  {
    name: 'source-key-policy-lacks-destination',
    line: 'The policy of the source key does not let the destination account use the key.',
    expected: [confirmed('source-key-policy-lacks-destination')],
    arrange: ({ sourceKey, source, destination }) =>
      void (sourceKey.policy = policyText(ownKeys(source.id), grantsBy(destination.id))),
  },
  {
    name: 'source-key-policy-lacks-grants',
    line: 'The policy of the source key lets the destination account use the key, but not create grants.',
    expected: [confirmed('source-key-policy-lacks-grants')],
    arrange: ({ sourceKey, source, destination }) =>
      void (sourceKey.policy = policyText(ownKeys(source.id), useBy(destination.id))),
  },
  {
    name: 'source-key-unusable',
    line: 'The source key is about to be deleted; AWS says the same as for a key policy.',
    expected: [confirmed('source-key-unusable')],
    arrange: ({ sourceKey }) => void (sourceKey.state = 'PendingDeletion'),
  },
  {
    name: 'source-key-disabled',
    line: 'Somebody has disabled the source key; AWS says the same as for a key policy.',
    expected: [confirmed('source-key-unusable')],
    arrange: ({ sourceKey }) => void (sourceKey.state = 'Disabled'),
  },
];
