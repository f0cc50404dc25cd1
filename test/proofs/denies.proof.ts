import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { CloudFormationTemplate, SynthesizedHub } from '../../lib/synthesize';
import { destinationVaultArn } from '../sandbox/demo/scenario';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World } from '../sandbox/demo/world';
import { clients } from '../sandbox/fixture';
import { applies } from '../sandbox/matcher';

jest.setTimeout(600_000);

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
  Resource?: unknown;
  Condition?: unknown;
}

interface Policy {
  /** Logical id, type and member of the resource that holds it. */
  readonly where: string;
  readonly type: string;
  readonly role: string;
  readonly list: Statement[];
}

/** Every list of statements anywhere in a template. */
function* policiesOf(template: CloudFormationTemplate): Generator<Policy> {
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    const name = JSON.stringify(Properties['RoleName'] ?? '');
    const role = /(diagnose|remediate|approver|approve|reader|vault-writer|retrier)\W*$/.exec(name)?.[1] ?? id;
    for (const list of listsIn(Properties)) yield { where: id, type: Type, role, list };
  }
}

function* listsIn(value: unknown): Generator<Statement[]> {
  if (typeof value !== 'object' || value === null) return;
  const { Statement: list } = value as { Statement?: unknown };
  if (Array.isArray(list)) yield list as Statement[];
  for (const [name, one] of Object.entries(value)) if (name !== 'Statement') yield* listsIn(one);
}

interface Deny {
  readonly role: string;
  readonly sid: string;
  readonly where: string;
  readonly type: string;
  readonly actions: readonly string[];
  readonly statement: Statement;
}

const deniesIn = ({
  template,
  destinationTemplate,
}: Pick<SynthesizedHub, 'template' | 'destinationTemplate'>): Deny[] =>
  [...policiesOf(template), ...policiesOf(destinationTemplate)].flatMap(({ role, where, type, list }) =>
    list
      .filter(({ Effect }) => Effect === 'Deny')
      .map((statement) => ({
        ...{ role, where, type, statement, sid: statement.Sid ?? '' },
        actions: [statement.Action].flat(),
      })),
  );

const IDENTITY = ['AWS::IAM::Role', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::Policy'];

type Call = (client: DynamoDBClient, table: string, pk: string) => Promise<unknown>;

/** One real call for each action that a Deny names. */
const CALLS: Readonly<Record<string, Call>> = {
  'dynamodb:PutItem': (client, TableName, pk) => client.send(new PutItemCommand({ TableName, Item: keyOf(pk) })),
  'dynamodb:UpdateItem': (client, TableName, pk) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key: keyOf(pk),
        UpdateExpression: 'SET #a = :a',
        ExpressionAttributeNames: { '#a': 'decision' },
        ExpressionAttributeValues: { ':a': { S: 'approved' } },
      }),
    ),
  'dynamodb:DeleteItem': (client, TableName, pk) => client.send(new DeleteItemCommand({ TableName, Key: keyOf(pk) })),
  'dynamodb:BatchWriteItem': (client, table, pk) =>
    client.send(new BatchWriteItemCommand({ RequestItems: { [table]: [{ PutRequest: { Item: keyOf(pk) } }] } })),
};

const keyOf = (pk: string) => ({ pk: { S: pk }, sk: { S: 'DECISION' } });

/** Actions that the sandbox does not emulate: their statements also name actions that it does. */
const NOT_EMULATED: Readonly<Record<string, string>> = {
  'dynamodb:PartiQLInsert': 'the sandbox has no PartiQL (ExecuteStatement)',
  'dynamodb:PartiQLUpdate': 'the sandbox has no PartiQL (ExecuteStatement)',
  'dynamodb:PartiQLDelete': 'the sandbox has no PartiQL (ExecuteStatement)',
};

/** Partition keys for the conditions: what is a decision, and what is none. */
const KEYS = ['DECISION#PROOF#1', 'INCIDENT#PROOF', 'COPYJOB#PROOF', 'FOLD#PROOF', 'LEASE#PROOF', 'AUTO#PROOF'];

const open = (change?: (hub: SynthesizedHub) => void): Promise<World> =>
  createWorld({
    destinations: [...new Set(scenarios.map(destinationVaultArn))],
    ...(change ? { change } : {}),
  });

/** Which keys each action is explicitly denied on, with the role's own credentials. */
async function denied(world: World, { role, actions }: Deny): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const arn = `arn:aws:iam::${world.hub}:role/copy-doctor-${world.region}-${role}`;
  const { dynamodb } = clients(world.sandbox, world.sandbox.roleCredentials(arn, 'proof'));
  for (const action of actions.filter((one) => !Object.hasOwn(NOT_EMULATED, one))) {
    found[action] = [];
    for (const pk of KEYS) {
      const [refusals, calls] = [world.sandbox.refusals.length, world.sandbox.calls.length];
      await CALLS[action]?.(dynamodb, world.table.name, pk).catch(() => undefined);
      if (world.sandbox.calls.length === calls) throw new Error(`${action} was not called`);
      const [refusal] = world.sandbox.refusals.slice(refusals);
      const explicit = refusal?.action === action && refusal.reason.includes('explicit deny in an identity-based');
      if (explicit) found[action].push(pk);
    }
  }
  return found;
}

let all: Deny[] = [];
let resources: string[] = [];
let world: World;
beforeAll(async () => {
  world = await open((hub) => {
    all = deniesIn(structuredClone(hub));
    resources = Object.values(hub.template.Resources).map(({ Type }) => Type);
  });
});
afterAll(() => world.close());

const ofRoles = () => all.filter(({ type }) => IDENTITY.includes(type));

it('finds the statements that deny, and knows a call for each action of theirs', () => {
  expect(ofRoles().length).toBeGreaterThan(3);
  const unknown = ofRoles().flatMap(({ role, sid, actions }) =>
    actions
      .filter((action) => !Object.hasOwn(CALLS, action) && !Object.hasOwn(NOT_EMULATED, action))
      .map((action) => `${role}/${sid}/${action}`),
  );
  expect(unknown).toEqual([]);
  // Known by role and Sid when they are taken away.
  const names = ofRoles().map(({ role, sid }) => `${role}/${sid || 'no Sid'}`);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name.endsWith('no Sid'))).toEqual([]);
});

it('refuses by each of them, for each action, what it is there to refuse', async () => {
  const notRefused: string[] = [];
  for (const deny of ofRoles()) {
    for (const [action, keys] of Object.entries(await denied(world, deny))) {
      const statement = { ...deny.statement, Resource: '*' };
      const meant = KEYS.filter((pk) =>
        applies(statement, { action, resource: world.table.arn, context: { 'dynamodb:LeadingKeys': [pk] } }),
      );
      const name = `${deny.role}/${deny.sid}/${action}`;
      if (meant.length === 0) notRefused.push(`${name}: no call here meets its condition`);
      if (keys.join() !== meant.join())
        notRefused.push(`${name}: ${keys.join() || 'nothing'} instead of ${meant.join()}`);
    }
  }
  expect(notRefused).toEqual([]);
});

it('refuses none of it by an explicit deny when any one of them is taken away', async () => {
  const stillDenied: string[] = [];
  for (const deny of ofRoles()) {
    let taken = 0;
    const without = await open(({ template, destinationTemplate }) => {
      for (const { role, list } of [...policiesOf(template), ...policiesOf(destinationTemplate)]) {
        const index = list.findIndex(({ Sid, Effect }) => Sid === deny.sid && Effect === 'Deny');
        if (role === deny.role && index >= 0) taken += list.splice(index, 1).length;
      }
    });
    try {
      expect(taken).toBe(1);
      for (const [action, keys] of Object.entries(await denied(without, deny))) {
        if (keys.length > 0) stillDenied.push(`${deny.role}/${deny.sid}/${action}: ${keys.join(', ')}`);
      }
    } finally {
      await without.close();
    }
  }
  expect(stillDenied).toEqual([]);
});

/** Not proven by calls: the sandbox speaks plain HTTP only, and asks no policy of a topic or queue. */
it('knows every other Deny: each queue and the topic refuse what does not come by TLS', () => {
  const others = all.filter(({ type }) => !IDENTITY.includes(type));
  const secured = (type: string) => others.filter((deny) => deny.type === type).length;
  expect(secured('AWS::SQS::QueuePolicy')).toBe(resources.filter((type) => type === 'AWS::SQS::Queue').length);
  expect(secured('AWS::SNS::TopicPolicy')).toBe(resources.filter((type) => type === 'AWS::SNS::Topic').length);
  expect(others.length).toBe(secured('AWS::SQS::QueuePolicy') + secured('AWS::SNS::TopicPolicy'));
  for (const { statement, where } of others) {
    expect({ where, ...statement }).toMatchObject({ Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  }
});
