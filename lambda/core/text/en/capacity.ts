import { vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { arg } from './policy-words';
import { startCopy } from './playbooks';

interface Quota {
  readonly text: RegExp;
  readonly name: string;
  /** The code that Service Quotas has for its service, where that is known. */
  readonly service?: string;
  /** It counts what is kept, so room can be made. */
  readonly stored?: true;
}

/** What a text of AWS says was reached. */
const QUOTAS: readonly Quota[] = [
  {
    text: /concurrent (?:number of )?(?:backups|copies)/i,
    name: 'backup and copy jobs at the same time, of AWS Backup',
  },
  {
    text: /in[- ]progress snapshots|concurrent snapshots/i,
    name: 'snapshots of one volume at the same time',
    service: 'ebs',
  },
  { text: /active snapshot/i, name: 'snapshots of Amazon EBS', service: 'ebs', stored: true },
  { text: /images|\bamis?\b/i, name: 'images (AMIs) of Amazon EC2', service: 'ec2', stored: true },
  { text: /user snapshots/i, name: 'snapshots made by users', stored: true },
  { text: /account\/database|timestream/i, name: 'backups of Amazon Timestream', stored: true },
];
const CONCURRENT = /concurrent|in[- ]progress|at the same time/i;

/** "snapshots made by users, 20": the quota as the text has it; the number only where the text gives one. */
function quotaOf({ statusMessage = '' }: Copy) {
  const quota = QUOTAS.find(({ text }) => text.test(statusMessage));
  const number = /\b(?:which is|quota of|more than|at most) (\d[\d,.]*\d|\d)/i.exec(statusMessage)?.[1];
  return {
    name: quota ? `${quota.name}${number ? `, ${number}` : ''}` : `as AWS puts it, "${clean(statusMessage, 200)}"`,
    service: quota?.service,
    stored: quota?.stored === true,
    concurrent: CONCURRENT.test(statusMessage),
  };
}

const running = (copy: Copy, more = '') =>
  `aws backup list-copy-jobs --by-state RUNNING${more} --region ${arg(copy.sourceRegion)}`;

const again = (copy: Copy, when: string): string => `Start the copy again ${when}${startCopy(copy)}`;

/** What helps where only so many may run at once. */
const waitAndSpread = (copy: Copy, more = ''): readonly string[] => [
  `Look at the copies that are running, with credentials of account ${copy.sourceAccount}; AWS Backup works on one job of a resource at a time:\n` +
    running(copy, more),
  again(copy, 'when they have ended; a copy costs what it would have cost before'),
  'Give the backup plans different start times, or the copy to a further Region a plan of its own, if it happens again.',
];
const ofResource = ({ resourceArn }: Copy) => (resourceArn ? ` --by-resource-arn ${arg(resourceArn)}` : '');

/** Texts of the checks on capacity and on faults of the service, by check id. */
export const capacity = {
  'copy-concurrency-limit': {
    title: 'Too many copy jobs were running at the same time',
    steps: (copy: Copy): readonly string[] => waitAndSpread(copy, ofResource(copy)),
  },

  'service-quota-reached': {
    title: 'A quota of the service was reached',
    steps: (copy: Copy): readonly string[] => {
      const { name, service, stored, concurrent } = quotaOf(copy);
      const list = service
        ? `aws service-quotas list-service-quotas --service-code ${service} --query "Quotas[].[QuotaCode,QuotaName,Value,Adjustable]"`
        : 'aws service-quotas list-services';
      const request =
        'equest a higher quota, which costs nothing by itself and can take days; AWS Support does it where Service Quotas does not list it. SERVICE, CODE and NUMBER stand for the code of the service, that of the quota, and the new value:\n' +
        `aws service-quotas request-service-quota-increase --service-code ${service ?? 'SERVICE'} --quota-code CODE --desired-value NUMBER --region ${arg(copy.destinationRegion)}`;
      const lookUp =
        `Look up the quota (${name}) in account ${copy.destinationAccount}, where the copy is stored, then in account ${copy.sourceAccount}, ${copy.sourceRegion}:\n` +
        `${list} --region ${arg(copy.destinationRegion)}`;
      if (concurrent) return [...waitAndSpread(copy), lookUp, `R${request}`];
      return [
        lookUp,
        stored ? `Delete snapshots or images that nobody needs, which cannot be undone, or r${request}` : `R${request}`,
        again(copy, 'when there is room'),
      ];
    },
  },

  'job-window-expired': {
    title: 'The job did not end within its time window',
    steps: (copy: Copy): readonly string[] => [
      `Look whether another job of the resource was running, with credentials of account ${copy.sourceAccount}; AWS Backup works on one at a time:\n` +
        running(copy, ofResource(copy)),
      `Find the plan that copies to ${vaultName(copy.destinationVaultArn)}, and in its rule StartWindowMinutes and CompletionWindowMinutes; put the BackupPlanId of the first answer in place of PLAN:\n` +
        `aws backup describe-copy-job --copy-job-id ${copy.copyJobId} --query CopyJob.CreatedBy --region ${arg(copy.sourceRegion)}\n` +
        `aws backup get-backup-plan --backup-plan-id PLAN --region ${arg(copy.sourceRegion)}`,
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
