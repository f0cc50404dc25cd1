// An embedded AWS for programs not written here (test/conformance): one line of JSON says what is in it and who may do
// what. A line of JSON on standard input sets a fault; it ends when standard input does.
import { createInterface } from 'node:readline';
import type { Fault } from './faults';
import { startSandbox } from '.';

const REGION = 'eu-west-1';
const [SOURCE, DESTINATION, ALONE, MANAGEMENT] = ['111111111111', '222222222222', '333333333333', '999999999999'];
const allow = (Principal: object, Action: string | string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Allow', Effect: 'Allow', Principal, Action, Resource: '*' }],
});
const trust = (Principal: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'] }],
});
const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

async function serve(): Promise<void> {
  const sandbox = await startSandbox({ now: new Date() });
  for (const id of [SOURCE, DESTINATION, ALONE, MANAGEMENT]) {
    sandbox.addAccount({ id, ...(id === SOURCE ? { effectiveTagPolicy: { tags: {} } } : {}) });
  }
  sandbox.addOrganization({ id: 'o-witness0001', management: MANAGEMENT, members: [SOURCE, DESTINATION] });
  const [at, there] = [
    { account: SOURCE, region: REGION },
    { account: DESTINATION, region: REGION },
  ];

  // More of everything than one page holds.
  const grants = times(60, (index) => ({
    granteePrincipal: `arn:aws:iam::${SOURCE}:role/grantee-${index}`,
    operations: ['Decrypt', 'CreateGrant'],
  }));
  const key = sandbox.addKey({ ...at, alias: 'witness', grants });
  const foreignKey = sandbox.addKey(there);
  const vault = sandbox.addVault({ ...at, name: 'prod', key, policy: allow(root(DESTINATION), 'backup:CopyIntoBackupVault'), tags: { team: 'backup' } }); // prettier-ignore
  times(6, (index) => sandbox.addVault({ ...at, name: `vault-${index}`, locked: true, minRetentionDays: 7, maxRetentionDays: 90 })); // prettier-ignore
  const dr = sandbox.addVault({ ...there, name: 'dr', key: foreignKey, policy: allow(root(SOURCE), 'backup:CopyIntoBackupVault') }); // prettier-ignore
  const images = sandbox.addVault({ ...at, name: 'images', key });
  const points = times(7, (index) =>
    sandbox.addRecoveryPoint({ vault, type: 'EBS', key, tags: { index: String(index), 'with space': 'ä<&>' } }),
  );
  const continuous = sandbox.addRecoveryPoint({ vault, type: 'S3', continuous: true, tags: { kind: 'continuous' } });
  const image = sandbox.addRecoveryPoint({ vault: images, type: 'EC2', key, furtherKeys: [foreignKey] });
  const lifecycle = { moveToColdStorageAfterDays: 30, deleteAfterDays: 365 };
  const efs = sandbox.addRecoveryPoint({ vault, type: 'EFS', lifecycle, tags: { kind: 'efs' } });
  const copyRole = sandbox.addCopyRole(SOURCE);
  const copy = (recoveryPoint: (typeof points)[number], more: object = {}) =>
    sandbox.runCopy({ recoveryPoint, destinationVaultArn: dr.arn, role: copyRole.arn, ...more });
  for (const point of points) {
    await copy(point, { injectFailure: { statusMessage: 'Access Denied <&> "ä"', messageCategory: 'AccessDenied' } });
  }
  const child = { destinationVaultArn: dr.arn, role: copyRole.arn };
  const parent = await copy(efs, {
    children: points.slice(0, 2).map((recoveryPoint) => ({ recoveryPoint, ...child })),
  });
  await sandbox.finishCopies();
  const running = await copy(efs);

  const topic = sandbox.addTopic({
    ...at,
    name: 'notifications',
    subscriptions: times(230, (n) => ({ protocol: 'email', endpoint: `you+${n}@example.com`, confirmed: n % 2 === 0 })),
  });
  const encryptedTopic = sandbox.addTopic({ ...at, name: 'encrypted', key });
  const queue = sandbox.addQueue({ ...at, name: 'failures' });
  const encryptedQueue = sandbox.addQueue({ ...at, name: 'encrypted', key });
  const table = await sandbox.addTable({
    ...at,
    name: 'incidents',
    partitionKey: 'pk',
    sortKey: 'sk',
    indexes: [{ name: 'due', partitionKey: 'due', sortKey: 'at', projection: 'ALL' }],
  });
  const stack = sandbox.addStack({
    ...at,
    name: 'CopyDoctor',
    outputs: { Table: table.name },
    resources: [{ logicalId: 'Queue', physicalId: queue.url, type: 'AWS::SQS::Queue' }],
  });
  const trail = sandbox.addTrail({ account: MANAGEMENT, region: REGION, organization: true });
  const { url } = await sandbox.addFunctionUrl({
    ...at,
    functionName: 'approve',
    invoke: (event) => Promise.resolve({ statusCode: 200, body: JSON.stringify(event) }),
  });

  const reader = sandbox.addRole({ account: DESTINATION, name: 'reader', trust: trust(root(SOURCE)) });
  const closed = sandbox.addRole({ account: DESTINATION, name: 'closed', trust: trust(root(MANAGEMENT)) });
  const sendOnly = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sns:*', 'sqs:*'], Resource: '*' }],
  };
  const role = (name: string, policies: object[]) =>
    sandbox.addRole({ account: SOURCE, name, trust: trust(root(SOURCE)), policies }).arn;
  const nobody = role('nobody', []);
  const sender = role('sender', [sendOnly]);
  const expired = sandbox.roleCredentials(sandbox.addRole({ account: ALONE, name: 'gone', trust: trust(root(ALONE)) }).arn); // prettier-ignore
  sandbox.expireSessions(ALONE);

  sandbox.account(DESTINATION).allowedImageProviders = ['amazon', SOURCE];

  const told = {
    endpoint: sandbox.endpoint,
    region: REGION,
    credentials: {
      source: sandbox.credentials(SOURCE),
      destination: sandbox.credentials(DESTINATION),
      alone: sandbox.credentials(ALONE),
      management: sandbox.credentials(MANAGEMENT),
      nobody: sandbox.roleCredentials(nobody),
      sender: sandbox.roleCredentials(sender),
      expired,
    },
    world: {
      key: key.arn,
      foreignKey: foreignKey.arn,
      vault: vault.arn,
      destinationVault: dr.arn,
      recoveryPoint: points[0]?.arn,
      continuous: continuous.arn,
      efs: efs.arn,
      image: image.arn.split('/').at(-1),
      copyRole: copyRole.arn,
      failedJob: sandbox.copyJobs[0]?.id,
      parentJob: parent.id,
      runningJob: running.id,
      topic: topic.arn,
      encryptedTopic: encryptedTopic.arn,
      queue: queue.url,
      encryptedQueue: encryptedQueue.url,
      stack: stack.id,
      trail: trail.arn,
      functionUrl: url,
      reader: reader.arn,
      closed: closed.arn,
      nobody,
    },
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  const commands = createInterface({ input: process.stdin });
  commands.on('line', (line) => {
    sandbox.faults.add(JSON.parse(line) as Fault);
    process.stdout.write('set\n');
  });
  commands.on('close', () => void sandbox.close());
}

void serve();
