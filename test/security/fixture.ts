import './quiet';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Incident } from '../../lambda/core/incident/incident';
import { fail, headOf, incidentsOf, type Failed } from '../sandbox/demo/play';
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

/** Decides as a person with this profile does; `more` may say another plan. */
export const decide = (
  world: World,
  verb: Verb,
  { id, planHash = '' }: Incident,
  profile = 'operator',
  plan = planHash,
) => world.cli(verb, id, ...hubOf(world), '--profile', profile, '--plan', plan.slice(0, 12), '--yes');

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

export const decisionsOn = async (world: World, { id }: Incident) =>
  (await world.table.items()).filter(({ pk }) => String(pk).startsWith(`DECISION#${id}#`));

/** What AWS says to who may not. */
export const refusedTo = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it was let through',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error)),
  );
