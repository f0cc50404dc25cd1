import { copyConcurrencyLimit } from '../../../lambda/core/checks/copy-concurrency-limit';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf, RECOVERY_POINT, VOLUME } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

testMessageCheck(copyConcurrencyLimit, {
  messages: [
    'There are too many copy jobs running for resource.',
    'Copy job failed because there was a running job for the same resource.',
  ],
  others: ['There are many copy jobs for this resource.'],
});

it('says it with real ids', () => {
  const steps = copyConcurrencyLimit.stepsByMessage?.(copyOf(evidenceOf())).join('\n');
  expect(steps).toContain(`list-copy-jobs --by-state RUNNING --by-resource-arn ${VOLUME} --region eu-west-1`);
  expect(steps).toContain(`start-copy-job --recovery-point-arn ${RECOVERY_POINT} --source-backup-vault-name prod`);
});
