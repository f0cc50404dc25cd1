import { destinationKeyAwsManaged } from '../../../lambda/core/checks/destination-key-aws-managed';
import { sourceKeyAwsManaged } from '../../../lambda/core/checks/source-key-aws-managed';
import { diagnose } from '../../../lambda/core/diagnose';
import { copyOf } from '../../../lambda/core/evidence';
import { startCopy } from '../../../lambda/core/text/en/playbooks';
import { redirected } from '../checks/command-lines';
import {
  COPY_ROLE,
  DESTINATION_KEY,
  DESTINATION_VAULT,
  evidenceOf,
  RECOVERY_POINT,
  SOURCE,
  SOURCE_KEY,
  type Overrides,
} from '../evidence-fixture';

const managed = (side: 'source' | 'destination'): Overrides['responses'] => ({
  [`kms:DescribeKey@${side}`]: {
    KeyMetadata: { Arn: side === 'source' ? SOURCE_KEY : DESTINATION_KEY, KeyManager: 'AWS', KeyState: 'Enabled' },
  },
});
const stepsOf = (check: typeof sourceKeyAwsManaged, overrides: Overrides): readonly string[] => {
  const result = check.evaluate(evidenceOf(overrides));
  return result.status === 'fault' ? result.finding.fix.steps : [result.status];
};
/** Lines after the first of a step are typed into a shell. */
const commandsOf = (steps: readonly string[]) => steps.flatMap((step) => step.split('\n').slice(1));

describe('a source key that AWS manages', () => {
  const of = (resourceType: string, resource: string, service = 'rds') =>
    stepsOf(sourceKeyAwsManaged, {
      detail: { resourceType, resourceArn: `arn:aws:${service}:eu-west-1:${SOURCE}:${resource}` },
      responses: managed('source'),
    });

  it.each([
    ['EBS', 'ec2', 'volume/vol-0123456789abcdef0', 'ec2 create-snapshot --volume-id vol-0123456789abcdef0'],
    ['EC2', 'ec2', 'instance/i-0123456789abcdef0', 'Name=attachment.instance-id,Values=i-0123456789abcdef0'],
    ['RDS', 'rds', 'db:orders', 'rds copy-db-snapshot --source-db-snapshot-identifier orders-before'],
    ['Aurora', 'rds', 'cluster:orders', 'rds restore-db-cluster-from-snapshot --db-cluster-identifier orders-cmk'],
    ['DocumentDB', 'rds', 'cluster:docs', 'docdb create-db-cluster-snapshot --db-cluster-identifier docs'],
    ['Neptune', 'rds', 'cluster:graph', 'neptune create-db-cluster-snapshot --db-cluster-identifier graph'],
    ['FSx', 'fsx', 'file-system/fs-0123', 'fsx create-file-system-from-backup'],
    ['Storage Gateway', 'storagegateway', 'gateway/sgw-1/volume/vol-1', '--kms-encrypted'],
  ])('%s: moves the resource to the new key', (type, service, resource, command) => {
    const steps = of(type, resource, service);
    expect(steps.join('\n')).toContain(command);
    expect(steps.join('\n')).not.toMatch(/undefined|\[object/);
  });

  const TYPES = [
    ['EBS', 'volume/vol-0123456789abcdef0', 'ec2'],
    ['EC2', 'instance/i-0123456789abcdef0', 'ec2'],
    ['RDS', 'db:orders', 'rds'],
    ['Aurora', 'cluster:orders', 'rds'],
    ['DocumentDB', 'cluster:docs', 'rds'],
    ['Neptune', 'cluster:graph', 'rds'],
    ['FSx', 'file-system/fs-0123', 'fsx'],
    ['FSx', 'volume/fs-0123/fsvol-0456', 'fsx'],
    ['Storage Gateway', 'gateway/sgw-1/volume/vol-1', 'storagegateway'],
  ] as const;
  it.each(TYPES)(
    '%s, %s: every command can be pasted, and no setting of the account is changed',
    (type, resource, service) => {
      const steps = of(type, resource, service);
      expect(redirected(steps)).toEqual([]);
      expect(steps.join('\n')).not.toMatch(/modify-ebs-default|<\w+>/);
    },
  );

  it.each(['EBS', 'EC2'])('%s: says where new volumes get the key, and what Auto Scaling lacks', (type) => {
    const steps = of(type, type === 'EBS' ? 'volume/vol-1' : 'instance/i-1', 'ec2').join('\n');
    expect(steps).toMatch(/--kms-key-id of aws ec2 create-volume, Encrypted and KmsKeyId in a launch template/);
    expect(steps).toMatch(/service-linked role of EC2 Auto Scaling use it in the key policy first/);
  });

  it.each([
    [
      'EBS',
      'volume/vol-1',
      'ec2',
      ['create-snapshot', 'wait snapshot-completed', 'copy-snapshot', 'wait snapshot-completed', 'create-volume'],
    ],
    [
      'RDS',
      'db:orders',
      'rds',
      [
        'create-db-snapshot',
        'wait db-snapshot-available',
        'copy-db-snapshot',
        'wait db-snapshot-available',
        'restore-db-instance',
      ],
    ],
    [
      'Aurora',
      'cluster:orders',
      'rds',
      ['create-db-cluster-snapshot', 'rds wait db-cluster-snapshot-available', 'restore-db-cluster'],
    ],
    [
      'DocumentDB',
      'cluster:docs',
      'rds',
      ['create-db-cluster-snapshot', 'rds wait db-cluster-snapshot-available', 'restore-db-cluster'],
    ],
    [
      'Neptune',
      'cluster:graph',
      'rds',
      ['create-db-cluster-snapshot', 'rds wait db-cluster-snapshot-available', 'restore-db-cluster'],
    ],
  ])('%s: waits for each snapshot before it is used', (type, resource, service, order) => {
    const commands = commandsOf(of(type, resource, service)).filter((line) => / (?:ec2|rds|docdb|neptune) /.test(line));
    expect(commands).toEqual(order.map((part) => expect.stringContaining(part) as string));
  });

  it('FSx: a volume of ONTAP is restored as a volume, everything else as a file system', () => {
    const volume = of('FSx', 'volume/fs-0123/fsvol-0456', 'fsx').join('\n');
    expect(volume).toContain('fsx create-volume-from-backup');
    expect(volume).not.toContain('create-file-system-from-backup');
    expect(of('FSx', 'file-system/fs-0123', 'fsx').join('\n')).not.toContain('create-volume-from-backup');
  });

  it('has a vault in between for each type, since a vault has one key', () => {
    const names = TYPES.map(
      ([type, resource, service]) =>
        /--backup-vault-name (\S+) --encryption-key-arn/.exec(of(type, resource, service).join('\n'))?.[1],
    );
    expect(new Set(names).size).toBe(new Set(TYPES.map(([type]) => type)).size);
    for (const name of names) expect(name).toMatch(/^[a-zA-Z0-9_-]{2,50}$/);
  });

  it('goes through a vault in between, under a key that the destination may use', () => {
    const commands = commandsOf(of('EBS', 'volume/vol-1', 'ec2'));
    const between = `arn:aws:backup:eu-west-1:${SOURCE}:backup-vault:copies-to-222222222222-ebs`;
    const starts = commands.filter((line) => line.includes('start-copy-job'));
    expect(starts).toHaveLength(2);
    expect(starts[0]).toContain(
      `--recovery-point-arn ${RECOVERY_POINT} --source-backup-vault-name prod --destination-backup-vault-arn ${between} --iam-role-arn ${COPY_ROLE}`,
    );
    expect(starts[1]).toContain(
      `--recovery-point-arn "$POINT" --source-backup-vault-name copies-to-222222222222-ebs --destination-backup-vault-arn ${DESTINATION_VAULT}`,
    );
    const policy = /--policy '(.*)' --query/.exec(commands[0] ?? '')?.[1] ?? '';
    const statements = (JSON.parse(policy) as { Statement: { Sid: string }[] }).Statement;
    expect(statements.map(({ Sid }) => Sid)).toEqual([
      'EnableIAMUserPermissions',
      'CopyDoctorAllowUseBy222222222222',
      'CopyDoctorAllowGrantsBy222222222222',
    ]);
    // What was made so lets the copy through.
    const cured = evidenceOf({ responses: { 'kms:GetKeyPolicy@source': { Policy: policy } } });
    expect(diagnose(cured).ruledOut).toEqual(
      expect.arrayContaining(['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants']),
    );
  });

  it.each(['EFS', 'S3', 'DynamoDB'])('%s: the rule of the plan names another vault', (resourceType) => {
    const statusMessage = "Snapshots encrypted with the AWS managed key can't be shared.";
    const { causes } = diagnose(evidenceOf({ detail: { resourceType, statusMessage }, responses: managed('source') }));
    expect(causes.map(({ id }) => id)).toEqual(['source-key-aws-managed']);
    expect(causes[0]?.steps.join('\n')).toContain(
      `name copies-to-222222222222-${resourceType.toLowerCase()} as TargetBackupVaultName`,
    );
  });

  it('with a refused read, that comes first', () => {
    const statusMessage = "Snapshots encrypted with the AWS managed key can't be shared.";
    const responses = { 'kms:DescribeKey@source': { error: 'AccessDeniedException' } };
    const { causes } = diagnose(evidenceOf({ detail: { statusMessage }, responses }));
    expect(causes[0]?.steps[0]).toContain('kms:DescribeKey');
  });

  it('without the names of recovery point and role, says it in words', () => {
    const { copy } = diagnose(evidenceOf());
    const steps = sourceKeyAwsManaged.stepsByMessage?.({ ...copy, recoveryPointArn: undefined, roleArn: undefined });
    expect(steps?.join('\n')).not.toMatch(/undefined|start-copy-job/);
  });
});

describe('a destination key that AWS manages', () => {
  const steps = stepsOf(destinationKeyAwsManaged, { responses: managed('destination') });
  const vault = DESTINATION_VAULT.replace(/dr$/, 'dr-cmk');

  it('makes a vault that the source may copy into, and copies there', () => {
    const commands = commandsOf(steps).join('\n');
    expect(commands).toContain('create-backup-vault --backup-vault-name dr-cmk');
    expect(commands).toMatch(
      /put-backup-vault-access-policy --backup-vault-name dr-cmk --policy '\{.*CopyIntoBackupVault.*\}'/,
    );
    expect(commands).toContain(`--destination-backup-vault-arn ${vault} --iam-role-arn ${COPY_ROLE}`);
  });
});

it.each([
  ['source', stepsOf(sourceKeyAwsManaged, { responses: managed('source') })],
  ['destination', stepsOf(destinationKeyAwsManaged, { responses: managed('destination') })],
])('%s: says what it costs and how to undo it', (_, steps) => {
  expect(steps.at(-1)).toMatch(/costs/);
  expect(steps.at(-1)).toMatch(/[Tt]o undo it/);
});

describe('a copy that is started by hand', () => {
  const started = (DestinationRecoveryPointLifecycle: unknown) =>
    startCopy(copyOf(evidenceOf({ job: { DestinationRecoveryPointLifecycle } })));
  const SOURCES_OWN = "without --lifecycle it has the source's lifecycle";

  it.each([
    [{ DeleteAfterDays: 365 }, 'DeleteAfterDays=365'],
    [{ DeleteAfterDays: -1 }, 'DeleteAfterDays=-1'],
    [
      { MoveToColdStorageAfterDays: 30, DeleteAfterDays: 365, OptInToArchiveForSupportedResources: true },
      'MoveToColdStorageAfterDays=30,DeleteAfterDays=365,OptInToArchiveForSupportedResources=true',
    ],
    [{ DeleteAfterDays: 7, DeleteAfterEvent: 'DELETE_AFTER_COPY' }, 'DeleteAfterDays=7'],
  ])('is kept as the record %j says', (lifecycle, setting) => {
    expect(started(lifecycle)).toMatch(/^:\naws backup start-copy-job /);
    expect(started(lifecycle)).toContain(` --lifecycle ${setting} --region`);
    expect(started(lifecycle)).not.toContain(SOURCES_OWN);
  });

  it.each([[undefined], [{}], [{ DeleteAfterEvent: 'DELETE_AFTER_COPY' }], [{ DeleteAfterDays: '$(date)' }]])(
    'says that its time is not known where the record says %j',
    (lifecycle) => {
      expect(started(lifecycle)).toContain(SOURCES_OWN);
      expect(started(lifecycle)).not.toMatch(/--lifecycle \w+=/);
    },
  );

  it('has one lifecycle where a step sets another', () => {
    const copy = copyOf(evidenceOf({ job: { DestinationRecoveryPointLifecycle: { DeleteAfterDays: 365 } } }));
    expect(startCopy(copy, { more: ' --lifecycle DeleteAfterDays=30' }).match(/--lifecycle \S+/g)).toEqual([
      '--lifecycle DeleteAfterDays=30',
    ]);
  });

  it('from the vault in between, it is kept as the failed one was to be; in between, as its source', () => {
    const starts = stepsOf(sourceKeyAwsManaged, {
      job: { DestinationRecoveryPointLifecycle: { DeleteAfterDays: 365 } },
      responses: managed('source'),
    }).filter((step) => step.includes('start-copy-job'));
    expect(starts[0]).toMatch(/where it is kept as long as its source/);
    expect(starts[0]).not.toContain('--lifecycle');
    expect(starts[1]).toContain('--lifecycle DeleteAfterDays=365');
  });
});
