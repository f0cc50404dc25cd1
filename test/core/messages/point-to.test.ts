import fc from 'fast-check';
import { CAUSE_IDS, type CauseId } from '../../../lambda/core/cause-ids';
import { MESSAGE_ONLY_CAUSES } from '../../../lambda/core/messages/message-only-causes';
import { FRAGMENTS, FULL_TEXTS } from '../../../lambda/core/messages/patterns';
import { pointsTo } from '../../../lambda/core/messages/point-to';
import corpus from './corpus.json';
import { LOOK_ALIKES } from './look-alikes';

const SOURCE_KEY: readonly CauseId[] = [
  'source-key-policy-lacks-destination',
  'source-key-policy-lacks-grants',
  'source-key-policy-denies',
  'source-key-unusable',
  'source-key-missing',
];

describe("AWS's own texts", () => {
  it.each(corpus)('$message', ({ message, pointsTo: causes }) => {
    expect(pointsTo(message)).toEqual(causes);
  });

  const shapes: readonly [string, (message: string) => string][] = [
    ['upper case', (message) => message.toUpperCase()],
    ['no final period', (message) => message.replace(/\.+$/, '')],
    ['final period', (message) => message.replace(/\.*$/, '.')],
    ['spaces and line breaks', (message) => `  ${message.replace(/ /g, ' \n ')}\t`],
    ['no-break spaces', (message) => message.replace(/ /g, '\u00a0')],
    ['curly quotes', (message) => message.replace(/'/g, '’')],
    [
      'request id',
      (message) => `${message} (Service: AmazonEC2; Status Code: 400; Error Code: X; Request ID: 1-a; Proxy: null)`,
    ],
    ['request id of SDK 2', (message) => `${message} (Service: Ec2, Status Code: 400, Request ID: 0a1b-2c)`],
    ['in quotes', (message) => (message.includes('"') || message.includes("'") ? message : `"${message}"`)],
  ];
  it.each(shapes)('whatever the shape: %s', (_, reshape) => {
    for (const { message, pointsTo: causes } of corpus)
      expect([message, pointsTo(reshape(message))]).toEqual([message, causes]);
  });

  it.each(['Access denied: ', 'Copy job failed. ', 'Access denied: Copy job failed. ', 'Copy job failed with error: '])(
    'behind "%s" (texts of copies with a cause)',
    (prefix) => {
      for (const { message, pointsTo: causes, scope } of corpus) {
        if (scope !== 'copy' || causes.includes('uncatalogued')) continue;
        expect([message, pointsTo(prefix + message)]).toEqual([message, causes]);
      }
    },
  );
});

describe('rewordings', () => {
  const rewordings: readonly [readonly CauseId[], readonly string[]][] = [
    [
      ['accounts-in-different-organizations'],
      [
        'Both the source and the destination account must be a member of the same organization',
        'Copy job failed. Both source and destination accounts must be members of the same AWS organization.',
        'Copy job failed because both source and destination accounts must be in the same organization.',
        'ACCESS DENIED: both source and destination accounts must belong to the same organization',
      ],
    ],
    [
      ['single-action-not-supported', 'resource-type-not-copyable'],
      [
        'Copy job from eu-west-1 to ap-southeast-2 cannot be initiated for Neptune resources. Feature is not supported for provided resource type',
        'Copy job from us-gov-west-1 to us-gov-east-1 can not be initiated for DocumentDB resources. The feature is not supported for the provided resource type.',
        "copy job from cn-north-1 to cn-northwest-1 can't be initiated for SAP HANA on Amazon EC2 resources. Feature isn't supported for provided resource type.",
      ],
    ],
    [
      ['resource-type-not-copyable', 'single-action-not-supported'],
      [
        'Copy job failed. Feature is not supported for provided resource type',
        'The feature is not supported for the provided resource type.',
        'UnsupportedOperation : Feature isn’t supported for provided resource type.',
      ],
    ],
    [
      ['destination-key-aws-managed'],
      [
        'Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key',
        "Copy job failed because the destination Backup vault is encrypted with the default Backup service managed key. The contents of this vault can't be copied. Only the contents of a Backup vault encrypted by a customer managed key may be copied.",
        'The destination backup vault is encrypted with the default AWS Backup service-managed KMS key.',
      ],
    ],
    [
      ['source-key-aws-managed'],
      [
        'Snapshots encrypted with the AWS managed key cannot be shared.',
        'Snapshots encrypted with an AWS managed KMS key can’t be shared. Specify another snapshot',
        'Copy job failed. Snapshots encrypted with the AWS managed customer master key (CMK) can not be shared. Specify another snapshot.',
        'Encrypted snapshots with EBS default CMK cannot be shared.',
      ],
    ],
    [
      SOURCE_KEY,
      [
        'The source snapshot KMS key [arn:aws-cn:kms:cn-north-1:222222222222:key/1f] does not exist, is not enabled, or you do not have permission to access it.',
        "The source snapshot KMS key doesn't exist, isn't enabled or you don't have permissions to access it",
        'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default KMS key.',
        'Given key ID isn’t accessible.',
        'Copy job failed because given key ID is not accessible',
      ],
    ],
    [
      [
        'vault-policy-lacks-source',
        'vault-policy-denies',
        'copy-role-lacks-permission',
        'source-vault-policy-denies',
        'organization-policy-denies-copy',
      ],
      [
        'Access denied trying to call AWS Backup service.',
        'Copy job failed. Access Denied when trying to call the AWS Backup service',
        'access denied while attempting to call AWS Backup service (Service: AWSBackup; Status Code: 403; Error Code: X; Request ID: 1; Proxy: null)',
      ],
    ],
    [
      ['tag-copy-failed', 'tag-policy-violation'],
      [
        'We are unable to copy resource tags to your backup because of an internal failure.',
        'Copy job failed. We are unable to copy resource tags to your backup because of internal error',
        'WE ARE UNABLE TO COPY RESOURCE TAGS TO YOUR BACKUP BECAUSE THE SOURCE OR DESTINATION RECOVERY POINT IS UNAVAILABLE.',
      ],
    ],
    [
      ['tag-policy-violation'],
      [
        'The tag policy does not allow the specified value for the following tag key: ‘Cost Center.1’.',
        'Copy job failed. Tag policy does not allow the specified values for the following tag keys: "a", "b"',
        "The tag policy doesn't allow the specified value for the following tag key: env (Service: AmazonEC2; Status Code: 400; Error Code: TagPolicyViolation; Request ID: 1; Proxy: null)",
      ],
    ],
  ];
  it.each(rewordings.flatMap(([causes, texts]) => texts.map((text) => ({ text, causes }))))(
    '$text',
    ({ text, causes }) => {
      expect(pointsTo(text)).toEqual(causes);
    },
  );
});

describe('look-alikes', () => {
  it.each(LOOK_ALIKES)('$why: $text', ({ text, expected }) => {
    expect(pointsTo(text)).toEqual(expected);
  });
  it('are many', () => expect(LOOK_ALIKES.length).toBeGreaterThanOrEqual(60));
});

describe('names do not change the answer', () => {
  const region = fc.constantFrom(
    'us-east-1',
    'eu-central-2',
    'ap-northeast-3',
    'us-gov-east-1',
    'cn-northwest-1',
    'me-south-1',
  );
  const type = fc.constantFrom(
    'RDS',
    'Aurora',
    'DynamoDB',
    'EFS',
    'S3',
    'Storage Gateway',
    'SAP HANA on Amazon EC2',
    'FSx',
    'Redshift',
  );
  const account = fc.stringMatching(/^\d{12}$/);
  const hex = fc.uuid();
  const partition = fc.constantFrom('aws', 'aws-cn', 'aws-us-gov');

  it('Regions, types, accounts, keys, vaults, images, tag keys', () => {
    fc.assert(
      fc.property(region, region, type, account, hex, partition, (from, to, kind, owner, id, part) => {
        const vary = (message: string) =>
          message
            .replace(/us-west-2 to us-east-1|eu-north-1 to eu-central-1/, `${from} to ${to}`)
            .replace(/for (?:RDS|Aurora) resources/, `for ${kind} resources`)
            .replace(/arn:aws:kms:[\w-]+:\w+:key\/[\w-]+/, `arn:${part}:kms:${from}:${owner}:key/${id}`)
            .replace(/arn:aws:iam::\d+:role\/[\w/-]+/, `arn:${part}:iam::${owner}:role/r-${id}`)
            .replace(
              /arn:aws:backup:[\w-]+:\w+:backup-vault:[\w/-]+/,
              `arn:${part}:backup:${to}:${owner}:backup-vault:${id}`,
            )
            .replace('ami-xxxxxx', `ami-${id.slice(0, 8)}`)
            .replace("'xyz'", `'${kind}/${id}'`);
        for (const { message, pointsTo: causes } of corpus)
          expect([message, pointsTo(vary(message))]).toEqual([message, causes]);
      }),
      { numRuns: 50 },
    );
  });

  it('any tag key', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .:/=+@-]{1,128}$/), (key) => {
        expect(
          pointsTo(`The tag policy does not allow the specified value for the following tag key: '${key}'`),
        ).toEqual(['tag-policy-violation']);
      }),
    );
  });

  it('any text gives known causes, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const cause of pointsTo(text)) expect(CAUSE_IDS).toContain(cause);
      }),
    );
  });
});

describe('hostile texts', () => {
  const starts = corpus.map(({ message }) => message.slice(0, -3));
  const fill = [
    'a',
    ' ',
    '. ',
    ': ',
    "'",
    '"',
    '(',
    '[',
    '(service: ',
    ' (',
    'kms key ',
    'access denied ',
    'no ',
    'key ',
    '\n',
    'vault x ',
    '𝒜',
    'role ',
  ];
  it.each(fill)('100 KB of %j', (part) => {
    const text = part.repeat(Math.ceil(100_000 / part.length));
    // A pattern that backtracks without end runs into the test's own time limit.
    for (const start of ['', ...starts]) expect(CAUSE_IDS).toEqual(expect.arrayContaining([...pointsTo(start + text)]));
  });
});

describe('tables', () => {
  it('name known causes and a source', () => {
    for (const { causes, source } of [...FULL_TEXTS, ...FRAGMENTS]) {
      expect(causes.length).toBeGreaterThan(0);
      for (const cause of causes) expect(CAUSE_IDS).toContain(cause);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it('cause ids are unique and state a fault in kebab case', () => {
    expect(new Set(CAUSE_IDS).size).toBe(CAUSE_IDS.length);
    for (const id of CAUSE_IDS) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it.each(MESSAGE_ONLY_CAUSES)(
    '$id: a title without a period, steps that start with a verb',
    ({ title, steps, id }) => {
      expect(CAUSE_IDS).toContain(id);
      expect(title).toMatch(/^[A-Z].*[^.]$/);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) {
        expect(step).toMatch(
          /^(?:Add|Back|Change|Check|Choose|Compare|Copy|Count|Create|Delete|Enable|Exempt|Find|List|Look|Make|Move|Open|Read|Remove|Run|Spread|Start|Subscribe|Turn|Wait) /,
        );
      }
      expect([title, ...steps].join(' ')).not.toMatch(
        /!|\b(?:illegal|invalid|misconfigured|insufficient|simply|just|please|we)\b/i,
      );
    },
  );
});
