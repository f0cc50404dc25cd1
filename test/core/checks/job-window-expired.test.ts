import { jobWindowExpired } from '../../../lambda/core/checks/job-window-expired';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf, JOB } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

testMessageCheck(jobWindowExpired, {
  messages: ['Backup job expired before completion.', 'Copy job expired before completion'],
  others: ['Copy job ended before it expired.'],
});

it('says it with real ids', () => {
  const steps = jobWindowExpired.stepsByMessage?.(copyOf(evidenceOf())).join('\n');
  expect(steps).toContain(`describe-copy-job --copy-job-id ${JOB}`);
});
