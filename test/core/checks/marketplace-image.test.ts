import { marketplaceImage } from '../../../lambda/core/checks/marketplace-image';
import { SOURCE } from '../evidence-fixture';
import { testMessageCheck } from './message-tester';

testMessageCheck(marketplaceImage, {
  messages: [
    'Images from AWS Marketplace cannot be copied to another AWS account.',
    'Images from AWS Marketplace cannot be copied to another AWS account. (Service: AmazonEC2; Status Code: 400; Error Code: InvalidRequest)',
  ],
  others: ['Images from AWS Marketplace need a subscription before they can be launched.'],
  overrides: {
    detail: { resourceType: 'EC2', resourceArn: `arn:aws:ec2:eu-west-1:${SOURCE}:instance/i-0123456789abcdef0` },
    job: { ResourceType: 'EC2', ResourceArn: `arn:aws:ec2:eu-west-1:${SOURCE}:instance/i-0123456789abcdef0` },
  },
});

it('names the instance in its first step', () => {
  const steps = marketplaceImage.stepsByMessage?.({
    sourceAccount: SOURCE,
    sourceRegion: 'eu-west-1',
    destinationAccount: '222222222222',
    resourceArn: `arn:aws:ec2:eu-west-1:${SOURCE}:instance/i-0123456789abcdef0`,
  } as never);
  expect(steps?.[0]).toContain('--region eu-west-1 --instance-ids i-0123456789abcdef0');
});
