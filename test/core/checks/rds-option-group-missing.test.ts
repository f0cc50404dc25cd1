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

describe('where the snapshot can go', () => {
  const text = (options: string) =>
    `The snapshot requires a target option group with the following options: ${options}`;
  const to = (destinationBackupVaultArn: string, options: string) => {
    const job = { ...overrides.job, StatusMessage: text(options) };
    const evidence = evidenceOf({ detail: { ...overrides.detail, destinationBackupVaultArn }, job });
    return (rdsOptionGroupMissing.stepsByMessage?.(copyOf(evidence)) ?? []).join('\n');
  };
  const elsewhere = (options: string) => to('arn:aws:backup:eu-west-1:222222222222:backup-vault:dr', options);
  const farAway = (options: string) => to(`arn:aws:backup:eu-west-3:${SOURCE}:backup-vault:dr`, options);

  it.each(['TDE', 'TDE, Timezone', '....'])('%s: not into another account', (options) => {
    const steps = elsewhere(options);
    expect(steps).not.toMatch(/create-option-group|copy-db-snapshot|to an option group without/);
    expect(steps).toContain('no snapshot of this database leaves account 111111111111');
    expect(steps).toContain('export and import of its engine');
  });
  it.each(['Timezone', 'OLS', 'Timezone, OLS', 'OLS and Timezone'])('%s of Oracle: Amazon RDS copies it', (options) => {
    expect(elsewhere(options)).toMatch(
      /create-option-group[^]*share that with account 222222222222[^]*copy-db-snapshot/,
    );
  });
  it.each(['TDE', 'Timezone'])('%s: Amazon RDS copies it within the account', (options) => {
    expect(farAway(options)).toMatch(/create-option-group[^]*copy-db-snapshot[^]*without persistent options/);
    expect(farAway(options)).not.toContain('share');
  });
});
