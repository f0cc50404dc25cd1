import { rdsOptionGroupMissing } from '../../../lambda/core/checks/rds-option-group-missing';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf, SOURCE } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

const DATABASE = `arn:aws:rds:eu-west-1:${SOURCE}:db:orders`;
const overrides = {
  detail: { resourceType: 'RDS', resourceArn: DATABASE },
  job: { ResourceType: 'RDS', ResourceArn: DATABASE },
};

testMessageCheck(rdsOptionGroupMissing, {
  messages: [
    'The snapshot requires a target option group with the following options: ....',
    'The snapshot requires a target option group with the following options: TDE, Timezone',
    'Copy job failed. This snapshot requires a target option group with the following options: TDE. (Service: AmazonRDS; Status Code: 400; Error Code: InvalidParameterCombination; Request ID: 1)',
  ],
  others: ['The option group orders does not exist.'],
  overrides,
});

const stepsFor = (StatusMessage: string) =>
  rdsOptionGroupMissing.stepsByMessage?.(
    copyOf(evidenceOf({ ...overrides, job: { ...overrides.job, StatusMessage } })),
  ) ?? [];

it('names the options of the text, and the database', () => {
  const [first] = stepsFor(
    'The snapshot requires a target option group with the following options: TDE, Timezone. (Service: AmazonRDS)',
  );
  expect(first).toContain("AWS's message asks for TDE, Timezone:");
  expect(first).toContain('--region eu-west-1 --db-instance-identifier orders');
});

it('names none where the text has none', () => {
  expect(stepsFor('The snapshot requires a target option group with the following options: ....')[0]).not.toContain(
    'asks for',
  );
});
