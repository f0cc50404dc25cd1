import { confirmed, REGION, type Scenario } from './scenario';
import { managedKey, type Stage } from './stage';

/** A volume of the cluster, encrypted like the others, or with a key that no other account can use. */
const volume = ({ sandbox, sourceVault, sourceKey }: Stage, key = sourceKey) =>
  sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key });

export const compositeScenarios: readonly Scenario[] = [
  {
    name: 'nested-copy-failed',
    line: 'One volume of an EKS cluster is encrypted with aws/ebs, so the composite copy ends as PARTIAL.',
    expected: [confirmed('nested-copy-failed')],
    copy: { type: 'EKS' },
    arrange: (stage) => {
      const managed = managedKey(stage, stage.source, REGION, 'aws/ebs');
      stage.recoveryPoint.members = [volume(stage), volume(stage, managed), volume(stage)];
      return undefined;
    },
  },
];
