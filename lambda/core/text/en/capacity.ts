import { vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { arg } from './policy-words';
import { startCopy } from './playbooks';

/** What a text of AWS says was reached, and the code that Service Quotas has for its service, where that is known. */
const QUOTAS: readonly (readonly [text: RegExp, quota: string, service?: string])[] = [
  [/concurrent number of (?:backups|copies)/i, 'backup and copy jobs at the same time, of AWS Backup'],
  [/in[- ]progress snapshots|concurrent snapshots/i, 'snapshots of one volume at the same time', 'ebs'],
  [/active snapshot/i, 'snapshots of Amazon EBS', 'ebs'],
  [/images|\bamis?\b/i, 'images (AMIs) of Amazon EC2', 'ec2'],
  [/user snapshots/i, 'snapshots made by users'],
  [/account\/database|timestream/i, 'backups of Amazon Timestream'],
];

/** "snapshots made by users, 20": the quota as the text has it; the number only where the text gives one. */
function quotaOf({ statusMessage = '' }: Copy): { readonly name: string; readonly service: string | undefined } {
  const [, quota, service] = QUOTAS.find(([pattern]) => pattern.test(statusMessage)) ?? [];
  const number = /\b(?:which is|quota of|more than|at most) (\d[\d,.]*\d|\d)/i.exec(statusMessage)?.[1];
  return {
    name: quota ? `${quota}${number ? `, ${number}` : ''}` : `as AWS puts it, "${clean(statusMessage, 200)}"`,
    service,
  };
}

const running = (copy: Copy, more = '') =>
  `aws backup list-copy-jobs --by-state RUNNING${more} --region ${arg(copy.sourceRegion)}`;

const again = (copy: Copy, when: string): string => `Start the copy again ${when}${startCopy(copy)}`;

/** Texts of the checks on capacity and on faults of the service, by check id. */
export const capacity = {
  'copy-concurrency-limit': {
    title: 'Too many copy jobs were running at the same time',
    steps: (copy: Copy): readonly string[] => [
      `Look at the copies that are running, with credentials of account ${copy.sourceAccount}; AWS Backup works on one job of a resource at a time:\n` +
        running(copy, copy.resourceArn ? ` --by-resource-arn ${arg(copy.resourceArn)}` : ''),
      again(copy, 'when they have ended; a copy costs what it would have cost before'),
      'Give the backup plans different start times, or the copy to a further Region a plan of its own, if it happens again.',
    ],
  },

  'service-quota-reached': {
    title: 'A quota of the service was reached',
    steps: (copy: Copy): readonly string[] => {
      const { name, service } = quotaOf(copy);
      const list = service
        ? `aws service-quotas list-service-quotas --service-code ${service} --query "Quotas[].[QuotaCode,QuotaName,Value,Adjustable]"`
        : 'aws service-quotas list-services';
      return [
        `Look up the quota (${name}) in account ${copy.destinationAccount}, where the copy is stored, then in account ${copy.sourceAccount}, ${copy.sourceRegion}:\n` +
          `${list} --region ${arg(copy.destinationRegion)}`,
        'Delete snapshots or images that nobody needs, which cannot be undone, or request a higher quota, which costs nothing by itself and can take days. SERVICE, CODE and NUMBER stand for the code of the service, that of the quota, and the new value:\n' +
          `aws service-quotas request-service-quota-increase --service-code ${service ?? 'SERVICE'} --quota-code CODE --desired-value NUMBER --region ${arg(copy.destinationRegion)}`,
        again(copy, 'when there is room'),
      ];
    },
  },

  'job-window-expired': {
    title: 'The job did not end within its time window',
    steps: (copy: Copy): readonly string[] => [
      `Look whether another job of the resource was running, with credentials of account ${copy.sourceAccount}; AWS Backup works on one at a time:\n` +
        running(copy, copy.resourceArn ? ` --by-resource-arn ${arg(copy.resourceArn)}` : ''),
      `Find the plan that copies to ${vaultName(copy.destinationVaultArn)}, and in its rule StartWindowMinutes and CompletionWindowMinutes:\n` +
        `aws backup describe-copy-job --copy-job-id ${copy.copyJobId} --query CopyJob.CreatedBy --region ${arg(copy.sourceRegion)}\n` +
        `aws backup get-backup-plan --backup-plan-id <id> --region ${arg(copy.sourceRegion)}`,
      'Make the window longer, or start the rule at an hour with less load; the old numbers undo it.',
      again(copy, 'after that, or wait for the next run'),
    ],
  },

  'aws-internal-error': {
    title: 'AWS reported an error of its own',
    steps: (copy: Copy): readonly string[] => [
      `Look for an event of ${copy.sourceRegion}${copy.crossRegion ? ` or ${copy.destinationRegion}` : ''} in the AWS Health Dashboard: https://health.aws.amazon.com/health/status`,
      again(copy, 'after some time'),
      `Open a case with AWS Support, if it fails again: copy job ${copy.copyJobId}, account ${copy.sourceAccount}, ${copy.sourceRegion}.`,
    ],
  },
};
