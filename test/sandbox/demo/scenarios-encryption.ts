import { confirmed, KEYS, REGION, type Scenario } from './scenario';
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
    name: 'image-with-two-keys',
    line: 'The second disk of an EC2 image is under a key of its own, which the destination account may not use.',
    expected: [confirmed('source-key-policy-lacks-destination')],
    copy: { type: 'EC2' },
    arrange({ sandbox, recoveryPoint, source, destination }) {
      const policy = policyText(ownKeys(source.id), grantsBy(destination.id));
      recoveryPoint.furtherKeyArns = [sandbox.addKey({ account: source.id, region: REGION, policy }).arn];
      return undefined;
    },
  },
  {
    name: 'image-with-two-closed-keys',
    line: 'The two disks of an EC2 image are under two keys, and neither lets the destination account make grants.',
    expected: [confirmed('source-key-policy-lacks-grants'), confirmed('source-key-policy-lacks-grants')],
    copy: { type: 'EC2' },
    arrange({ sandbox, sourceKey, recoveryPoint, source, destination }) {
      const policy = policyText(ownKeys(source.id), useBy(destination.id));
      sourceKey.policy = policy;
      recoveryPoint.furtherKeyArns = [sandbox.addKey({ account: source.id, region: REGION, policy }).arn];
      return undefined;
    },
  },
  {
    name: 'key-of-a-third-account',
    line: 'The source key belongs to a third account; its policy does not let the destination account use it.',
    expected: [confirmed('source-key-policy-lacks-destination')],
    arrange({ sandbox, recoveryPoint, source, destination }) {
      const policy = policyText(ownKeys(KEYS), useBy(source.id), grantsBy(destination.id));
      recoveryPoint.keyArn = sandbox.addKey({ account: KEYS, region: REGION, policy }).arn;
      return undefined;
    },
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
  {
    name: 'destination-key-policy-lacks-backup',
    line: "The policy of the destination vault's key lets its account administer the key, and nobody use it.",
    expected: [confirmed('destination-key-policy-lacks-backup')],
    arrange: ({ destinationKey, destination }) =>
      void (destinationKey.policy = policyText({
        ...ownKeys(destination.id),
        Sid: 'Administration',
        Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:Put*', 'kms:Enable*', 'kms:Disable*'],
      })),
  },
  {
    name: 'source-key-missing',
    line: 'The source key was deleted; the recovery point still names it.',
    expected: [confirmed('source-key-missing')],
    arrange: ({ recoveryPoint, source }) =>
      void (recoveryPoint.keyArn = `arn:aws:kms:${REGION}:${source.id}:key/99999999-9999-4999-8999-999999999999`),
  },
  {
    name: 'source-key-policy-denies',
    line: 'The policy of the source key lets the destination account in, but a further statement denies all grants.',
    expected: [confirmed('source-key-policy-denies')],
    arrange: ({ sourceKey, source, destination: { id } }) => {
      const deny = { Sid: 'NoGrants', Effect: 'Deny', Principal: '*', Action: 'kms:CreateGrant', Resource: '*' };
      sourceKey.policy = policyText(ownKeys(source.id), useBy(id), grantsBy(id), deny);
      return undefined;
    },
  },
  {
    name: 'destination-key-unusable',
    line: 'Somebody has disabled the key of the destination vault.',
    expected: [confirmed('destination-key-unusable')],
    arrange: ({ destinationKey }) => void (destinationKey.state = 'Disabled'),
  },
];
