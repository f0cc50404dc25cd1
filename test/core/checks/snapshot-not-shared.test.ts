import { snapshotNotShared } from '../../../lambda/core/checks/snapshot-not-shared';
import { copyOf } from '../../../lambda/core/evidence';
import { evidenceOf } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

testMessageCheck(snapshotNotShared, {
  messages: [
    'You do not have permission to access the storage of this ami.',
    'You do not have permissions to access the storage of this image (Service: AmazonEC2; Status Code: 400; Error Code: InvalidRequest)',
  ],
  others: ['You do not have permission to access the storage of this bucket.'],
  overrides: { detail: { resourceType: 'EC2' }, job: { ResourceType: 'EC2' } },
});

it('looks in CloudTrail of the source for both calls', () => {
  const [first] = snapshotNotShared.stepsByMessage?.(copyOf(evidenceOf())) ?? [];
  expect(first).toMatch(
    /account 111111111111[^]*--region eu-west-1 .*ModifySnapshotAttribute\n.*ModifyImageAttribute$/,
  );
});
