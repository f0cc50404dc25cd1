import type { RequestPrincipal } from '../../../lambda/core/policy/policy';

export const A = '111111111111';
export const B = '222222222222';
export const C = '333333333333';

export const ACTIONS = ['backup:CopyIntoBackupVault', 'backup:DeleteRecoveryPoint', 'kms:Decrypt', 'kms:CreateGrant'];
export const RESOURCES = [
  `arn:aws:backup:eu-west-1:${B}:backup-vault:dr`,
  `arn:aws:backup:eu-west-1:${B}:backup-vault:prod`,
  `arn:aws:backup:us-east-1:${B}:backup-vault:a:b`,
  `arn:aws:kms:eu-west-1:${A}:key/11111111-2222-4333-8444-555555555555`,
];

export const ROLE = `arn:aws:iam::${A}:role/app`;
export const ARNS = [
  ROLE,
  `arn:aws:iam::${A}:role/service-role/AWSBackupDefaultServiceRole`,
  `arn:aws:iam::${B}:user/ann`,
  `arn:aws:iam::${A}:root`,
  `arn:aws:sts::${A}:assumed-role/app/session`,
  `arn:aws:sns:eu-west-1:${A}:topic:part`,
];
export const PRINCIPALS: readonly RequestPrincipal[] = [
  ...ARNS.slice(0, 5).map((arn) => ({ arn, account: arn.split(':')[4] ?? '' })),
  { service: 'backup.amazonaws.com', account: B },
];

export type Kind = 'text' | 'account' | 'list' | 'arn' | 'number' | 'date' | 'bool' | 'binary' | 'ip';

interface Words {
  /** Keys of this kind. */
  readonly keys: readonly string[];
  /** What a request may hold. */
  readonly given: readonly string[];
  /** What a policy may want, besides. */
  readonly wanted: readonly string[];
  /** What AWS does not say the meaning of. */
  readonly odd: readonly string[];
  readonly operators: readonly string[];
}

const order = (family: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(
    (name) => family + name,
  );
const TEXT = [
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringNotEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
];
const texts = {
  given: [
    'ann',
    'Ann',
    'annabel',
    'bob',
    'a*',
    'a?',
    'o-exampleorg',
    'o-exampleorg/r-ab12/ou-1/',
    'a.b',
    '(a)',
    'a b',
    'a\\b',
  ],
  wanted: [
    'a*',
    '*',
    'a?n',
    '?nn*',
    'o-exampleorg/*',
    '*-ex*org*',
    'a**',
    'a.b',
    '(a)',
    '[a-z]*',
    '^a',
    'a$',
    'a+',
    'a\\b*',
  ],
  odd: [''],
  operators: TEXT,
};

export const WORDS: Readonly<Record<Kind, Words>> = {
  text: { ...texts, keys: ['aws:PrincipalOrgID', 'aws:username', 'aws:PrincipalTag/team', 'aws:SourceVpc'] },
  account: {
    keys: ['aws:PrincipalAccount', 'kms:CallerAccount'],
    given: [A, B, C],
    wanted: ['1*', '?1111111111?', '*3'],
    odd: [''],
    operators: TEXT,
  },
  list: { ...texts, keys: ['aws:PrincipalOrgPaths', 'aws:TagKeys', 'kms:EncryptionContextKeys'] },
  arn: {
    keys: ['aws:PrincipalArn', 'aws:SourceArn'],
    given: ARNS,
    wanted: [
      `arn:aws:iam::${A}:role/*`,
      'arn:aws:iam::*:role/app',
      `arn:*:iam::${A}:*`,
      `arn:aws:iam::1???????????:role/a?p`,
      `arn:aws:sns:*:${A}:topic*`,
      `arn:aws:sns:*:topic:part`,
      `arn:aws:s*:*:*:*`,
    ],
    odd: ['*', 'arn:aws:iam::*', 'app'],
    operators: ['ArnEquals', 'ArnNotEquals', 'ArnLike', 'ArnNotLike'],
  },
  number: {
    keys: ['aws:MultiFactorAuthAge', 's3:max-keys', 'kms:RetiringAge'],
    given: ['0', '1', '9', '10', '10.5', '-3', '3600'],
    wanted: ['10.0', '010', '9.99', '-3.0', '-2'],
    odd: ['', 'ten', '1e1', '1234567890123456789'],
    operators: order('Numeric'),
  },
  date: {
    keys: ['aws:CurrentTime', 'aws:TokenIssueTime', 'aws:EpochTime'],
    given: [
      '2026-06-01T12:00:00Z',
      '2026-06-01T14:00:00+02:00',
      '2026-06-01T12:00:01Z',
      '1780315200',
      '1780315201',
      '2020-01-01T00:00Z',
    ],
    wanted: ['2026-06-01T12:00:00.500Z', '2020-02-29T23:59:59-12:00', '0', '99999'],
    odd: ['2026-06-01', '2026', 'June', '2026-02-30T00:00Z'],
    operators: order('Date'),
  },
  bool: {
    keys: ['aws:SecureTransport', 'aws:MultiFactorAuthPresent', 'kms:GrantIsForAWSResource'],
    given: ['true', 'false'],
    wanted: [],
    odd: ['True', 'yes', ''],
    operators: ['Bool'],
  },
  binary: {
    keys: ['test:Digest', 'test:Nonce'],
    given: ['QUI=', 'QUJD', 'QQ==', 'quJD'],
    wanted: [''],
    odd: ['QUI', 'Q?'],
    operators: ['BinaryEquals'],
  },
  ip: {
    keys: ['aws:SourceIp', 'aws:VpcSourceIp'],
    given: ['10.0.0.1', '10.255.0.9', '203.0.113.9', '2001:db8::1', '2001:DB8:0:0:0:0:0:2', '2001:db9::', '::1'],
    wanted: [
      '10.0.0.0/8',
      '10.0.0.1/32',
      '203.0.113.0/29',
      '0.0.0.0/0',
      '128.0.0.0/1',
      '2001:db8::/32',
      '2001:db8::2/127',
      '::/0',
      '::1/128',
    ],
    odd: ['10.0.0.1/8', '10.0.0', '2001:db8::', '::ffff:10.0.0.1', 'fe80::1%1'],
    operators: ['IpAddress', 'NotIpAddress'],
  },
};

export const KINDS = Object.keys(WORDS) as Kind[];
export const kindOf = (key: string): Kind | undefined =>
  KINDS.find((kind) => WORDS[kind].keys.some((name) => name.toLowerCase() === key.toLowerCase()));
/** Of keys that may stand in variables: each has one value. */
export const VARIABLES = [...WORDS.text.keys, ...WORDS.account.keys];
