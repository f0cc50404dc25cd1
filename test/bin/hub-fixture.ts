import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { PassThrough } from 'node:stream';
import { headItem } from '../../lambda/aws/incident-items';
import { Incidents } from '../../lambda/aws/incidents';
import type { Incident, Proposal } from '../../lambda/core/incident/incident';
import type { Plan } from '../../lambda/core/plan/plan';
import { ENVIRONMENT } from '../../lambda/environment';
import { run, type Io } from '../../bin/cli/run';
import { addIncidentTable } from '../aws/incident-table-fixture';
import { evidenceOf, failedEvent, ID, jobOf } from '../aws/incidents-fixture';
import { DESTINATION_VAULT, REGION, SOURCE } from '../core/evidence-fixture';
import { AUDIT, KEEP, planFor, vaultWith } from '../core/plan/fixture';
import { awsFixture } from './aws-fixture';
import type { Ran } from './cli-harness';

export const STRANGER = '333333333333';

/** Where the deployment is, and a profile of its account. */
export const AT = ['--region', REGION, '--account', SOURCE];
export const PROD = [...AT, '--profile', 'prod'];

// What a test works on, each with an incident of its own: `openHub`, `nextIncident` and `closeHub` keep it.
export let hub: HubFixture;
export let id: string;
/** What is proposed in that incident. */
export let plan: Plan;

const ids = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].flatMap((one) => [one.repeat(16), `${one}2`.repeat(8)]);

export async function openHub(): Promise<void> {
  hub = await hubFixture();
}
export const closeHub = () => hub.close();

export async function nextIncident(): Promise<void> {
  id = ids.shift() ?? '';
  hub.queue.messages.length = 0;
  hub.sandbox.faults.clear();
  plan = await hub.propose(id);
}

/** How the plan's hash begins, as `approve` asks for it. */
export const begin = () => plan.hash.slice(0, 12);
export const decisions = async () => (await hub.decisions()).filter(({ incident }) => incident === id);

/** A deployment in the source account: stack, table, queue, and the real approve function behind its URL. */
export async function hubFixture(stackName = `copy-doctor-${REGION}`) {
  const aws = await awsFixture();
  const { sandbox } = aws;
  const place = { account: SOURCE, region: REGION };
  const now = () => sandbox.clock.now();
  const table = await addIncidentTable(sandbox);
  const queue = sandbox.addQueue({ ...place, name: 'work' });
  // The function's own credentials: of a profile, so that those which a command names come first.
  Object.assign(process.env, {
    AWS_PROFILE: 'prod',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_REGION: REGION,
    [ENVIRONMENT.deployment]: REGION,
    [ENVIRONMENT.stackName]: stackName,
    [ENVIRONMENT.hubAccount]: SOURCE,
    [ENVIRONMENT.tableName]: table.name,
    [ENVIRONMENT.workQueueUrl]: queue.url,
    [ENVIRONMENT.destinations]: DESTINATION_VAULT,
  });
  // Loaded now: its logger reads the environment once.
  const { handlerWith } = await import('../../lambda/approve.handler');
  const functionName = `copy-doctor-${REGION}-approve`;
  const { url } = await sandbox.addFunctionUrl({ ...place, functionName, invoke: handlerWith(now) });
  const stack = sandbox.addStack({
    ...place,
    name: stackName,
    outputs: { Deployment: REGION, TableName: table.name, WorkQueueUrl: queue.url, ApproveUrl: url },
  });
  const approver = sandbox.addRole({
    account: SOURCE,
    name: `copy-doctor-${REGION}-approver`,
    trust: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${STRANGER}:root` }, Action: 'sts:AssumeRole' }],
    },
    policies: [
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction'],
            Resource: `arn:aws:lambda:${REGION}:${SOURCE}:function:${functionName}`,
          },
          { Effect: 'Allow', Action: 'cloudformation:DescribeStacks', Resource: '*' },
        ],
      },
    ],
  });
  const hoursAgo = (hours: number) => new Date(now().getTime() - hours * 3_600_000).toISOString();
  const incidents = new Incidents(table.name, REGION, now);

  /** An incident that waits for a decision. */
  const propose = async (id = ID, change: Partial<Proposal> = {}): Promise<Plan> => {
    const plan = planFor(vaultWith([AUDIT, KEEP]));
    // Long enough ago for a mail, and for the time to answer.
    const time = hoursAgo(100);
    const event = failedEvent({ proposal: { id, planHash: plan.hash, resource: plan.resource, ...change } });
    await incidents.change(id, { ...event, at: time, failedAt: time, readAt: time }, async ({ revision }) => {
      await incidents.putPlan(id, revision, plan);
      await incidents.putEvidence(id, 1, { evidence: evidenceOf(), readAt: time, copyJobId: 'job-1', revision });
    });
    await incidents.putJob(id, jobOf('job-1', { bytes: 22548578304 }));
    await incidents.putJob(id, jobOf('job-2', { resourceArn: 'arn:aws:dynamodb:eu-west-1:111111111111:table/b' }));
    return plan;
  };
  /** Whatever brought it there, the incident is like this now. */
  const become = async (id: string, change: Partial<Incident>): Promise<void> => {
    const incident = await incidents.head(id);
    if (!incident) throw new Error(`no incident ${id}`);
    const item = headItem({ incident: { ...incident, ...change }, version: 1000 });
    const credentials = sandbox.credentials(SOURCE);
    const client = new DynamoDBClient({ region: REGION, endpoint: sandbox.endpoint, credentials });
    await client.send(
      new PutItemCommand({ TableName: table.name, Item: marshall(item, { removeUndefinedValues: true }) }),
    );
    client.destroy();
  };
  const decisions = async () => (await table.items()).filter(({ pk }) => String(pk).startsWith('DECISION#'));
  return { ...aws, table, queue, stack, approver, incidents, propose, become, hoursAgo, decisions };
}

export type HubFixture = Awaited<ReturnType<typeof hubFixture>>;

/** Runs the CLI at a terminal where somebody types these lines, then closes it. */
export async function atTerminal(lines: readonly string[], ...argv: readonly string[]): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const out = (name: keyof typeof written) => ({ isTTY: true, write: (text: string) => (written[name] += text) });
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  stdin.end(lines.map((line) => `${line}\n`).join(''));
  const io: Io & { stdin: typeof stdin } = {
    stdout: out('stdout'),
    stderr: out('stderr'),
    env: { NO_COLOR: '1' },
    stdin,
  };
  return { code: await run(argv, io), ...written };
}
