import { tooManyTags } from '../../../lambda/core/checks/too-many-tags';
import { evidenceOf, RECOVERY_POINT, SOURCE, VOLUME } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

const MESSAGE = 'The resultant tag set must not have more than 50 user tags.';

testMessageCheck(tooManyTags, {
  messages: [MESSAGE, 'More than 50 tags specified'],
  others: ['The resultant tag set has 50 user tags.', 'We are unable to copy resource tags to your backup.'],
});

const tagged = (count: number) =>
  tooManyTags.evaluate(
    evidenceOf({
      job: { StatusMessage: MESSAGE },
      responses: {
        'tag:GetResources@source': {
          ResourceTagMappingList: [
            {
              ResourceARN: RECOVERY_POINT.replace('::', `:${SOURCE}:`),
              Tags: Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: 'v' })),
            },
          ],
        },
      },
    }),
  );

it.each([
  [1, 'The recovery point has 1 tag;'],
  [48, 'The recovery point has 48 tags;'],
])('counts the tags that were read: %i', (count, told) => {
  expect(tagged(count)).toMatchObject({ status: 'unknown', because: expect.stringContaining(told) as string });
});

it('does not count what was not read', () => {
  const result = tooManyTags.evaluate(evidenceOf({ job: { StatusMessage: MESSAGE } }));
  expect(JSON.stringify(result)).not.toContain('The recovery point has');
});

it('names the resource in the command', () => {
  const copy = { sourceAccount: SOURCE, sourceRegion: 'eu-west-1', resourceArn: VOLUME } as never;
  expect(tooManyTags.stepsByMessage?.(copy)[0]).toContain(`--resource-arn-list ${VOLUME}`);
});
