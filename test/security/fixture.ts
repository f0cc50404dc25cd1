import './quiet';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signedFetch } from '../../bin/cli/signed-fetch';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Plan } from '../../lambda/core/plan/plan';
import { diffOf, planHash } from '../../lambda/core/plan/plan-fix';
import type { PolicyDocument } from '../../lambda/core/policy/policy';
import { fail, headOf, incidentsOf, type Failed } from '../sandbox/demo/play';
import { untilAtRest } from '../sandbox/demo/rest';
import { DESTINATION, REGION, SOURCE, type Scenario } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World, type WorldOptions } from '../sandbox/demo/world';
import { clients, type Config } from '../sandbox/fixture';

export { headOf, type World };

export const vaultArn = (name: string, account = DESTINATION) =>
  `arn:aws:backup:${REGION}:${account}:backup-vault:dr-${name}`;

/** A deployment for the destination vaults `dr-<name>` of these names, one for each test. */
export const worldOf = (names: readonly string[], options: Partial<WorldOptions> = {}): Promise<World> =>
  createWorld({ destinations: names.map((name) => vaultArn(name)), ...options });

/** A copy into the vault `dr-<name>` of which something is broken: by default, the vault has no policy. */
export function broken(name: string, like = 'vault-policy-lacks-source', more: Partial<Scenario> = {}): Scenario {
  const scenario = scenarios.find((one) => one.name === like);
  if (!scenario) throw new Error(`no scenario ${like}`);
  return { ...scenario, name, ...more };
}

export interface Told extends Failed {
  readonly event: ReturnType<typeof eventOf>;
  readonly incident: Incident;
}

const eventOf = (event: object) =>
  event as { account: string; source: string; detail: Record<string, unknown> & { copyJobId: string } };

/** A copy that failed; nobody has been told yet. */
export const failed = (world: World, scenario: Scenario) =>
  fail(world, scenario, (one) => Promise.resolve({ ...one, event: eventOf(one.event) }));

/** A copy that failed, and a person has the first mail. */
export const told = (world: World, scenario: Scenario): Promise<Told> =>
  fail(world, scenario, async (one) => {
    if (!(await world.deliver(one.event))) throw new Error('the rule does not let the event through');
    await world.pass(60_000);
    const [incident] = await incidentsOf(world, one.job.id);
    if (!incident) throw new Error(`no incident: ${world.errors.join('; ')} ${world.deadLetters().join('; ')}`);
    return { ...one, event: eventOf(one.event), incident };
  });

export const hubOf = ({ region, hub }: World) => ['--region', region, '--account', hub];

export type Verb = 'approve' | 'reject';
type CopyAgain = '--retry' | '--no-retry';

/** Decides as a person with this profile does; may name another plan, and have the failed copies started again. */
export const decide = (
  world: World,
  verb: Verb,
  { id, planHash = '', retry }: Incident,
  profile = 'operator',
  plan = planHash,
  again: CopyAgain = '--no-retry',
) => {
  const asked = verb === 'approve' && retry === 'ask' ? [again] : [];
  return world.cli(verb, id, ...hubOf(world), '--profile', profile, '--plan', plan.slice(0, 12), '--yes', ...asked);
};

/** A person approves, and the service sees it through to where it rests. */
export async function approved(world: World, { id }: Incident, again: CopyAgain = '--no-retry'): Promise<Incident> {
  const incident = await headOf(world, id);
  const { code, stderr } = await decide(world, 'approve', incident, 'operator', incident.planHash, again);
  if (code !== 0) throw new Error(`not approved: ${stderr}`);
  await world.drain();
  const [end] = await untilAtRest(world, [id]);
  if (!end) throw new Error(`no incident ${id}`);
  return end;
}

/** The request that `copy-doctor approve` would make, and any other. */
export const request = (
  world: World,
  who: Config,
  { id }: Pick<Incident, 'id'>,
  body?: object,
  path = '/decision',
): ReturnType<typeof signedFetch> => {
  const url = new URL(`/incidents/${id}${path}`, world.outputs['ApproveUrl']);
  return signedFetch(url, { credentials: who, region: world.region }, body);
};

export const operator = (world: World): Config =>
  world.sandbox.roleCredentials(`arn:aws:iam::${SOURCE}:role/operator`, 'jane');

/** Whatever anybody tried to change or to start, since a count of calls. */
export const effects = (world: World, since = 0) =>
  world.sandbox.calls.slice(since).filter(({ operation }) => /^((Put|Delete).*Policy|StartCopyJob)$/.test(operation));

/** The vault's owner makes the change. */
export const apply = (world: World, { id, planHash = '' }: Incident, plan = planHash) =>
  world.cli(
    ...['apply', id, ...hubOf(world), '--profile', 'destination', '--hub-profile', 'operator'],
    ...['--plan', plan.slice(0, 12), '--yes', '--out', mkdtempSync(join(tmpdir(), 'copy-doctor-'))],
  );

/** Mails that name an incident, since a count of publishes. */
export const mailsAbout = (world: World, { id }: Incident, since = 0) =>
  world.sandbox.published
    .slice(since)
    .filter(({ message }) => message.includes(id))
    .map(({ subject = '', message }) => {
      const texts = JSON.parse(message) as { email: string; sqs: string };
      return { subject, email: texts.email, json: JSON.parse(texts.sqs) as Record<string, unknown>, message };
    });

export const roleArn = (name: string, account = SOURCE) => `arn:aws:iam::${account}:role/copy-doctor-${REGION}-${name}`;

/** Credentials as one of the deployment's roles has them. */
export const as = (world: World, role: string, account?: string): Config =>
  world.sandbox.roleCredentials(roleArn(role, account), role);

/** A person of the hub account with a role of these rights and no others. */
export function person(world: World, name: string, Statement: readonly object[]): Config {
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${SOURCE}:root` }, Action: 'sts:AssumeRole' },
  };
  const policies = [{ Version: '2012-10-17', Statement }];
  const there = world.sandbox.role(`arn:aws:iam::${SOURCE}:role/${name}`);
  const { arn } = there ?? world.sandbox.addRole({ account: SOURCE, name, trust, policies });
  return world.sandbox.roleCredentials(arn, name);
}

export const mayWriteTable = (world: World) =>
  person(world, 'table-writer', [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: `${world.table.arn}*` }]);

export const put = (world: World, who: Config, item: Record<string, unknown>) =>
  clients(world.sandbox, who).dynamodb.send(
    new PutItemCommand({ TableName: world.table.name, Item: marshall(item, { removeUndefinedValues: true }) }),
  );

/** An item of an incident's, by the beginning of its sort key. */
export async function itemOf(world: World, { id }: Incident, start: string): Promise<Record<string, unknown>> {
  const items = await world.table.items();
  const found = items.find(({ pk, sk }) => pk === `INCIDENT#${id}` && String(sk).startsWith(start));
  if (!found) throw new Error(`incident ${id} has no ${start}`);
  return found;
}

/** HEAD as somebody with rights on the table would have it, with this to be done at once. */
export async function forgeHead(
  world: World,
  { id }: Incident,
  effect: 'apply' | 'retry' | 'rollback',
  more: Record<string, unknown>,
): Promise<void> {
  const due = world.sandbox.clock.now().toISOString();
  const head = await itemOf(world, { id } as Incident, 'HEAD');
  const agenda = { [effect]: due };
  await put(world, mayWriteTable(world), { ...head, tell: undefined, agenda, due, duePartition: 'DUE', ...more });
}

/** A plan of an incident's as somebody with rights on the table would have it, and HEAD with its hash. */
export async function forgePlan(
  world: World,
  incident: Incident,
  change: (plan: Plan) => Plan,
  more: Record<string, unknown> = {},
): Promise<Plan> {
  const who = mayWriteTable(world);
  const item = await itemOf(world, incident, 'PLAN#');
  const plan = change(JSON.parse(String(item['plan'])) as Plan);
  const sk = `PLAN#${incident.revision}#${plan.hash.slice(0, 12)}`;
  await put(world, who, { ...item, sk, plan: JSON.stringify(plan) });
  await put(world, who, { ...(await itemOf(world, incident, 'HEAD')), planHash: plan.hash, ...more });
  return plan;
}

/** The plan for another policy afterwards, or another vault, with the hash that fits it. */
export const instead = (change: Partial<Plan>) => (plan: Plan) => {
  const forged = { ...plan, ...change };
  const { resource, before, after, partition } = forged;
  // What is shown of it fits too.
  const added = after.Statement.slice(before?.Statement.length ?? 0);
  return { ...forged, added, diff: diffOf(before, after), hash: planHash(resource, before, after, partition) };
};

export const openTo = (account: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'backup:CopyIntoBackupVault',
      Resource: '*',
    },
  ],
});

/** Statements of a vault's owner. */
export const THEIRS = [
  { Sid: 'Theirs', Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' },
  {
    Sid: 'Audit',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: ['backup:UpdateRecoveryPointLifecycle'],
    Resource: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-madeup00001' } },
  },
];

export const policyOf = (world: World, name: string) => world.sandbox.vault(vaultArn(name))?.policy;

export const statementsIn = (text: string | undefined) =>
  (JSON.parse(text ?? '{"Statement":[]}') as { Statement: Record<string, unknown>[] }).Statement;

export const decisionsOn = async (world: World, { id }: Incident) =>
  (await world.table.items()).filter(({ pk }) => String(pk).startsWith(`DECISION#${id}#`));

/** What AWS says to who may not. */
export const refusedTo = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was let through',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
