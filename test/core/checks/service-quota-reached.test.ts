import { serviceQuotaReached } from '../../../lambda/core/checks/service-quota-reached';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

const IMAGES =
  'You have reached your quota of 50,000 for the number of public and private images allowed in this Region. Deregister unused images, or request an increase in your AMI quota.';

const stepsFor = (StatusMessage: string) =>
  serviceQuotaReached.stepsByMessage?.(copyOf(evidenceOf({ job: { StatusMessage } }))) ?? [];

testMessageCheck(serviceQuotaReached, {
  messages: [
    IMAGES,
    'Maximum allowed active snapshot limit exceeded.',
    'Cannot create more than 20 user snapshots',
    'An account can have at most 100 of these.',
  ],
  others: ['You have not reached your quota of 50,000.', 'There are too many copy jobs running for resource.'],
});

it.each([
  [IMAGES, 'images (AMIs) of Amazon EC2, 50,000', '--service-code ec2'],
  ['Maximum allowed active snapshot limit exceeded.', 'snapshots of Amazon EBS', '--service-code ebs'],
  ['Maximum allowed in-progress snapshots for a single volume exceeded.', 'one volume at the same time', 'ebs'],
  ['Cannot create more than 20 user snapshots', 'snapshots made by users, 20', 'list-services'],
  [
    'Subscriber limit exceeded: You have reached the maximum concurrent number of backups, which is 300. Wait until other jobs finish, and try again.',
    'of AWS Backup, 300',
    'list-services',
  ],
  [
    'You have reached the maximum supported backups for your account/database.',
    'backups of Amazon Timestream',
    'list-services',
  ],
  [
    'A vault can have at most 100 of these.',
    'as AWS puts it, "A vault can have at most 100 of these."',
    'list-services',
  ],
])('names the quota of "%s"', (StatusMessage, name, command) => {
  const lookUp = stepsFor(StatusMessage).find((step) => step.startsWith('Look up the quota'));
  expect(lookUp).toContain(name);
  expect(lookUp).toContain(command);
  expect(lookUp).toContain('--region eu-west-1');
});

it.each([
  'Subscriber limit exceeded: You have reached the maximum concurrent number of backups, which is 300. Wait until other jobs finish, and try again. You can also reach out to Support to request a quota increase.',
  'You have reached the maximum concurrent number of copies, which is 30.',
  'You have reached the maximum number of concurrent copies, which is 30.',
  'Maximum allowed in-progress snapshots for a single volume exceeded.',
  'Image creation throttled due to maximum number of concurrent snapshots on an EBS volume.',
])('waits where only so many may run at once: "%s"', (StatusMessage) => {
  const steps = stepsFor(StatusMessage).join('\n');
  expect(steps).not.toMatch(/delete/i);
  expect(steps).toMatch(/--by-state RUNNING[^]*when they have ended[^]*different start times[^]*equest a higher quota/);
});

it.each([
  [IMAGES, true],
  ['Maximum allowed active snapshot limit exceeded.', true],
  ['Cannot create more than 20 user snapshots', true],
  ['You have reached the maximum supported backups for your account/database.', true],
  ['An account can have at most 100 of these.', false],
  ['Subscriber limit exceeded', false],
])('deletes only where what is kept is counted: "%s"', (StatusMessage, deletes) => {
  expect(/Delete snapshots/.test(stepsFor(StatusMessage).join('\n'))).toBe(deletes);
});
