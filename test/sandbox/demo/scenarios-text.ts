import { confirmed, likely, possible, type Scenario } from './scenario';

/** https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html */
const COST_CENTERS = {
  tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['100', '200'], enforced_for: ['ec2:snapshot'] } },
};

export const tagScenarios: readonly Scenario[] = [
  {
    name: 'tag-policy-violation',
    line: "A tag of the recovery point has a value that the destination account's tag policy forbids.",
    expected: [confirmed('tag-policy-violation')],
    arrange: ({ destination, recoveryPoint }) => {
      destination.effectiveTagPolicy = COST_CENTERS;
      recoveryPoint.tags = { CostCenter: '999' };
      return () => (destination.effectiveTagPolicy = undefined);
    },
  },
  {
    name: 'too-many-tags',
    line: 'The tags of the resource and of the backup plan are 51 together.',
    expected: [likely('too-many-tags')],
    arrange: ({ recoveryPoint }) =>
      void (recoveryPoint.tags = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`tag-${n + 1}`, 'x']))),
  },
  {
    name: 'tag-copy-failed',
    line: 'AWS Backup could not copy the tags, and no tag policy is in the way.',
    expected: [likely('tag-copy-failed')],
    injected: {
      statusMessage: 'We are unable to copy resource tags to your backup because of the internal failure.',
      messageCategory: 'TAG_COPY_ERROR',
    },
  },
];

export const textScenarios: readonly Scenario[] = [
  {
    name: 'uncatalogued',
    line: 'AWS Backup says something that nobody has written down yet, and nothing is wrong.',
    expected: [possible('uncatalogued')],
    injected: {
      statusMessage: 'The flux of the replication pipeline exceeded its envelope.',
      messageCategory: 'MISCELLANEOUS',
    },
  },
];
