import { awsInternalError } from '../../../lambda/core/checks/aws-internal-error';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf, JOB, SOURCE } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

testMessageCheck(awsInternalError, {
  messages: [
    'An internal error occurred.',
    'Copy job encountered a fatal error. Please contact AWS Support for further assistance.',
    'Token expired. Try again.',
  ],
  others: ['No internal error occurred.', 'Token expired. Sign in to the console again.'],
});

it('says it with real ids', () => {
  const steps = awsInternalError.stepsByMessage?.(copyOf(evidenceOf())).join('\n');
  expect(steps).toContain(`copy job ${JOB}, account ${SOURCE}, eu-west-1`);
});
