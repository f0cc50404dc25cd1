import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { headItem } from '../lambda/aws/incident-items';
import { IncidentTable } from '../lambda/aws/incident-table';
import { Incidents } from '../lambda/aws/incidents';
import type { UrlRequest } from '../lambda/approve.handler';
import type { Incident } from '../lambda/core/incident/incident';
import { ENVIRONMENT } from '../lambda/environment';
import { addIncidentTable } from './aws/incident-table-fixture';
import { at, evidenceOf, failedEvent, ID, jobOf, planOf, T0 } from './aws/incidents-fixture';
import { startSandbox } from './sandbox';
import { REGION, SOURCE } from './sandbox/fixture';

export const HASH = 'a'.repeat(64);
export const ALICE = `arn:aws:sts::${SOURCE}:assumed-role/Admin/alice`;
export const BOB = `arn:aws:sts::${SOURCE}:assumed-role/copy-doctor-eu-west-1-approver/333333333333+bob`;
export const APPROVE = { decision: 'approved', planHash: HASH, revision: 1 };

export interface Sent extends Partial<Omit<UrlRequest, 'body'>> {
  readonly method?: string;
  readonly path?: string;
  readonly body?: unknown;
  readonly by?: string | undefined;
}

/** The function `approve`; each of its tables has one incident, which was proposed 5 minutes ago. */
export async function startApprove() {
  const sandbox = await startSandbox({ now: T0 });
  sandbox.addAccount({ id: SOURCE });
  const queue = sandbox.addQueue({ account: SOURCE, region: REGION, name: 'work' });
  const { accessKeyId, secretAccessKey } = sandbox.credentials(SOURCE);
  const before = process.env;
  process.env = {
    ...before,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    [ENVIRONMENT.deployment]: REGION,
    [ENVIRONMENT.stackName]: `copy-doctor-${REGION}`,
    [ENVIRONMENT.hubAccount]: SOURCE,
    [ENVIRONMENT.workQueueUrl]: queue.url,
    [ENVIRONMENT.destinations]: 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr',
  };
  // Its logger reads the environment when it is loaded.
  const { handlerWith } = await import('../lambda/approve.handler');

  const deploy = async () => {
    const table = await addIncidentTable(sandbox, `incidents-${randomUUID()}`);
    process.env[ENVIRONMENT.tableName] = table.name;
    queue.messages.length = 0;
    sandbox.faults.clear();
    let now = new Date(at(5));
    const handle = handlerWith(() => now);
    const incidents = new Incidents(table.name, REGION, () => now);
    await incidents.change(ID, failedEvent(), async ({ revision }) => {
      await incidents.putPlan(ID, revision, planOf(HASH));
      await incidents.putEvidence(ID, 1, { evidence: evidenceOf(), readAt: T0, copyJobId: 'job-1', revision });
    });
    await incidents.putJob(ID, jobOf('job-1', { bytes: 2048 }));

    const send = async (sent: Sent = {}) => {
      const { method = 'POST', path = `/incidents/${ID}/decision`, body, by, ...rest } = { by: ALICE, ...sent };
      const iam = by === undefined ? undefined : { userArn: by };
      const answer = await handle({
        rawPath: path,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        isBase64Encoded: false,
        requestContext: { http: { method }, ...(iam ? { authorizer: { iam } } : {}) },
        ...rest,
      });
      const json = JSON.parse(answer.body ?? 'null') as Record<string, unknown>;
      return { status: answer.statusCode, json, headers: answer.headers };
    };
    return {
      faults: sandbox.faults,
      clearCalls: () => sandbox.clearCalls(),
      /** Lists of items that were asked for since. */
      queries: () => sandbox.calls.filter(({ operation }) => operation === 'Query').map(({ input }) => input),
      incidents,
      items: () => table.items(),
      /** It is so many minutes after the failure. */
      setMinutes: (minutes: number) => void (now = new Date(at(minutes))),
      /** Alice's decision, if nothing else is said. */
      send,
      get: (sent: Sent = {}) => send({ method: 'GET', path: `/incidents/${ID}`, ...sent }),
      decisions: async () => (await table.items()).filter(({ pk }) => String(pk).startsWith('DECISION#')),
      passedOn: () => queue.messages.map(({ body }) => JSON.parse(body) as unknown),
      /** Whatever brought it there, the incident is like this now. */
      become: async (change: Partial<Incident>) => {
        const incident = await incidents.head(ID);
        if (!incident) throw new Error('no incident');
        const client = new DynamoDBClient({ region: REGION });
        await new IncidentTable(table.name, client).put(
          headItem({ incident: { ...incident, ...change }, version: 1000 }),
        );
        client.destroy();
      },
    };
  };
  return {
    deploy,
    close: async () => {
      process.env = before;
      await sandbox.close();
    },
  };
}

export type Approve = Awaited<ReturnType<typeof startApprove>>;
export type Deployed = Awaited<ReturnType<Approve['deploy']>>;
