import { synthesizeHub } from '../../lib/synthesize';
import { readCopyFailure } from '../../lambda/core/copy-failure';
import { DESTINATION, REGION, SOURCE } from '../core/evidence-fixture';
import { awsFixture, type AwsFixture } from './aws-fixture';
import { cli } from './cli-harness';

const DR = `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr`;
const MAIL = 'ops@example.com';
let aws: AwsFixture;

beforeEach(async () => {
  aws = await awsFixture();
});
afterEach(() => aws.close());

function deploy({ confirmed = true, outputs = {} }: { confirmed?: boolean; outputs?: Record<string, string> } = {}) {
  const place = { account: SOURCE, region: REGION };
  const topic = aws.sandbox.addTopic({
    ...place,
    name: 'copy-doctor-reports',
    subscriptions: [{ protocol: 'email', endpoint: MAIL, confirmed }],
  });
  const queue = aws.sandbox.addQueue({ ...place, name: 'copy-doctor-failures' });
  const dead = aws.sandbox.addQueue({ ...place, name: 'copy-doctor-dead' });
  aws.sandbox.addStack({
    ...place,
    name: `copy-doctor-${REGION}`,
    outputs: {
      TopicArn: topic.arn,
      FailuresQueueUrl: queue.url,
      DeadLetterQueueUrl: dead.url,
      ReaderRoleName: 'copy-doctor-prod-reader',
      Deployment: 'prod',
      Destinations: DR,
      ConfirmSubscription: `aws sns confirm-subscription --authenticate-on-unsubscribe true --topic-arn ${topic.arn} --token <Token>`,
      [`DestinationTemplate${DESTINATION}`]: `aws cloudformation deploy --region ${REGION} --parameter-overrides HubAccount=${SOURCE} VaultNames=dr`,
      ...outputs,
    },
  });
  return { queue, topic };
}

const asProd = ['--region', REGION, '--profile', 'prod'];
const sent = (queue: { messages: readonly { body: string }[] }) =>
  queue.messages.map(({ body }) => JSON.parse(body) as { detail: Record<string, unknown> });

test('sends a marked failure that the function understands', async () => {
  const { queue } = deploy();
  const { code, stdout } = await cli('drill', ...asProd);
  expect(code).toBe(0);
  expect(stdout).toContain(`email ${MAIL}: confirmed`);
  expect(stdout).toContain(`${DR}: the drill mail says whether account ${DESTINATION} is readable`);
  expect(stdout).toContain('none in eu-west-1 in the last 30 days');
  expect(stdout).toMatch(/A mail "\[Drill\] \.\.\." arrives within a minute/);
  const [event, ...more] = sent(queue);
  expect(more).toEqual([]);
  const failure = readCopyFailure(event);
  expect(failure).toMatchObject({
    ok: true,
    value: { drill: true, account: SOURCE, region: REGION, destinationVaultArn: DR, state: 'FAILED' },
  });
  expect(failure.ok && failure.value.copyJobId).toMatch(/^drill-\d{8}T\d{6}Z$/);
});

test('understands the outputs of the real stack', async () => {
  const { template } = synthesizeHub(undefined, { account: SOURCE, region: REGION });
  const written = Object.entries(template.Outputs).flatMap(([name, { Value }]) =>
    typeof Value === 'string' ? [[name, Value] as const] : [],
  );
  for (const name of ['TopicArn', 'FailuresQueueUrl', 'DeadLetterQueueUrl', 'ReaderRoleName', 'Deployment']) {
    expect(template.Outputs).toHaveProperty(name);
  }
  expect(written.map(([name]) => name)).toContain(`DestinationTemplate${DESTINATION}`);
  const { queue } = deploy({ outputs: Object.fromEntries(written) });
  expect((await cli('drill', ...asProd)).code).toBe(0);
  expect(sent(queue)[0]?.detail['destinationBackupVaultArn']).toBe(DR);
  // Loading and synthesizing the CDK takes its time on a busy computer.
});

test('says how to confirm a subscription, and ends with 1', async () => {
  deploy({ confirmed: false });
  const { code, stdout } = await cli('drill', ...asProd);
  expect(code).toBe(1);
  expect(stdout).toContain(`email ${MAIL}: NOT confirmed`);
  expect(stdout).toContain('aws sns confirm-subscription --authenticate-on-unsubscribe true');
});

test('reads vaults of its own account, and names the newest failed copy', async () => {
  const { queue } = deploy({ outputs: { Destinations: `${aws.local.arn},${aws.local.arn}-gone` } });
  const job = await aws.copyTo(aws.dr.arn);
  const { code, stdout } = await cli('drill', ...asProd, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    stack: `copy-doctor-${REGION}`,
    deployment: 'prod',
    account: SOURCE,
    subscriptions: [{ protocol: 'email', endpoint: MAIL, confirmed: true }],
    vaults: [
      { vaultArn: aws.local.arn, readable: true },
      { vaultArn: `${aws.local.arn}-gone`, readable: false },
    ],
    newestFailedCopy: { copyJobId: job.id },
    copyJobId: sent(queue)[0]?.detail['copyJobId'],
  });
});

test('goes on without what it may not look at', async () => {
  const { queue } = deploy();
  for (const [service, operation] of [
    ['sns', 'ListSubscriptionsByTopic'],
    ['backup', 'ListBackupVaults'],
    ['backup', 'ListCopyJobs'],
  ] as const) {
    aws.sandbox.faults.add({
      service,
      operation,
      error: { code: 'AccessDeniedException', message: 'no', status: 403 },
    });
  }
  const { code, stdout } = await cli('drill', ...asProd);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Subscription: +not known \(sns:ListSubscriptionsByTopic/);
  expect(stdout).toMatch(/Failed copies: +not known \(backup:ListCopyJobs/);
  expect(sent(queue)[0]?.detail['sourceBackupVaultArn']).toBe(
    `arn:aws:backup:${REGION}:${SOURCE}:backup-vault:Default`,
  );
});

test('a stack that is not there, or another one, is wrong input', async () => {
  const none = await cli('drill', ...asProd, '--stack', 'nothing');
  expect(none.code).toBe(2);
  expect(none.stderr).toMatch(
    /\ncopy-doctor: there is no stack nothing in account 1{12}, Region eu-west-1: check --stack[^\n]+\n$/,
  );
  aws.sandbox.addStack({ account: SOURCE, region: REGION, name: 'other', outputs: {} });
  const other = await cli('drill', ...asProd, '--stack', 'other');
  expect(other.code).toBe(2);
  expect(other.stderr).toMatch(/has no output TopicArn: name the stack/);
});

describe('CloudTrail', () => {
  const hub = `account ${SOURCE}, ${REGION}`;

  test('says where no trail is, and what it did not look at', async () => {
    deploy();
    const { code, stdout } = await cli('drill', ...asProd);
    expect(code).toBe(0);
    expect(stdout).toContain(`CloudTrail:     ${hub}: NO record of changes (there is no trail)\n`);
    expect(stdout).toContain(`CloudTrail:     not looked at: account ${DESTINATION}, give --destination-profile\n`);
  });

  test('looks into both accounts', async () => {
    deploy();
    aws.sandbox.addTrail({ account: SOURCE, region: REGION, name: 'off', logging: false });
    aws.sandbox.addTrail({ account: SOURCE, region: REGION, name: 'main', logging: true });
    aws.sandbox.addTrail({ account: DESTINATION, region: REGION, name: 'off', logging: false });
    const { stdout } = await cli('drill', ...asProd, '--destination-profile', 'dr');
    expect(stdout).toContain(`${hub}: trail main records changes\n`);
    expect(stdout).toContain(`account ${DESTINATION}, ${REGION}: NO record of changes (trail off is switched off)\n`);
    const { stdout: json } = await cli('drill', ...asProd, '--json');
    expect(JSON.parse(json)).toMatchObject({
      trails: [
        { account: SOURCE, region: REGION, recorded: true, trail: 'main' },
        { account: DESTINATION, region: REGION, recorded: null },
      ],
    });
  });

  test('goes on without what it may not look at, and names a profile that does not fit', async () => {
    deploy();
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    aws.sandbox.faults.add({ service: 'cloudtrail', operation: 'DescribeTrails', error });
    const { code, stdout, stderr } = await cli('drill', ...asProd, '--destination-profile', 'stranger');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`${hub}: not known \\(cloudtrail:DescribeTrails: AccessDeniedException`));
    expect(stdout).toContain(`not looked at: account ${DESTINATION}`);
    expect(stderr).toMatch(/warning: profile stranger is of account 3{12}, which has no destination/);
  });
});
