import type { CloudFormationTemplate, SynthesizedHub } from '../../lib/synthesize';
import { fail } from '../sandbox/demo/play';
import { destinationVaultArn, SOURCE, UNREAD, type Scenario } from '../sandbox/demo/scenario';
import { grantsBy, ownKeys, policyText, useBy } from '../sandbox/demo/stage';
import { scenarios } from '../sandbox/demo/scenarios';
import { createWorld, type World } from '../sandbox/demo/world';
import { flow, named, takenBack } from './flows';

jest.setTimeout(1_800_000);

/** Allows that the sandbox cannot show the need of. */
const UNSEEN: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'the Lambda service writes the log',
  'logs:PutLogEvents': 'the Lambda service writes the log',
  'sqs:ReceiveMessage': 'the Lambda service takes messages for the function',
  'sqs:DeleteMessage': 'the Lambda service takes messages for the function',
  'sqs:ChangeMessageVisibility': 'the Lambda service takes messages for the function',
  'sqs:GetQueueAttributes': 'the Lambda service takes messages for the function; people look at the queue by hand',
  'cloudwatch:GetDashboard': 'people look at it in the console',
  'cloudwatch:DescribeAlarms': 'people look at them in the console',
  'cloudwatch:GetMetricData': 'people look at them in the console',
};

interface Statement {
  Sid?: string;
  Effect: string;
  Action: string | string[];
}

interface Grant {
  readonly role: string;
  readonly sid: string;
  readonly actions: readonly string[];
}

type Policies = { readonly PolicyDocument: { Statement: Statement[] } }[];

/** Every role (and the managed policy, which the sandbox gives to the role `operator`) with its statements. */
function* statementsOf(template: CloudFormationTemplate): Generator<{ role: string; list: Statement[] }> {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type === 'AWS::IAM::Role') {
      const name = JSON.stringify(Properties['RoleName']);
      const role = /(diagnose|remediate|approver|approve|reader|vault-writer|retrier)\W*$/.exec(name)?.[1] ?? name;
      for (const { PolicyDocument } of (Properties['Policies'] ?? []) as Policies) {
        yield { role, list: PolicyDocument.Statement };
      }
    }
    if (Type === 'AWS::IAM::ManagedPolicy') {
      yield { role: 'operator', list: (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement };
    }
  }
}

/** `kms:GenerateDataKey*` is used as `kms:GenerateDataKey`. */
const isMeant = (allowed: string, action: string): boolean =>
  new RegExp(`^${allowed.replaceAll('*', '.*')}$`, 'i').test(action);

const actionsOf = ({ Action }: Statement): string[] => (Array.isArray(Action) ? Action : [Action]);

function grantsOf({ template, destinationTemplate }: SynthesizedHub): Grant[] {
  const found = new Map<string, Grant>();
  for (const { role, list } of [...statementsOf(template), ...statementsOf(destinationTemplate)]) {
    for (const statement of list.filter(({ Effect }) => Effect === 'Allow')) {
      const sid = statement.Sid ?? '';
      found.set(`${role}/${sid}`, { role, sid, actions: actionsOf(statement) });
    }
  }
  return [...found.values()];
}

/** Tags of a fully managed recovery point are read in AWS Backup itself. */
const taggedFileSystem: Scenario = {
  ...named('tag-copy-failed'),
  copy: { type: 'EFS' },
  injected: undefined,
  arrange: ({ destination, recoveryPoint }) => {
    destination.effectiveTagPolicy = {
      tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['100'], enforced_for: ['backup:recovery-point'] } },
    };
    recoveryPoint.tags = { CostCenter: '999' };
    return () => (destination.effectiveTagPolicy = undefined);
  },
};

/** A vault that the settings let the service change without asking. */
const unasked: Scenario = { ...named('vault-policy-lacks-source'), name: 'unasked' };

/** Everything that anybody does with the service, in an order that can stop as soon as something is refused. */
const DOINGS: readonly ((world: World) => Promise<unknown>)[] = [
  (world) => flow('rejected').play(world, () => undefined),
  (world) => world.functions.diagnose.invoke(world.catchUp),
  (world) =>
    fail(world, named('single-action-not-supported'), () => world.functions.diagnose.invoke(world.catchUp)).then(
      world.drain,
    ),
  async (world) => {
    world.failures.send('not JSON');
    world.work.send('not JSON');
    await world.drain();
  },
  async (world) => {
    const hub = ['--region', world.region, '--account', world.hub];
    await world.cli('incidents', ...hub, '--profile', 'operator');
    await world.cli('incidents', ...hub, '--all', '--profile', 'operator');
    await world.cli('backfill', '--since', '1d', ...hub, '--profile', 'operator');
    await world.cli('drill', '--region', world.region, '--profile', 'operator');
    const [incident] = (await world.table.items()).filter(({ sk, kind }) => sk === 'HEAD' && kind === 'vault-policy');
    const id = String(incident?.['id']);
    await world.cli('show', id, ...hub, '--profile', 'operator');
    await world.cli('approve', id, ...hub, '--profile', 'unread', '--plan', '000000000000', '--yes');
    await world.drain();
  },
  (world) => flow('both').play(world, () => undefined),
  (world) => flow('rolled-back').play(world, () => undefined),
  (world) =>
    fail(world, unasked, async ({ event }) => {
      await world.deliver(event);
      await world.pass(120_000);
    }),
  (world) => fail(world, taggedFileSystem, ({ event }) => world.deliver(event)),
  // A function dies between two writes, and what it finds when it comes again is another cause.
  (world) =>
    fail(world, named('source-key-policy-lacks-grants'), async ({ event, stage }) => {
      world.failures.send(event);
      world.sandbox.faults.killAt(2, 'before', { principal: /-diagnose\// });
      await world.failures.deliver();
      const [source, destination] = [stage.source.id, stage.destination.id];
      stage.sourceKey.policy = policyText(ownKeys(source), useBy(destination), grantsBy(destination));
      stage.destinationVault.policy = undefined;
      await world.pass(120_000);
    }),
  async (world) => {
    await world.pass(120_000);
    const left = scenarios.filter(({ name }) => !world.sandbox.vault(vaultOf(world, name)));
    for (const scenario of left) await fail(world, scenario, ({ event }) => world.deliver(event));
    await world.pass(120_000);
  },
];

const vaultOf = ({ region, hub }: World, name: string) => `arn:aws:backup:${region}:${hub}:backup-vault:prod-${name}`;

const open = (change?: (hub: SynthesizedHub) => void): Promise<World> =>
  createWorld({
    destinations: [...new Set([...scenarios, takenBack, unasked].map(destinationVaultArn))],
    now: scenarios[0]?.at ?? '',
    settings: { approvers: `${SOURCE},${UNREAD}`, autoApply: destinationVaultArn(unasked) },
    ...(change ? { change } : {}),
  });

const roleIn = (arn: string): string =>
  /(diagnose|remediate|approver|approve|reader|vault-writer|retrier|operator)(\/|$)/.exec(arn)?.[1] ?? arn;

let all: Grant[] = [];
const used = new Map<string, Set<string>>();

beforeAll(async () => {
  const world = await open((hub) => (all = grantsOf(hub)));
  try {
    for (const act of DOINGS) await act(world);
    for (const [arn, entries] of world.sandbox.allowedBy) {
      for (const entry of entries) {
        const [, sid = '', action = ''] = entry.split('/');
        const key = `${roleIn(arn)}/${sid}`;
        used.set(key, (used.get(key) ?? new Set()).add(action));
      }
    }
  } finally {
    await world.close();
  }
});

it('uses every action that a role is allowed, but for those that only Lambda or SNS uses', () => {
  const unused = all.flatMap(({ role, sid, actions }) => {
    const seen = [...(used.get(`${role}/${sid}`) ?? [])];
    return actions
      .filter((action) => !Object.hasOwn(UNSEEN, action) && !seen.some((one) => isMeant(action, one)))
      .map((action) => `${role}/${sid}/${action}`);
  });
  expect(unused).toEqual([]);
  expect(all.length).toBeGreaterThan(20);
});

it('reports the missing permission by name when any one Allow is taken away', async () => {
  const unnoticed: string[] = [];
  for (const { role, sid, actions } of all) {
    if (actions.every((action) => Object.hasOwn(UNSEEN, action))) continue;
    const world = await open(({ template, destinationTemplate }) => {
      for (const found of [...statementsOf(template), ...statementsOf(destinationTemplate)]) {
        if (found.role !== role) continue;
        const index = found.list.findIndex((statement) => statement.Sid === sid && statement.Effect === 'Allow');
        if (index >= 0) found.list.splice(index, 1);
      }
    });
    const named = () =>
      world.sandbox.refusals.some(({ action, principal }) => {
        const session = principal.split('/');
        return roleIn(session[1] ?? '') === role && actions.some((one) => isMeant(one, action));
      });
    try {
      for (const act of DOINGS) {
        // What is broken may stop what is done with it; the refusal is what counts.
        await act(world).catch(() => undefined);
        if (named()) break;
      }
      if (!named()) unnoticed.push(`${role}/${sid}`);
    } finally {
      await world.close();
    }
  }
  expect(unnoticed).toEqual([]);
});
