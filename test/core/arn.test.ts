import { shortName } from '../../lambda/core/arn';

it.each([
  ['arn:aws:ec2:eu-west-1:111111111111:volume/vol-0123', 'vol-0123'],
  ['arn:aws:rds:eu-west-1:111111111111:db:orders', 'orders'],
  ['arn:aws:iam::111111111111:role/service-role/AWSBackupDefaultServiceRole', 'AWSBackupDefaultServiceRole'],
  ['arn:aws:fsx:eu-west-1:111111111111:volume/fs-0123/fsvol-0456', 'fsvol-0456'],
  ['arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/0a1b2c3d-1111-4111-8111-111111111111', 'shop'],
  [
    'arn:aws:kms:eu-west-1:111111111111:key/11111111-1111-4111-8111-111111111111',
    '11111111-1111-4111-8111-111111111111',
  ],
  ['shop', 'shop'],
])('%s is called %s', (arn, name) => expect(shortName(arn)).toBe(name));
