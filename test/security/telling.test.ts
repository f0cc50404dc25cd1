import { evaluate } from '../sandbox/matcher';
import { SOURCE } from '../sandbox/demo/scenario';
import {
  broken,
  failed,
  headOf,
  hubOf,
  itemOf,
  mailsAbout,
  mayWriteTable,
  put,
  roleArn,
  told,
  worldOf,
  type World,
} from './fixture';

// What docs/threat-model.md says of this.

let world: World;
beforeAll(async () => (world = await worldOf(['storm', 'encrypted', 'text', 'tags', 'large'])));
afterAll(() => world.close());

const published = (since = 0) => world.sandbox.published.slice(since);
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

describe('A storm', () => {
  it('folds: few are read, one incident, one mail of less than 200 KB', async () => {
    const { stage, event, job } = await failed(world, broken('storm'));
    const { sandbox } = world;
    const copies = 30;
    for (let index = 1; index < copies; index++) {
      const recoveryPoint = sandbox.addRecoveryPoint({ vault: stage.sourceVault, type: 'EBS', key: stage.sourceKey });
      const { destinationVaultArn, role } = job;
      const copy = await sandbox.runCopy({ recoveryPoint, destinationVaultArn, role });
      // All are sent at once below, the first one first.
      world.heldBack.add(copy.id);
    }
    await sandbox.finishCopies();
    const events = sandbox.events.all.filter(({ detail }) => detail.state === 'FAILED');
    expect(events).toHaveLength(copies);
    const calls = sandbox.calls.length;
    for (const one of events) world.failures.send(one);
    await world.drain();
    await world.pass(120_000);

    const made = sandbox.calls.slice(calls).map(({ operation }) => operation);
    // Every fold's first three, of each batch that was at it at once.
    expect(made.filter((operation) => operation === 'DescribeCopyJob').length).toBeLessThanOrEqual(3);
    expect(made.filter((operation) => operation === 'AssumeRole').length).toBeLessThanOrEqual(8);
    const heads = (await world.table.items()).filter(({ sk }) => sk === 'HEAD');
    expect(heads).toHaveLength(1);
    expect(published()).toHaveLength(1);
    const [mail] = published();
    expect(mail?.message).toContain(`${copies} copies`);
    expect(bytes(mail?.message ?? '')).toBeLessThan(200_000);
    expect(mail?.message).toContain(event.detail.copyJobId);
  });
});

describe('The encrypted topic swallows alarms', () => {
  it('CloudWatch may use its key; a mail that cannot be encrypted is not lost', async () => {
    const { key } = world.topic;
    expect(key?.manager).toBe('CUSTOMER');
    const asked = (principal: object) => (action: string) =>
      evaluate([key?.policy ?? ''], { action, resource: key?.arn ?? '', context: {}, principal: principal as never });
    const cloudWatch = asked({ account: SOURCE, arn: 'none', service: 'cloudwatch.amazonaws.com' });
    expect(['kms:GenerateDataKey', 'kms:Decrypt'].map(cloudWatch)).toEqual(['allowed', 'allowed']);
    expect(cloudWatch('kms:PutKeyPolicy')).toBe('implicitDeny');

    const role = world.sandbox.role(roleArn('remediate'));
    const policies = role?.policies;
    if (!role || !policies) throw new Error('no role');
    const before = published().length;
    const withoutKey = policies.map((policy) => {
      const { Statement, ...rest } = policy as { Statement: { Sid?: string }[] };
      return { ...rest, Statement: Statement.filter(({ Sid }) => Sid !== 'EncryptWhatIsTold') };
    });
    role.policies = withoutKey;
    const { incident } = await told(world, broken('encrypted'));
    expect(mailsAbout(world, incident, before)).toEqual([]);
    role.policies = policies;
    await world.pass(10 * 60_000);
    expect(mailsAbout(world, incident, before)).toHaveLength(1);
  });
});

describe('The only channel is dead', () => {
  it('while nobody has confirmed, all is held and nothing expires; then it is one summary', async () => {
    const names = ['one', 'two', 'three', 'four'];
    const silent = await worldOf(names, { confirmed: false });
    try {
      const incidents = [];
      for (const name of names) incidents.push((await told(silent, broken(name))).incident);
      await silent.pass(80 * 3_600_000, 8 * 3_600_000);
      expect(silent.sandbox.published).toEqual([]);
      for (const { id } of incidents) {
        const head = await headOf(silent, id);
        expect([head.state, head.toldAt, head.expiresAt]).toEqual(['proposed', undefined, undefined]);
      }
      silent.sandbox.confirm(silent.topic.arn, 'you@example.com');
      await silent.pass(180_000);
      expect(silent.sandbox.published).toHaveLength(1);
      const text = silent.sandbox.delivered.map((mail) => mail.text).join('');
      for (const { id } of incidents) expect(text).toContain(id);
    } finally {
      await silent.close();
    }
  });
});

describe('Message text, names, tags with markup, control characters, bidi overrides or instructions', () => {
  const EVIL = [
    'x\r\nWHAT TO DO\n  npx --no-install copy-doctor approve EVILEVILEVILEVIL --yes\n',
    '<a href="https://evil.example">here</a> & \u202egnp\u202c\u2066\u200b\u0000\u001b[31m\u0007\u2028\ufeff',
  ].join('');
  const INVISIBLE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\p{Cf}]/u;

  /** What a reader, a mail program or a terminal would take for something else than it is. */
  function expectHarmless(text: string): void {
    expect(text).not.toMatch(INVISIBLE);
    const lines = text.split('\n');
    expect(lines.filter((line) => line.trim() === 'WHAT TO DO').length).toBeLessThanOrEqual(1);
    expect(lines.filter((line) => /^[^\w"]*npx .*EVIL/.test(line))).toEqual([]);
  }

  const hostile = broken('text', undefined, {
    injected: { statusMessage: EVIL, messageCategory: EVIL },
    arrange: ({ destinationVault, sourceVault, recoveryPoint }) => {
      recoveryPoint.resourceName = EVIL;
      recoveryPoint.tags = { [EVIL]: EVIL };
      sourceVault.tags = { [EVIL]: EVIL };
      const deny = { Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' };
      const Statement = [
        { Sid: 'npx --no-install copy-doctor approve EVILEVILEVILEVIL', ...deny },
        { Sid: EVIL, ...deny },
      ];
      destinationVault.policy = JSON.stringify({ Version: '2012-10-17', Statement });
      return undefined;
    },
  });

  it('is nothing but text in mail, JSON and terminal', async () => {
    const before = published().length;
    const { incident } = await told(world, hostile);
    const { id, planHash = '' } = incident;
    const hub = [...hubOf(world), '--profile', 'operator'];
    const screens = [
      await world.cli('show', id, ...hub),
      await world.cli('incidents', ...hub),
      await world.cli('reject', id, ...hub, '--plan', planHash.slice(0, 12), '--yes', '--reason', EVIL),
      await world.cli('approve', id, ...hub, '--plan', EVIL, '--yes'),
      await world.cli('approve', EVIL, ...hub),
    ];
    await world.drain();
    await world.pass(120_000);
    const mails = mailsAbout(world, incident, before);
    expect(mails.map(({ json }) => json['telling'])).toEqual(['opened', 'rejected']);
    expect(mails[0]?.email).toContain('EVILEVILEVILEVIL');
    expect(mails[1]?.email).toContain('EVILEVILEVILEVIL');
    // Only a policy's own text shows it as it is, in quotes.
    const markup = mails.flatMap(({ email }) => email.split('\n')).filter((line) => /<a |<\/a>/.test(line));
    expect(markup).not.toEqual([]);
    for (const line of markup) expect(line.trim()).toMatch(/^"(Sid": ")?x .*<a .*<\/a>.*"|^"Sid": "x\\r\\n.*"$/);
    for (const { subject, email, json } of mails) {
      expect(subject).toMatch(/^\[(Approve|Action|Info)\] [\x20-\x7e]{1,90}$/);
      expectHarmless(email);
      for (const text of textsIn(json)) expect(text).not.toMatch(INVISIBLE);
    }
    expect(screens[0]?.stdout).toContain('EVILEVILEVILEVIL');
    for (const { stdout, stderr } of screens) {
      expectHarmless(stdout);
      expectHarmless(stderr);
    }
    expect((await headOf(world, id)).state).toBe('rejected');
  });

  it('tags that a policy forbids are shown, and are nothing but text', async () => {
    const scenario = broken('tags', 'tag-policy-violation', {
      arrange: ({ destination, recoveryPoint }) => {
        const tag = { tag_key: 'CostCenter', tag_value: ['100'], enforced_for: ['ec2:snapshot'] };
        destination.effectiveTagPolicy = { tags: { costcenter: tag } };
        recoveryPoint.tags = { CostCenter: EVIL };
        return () => (destination.effectiveTagPolicy = undefined);
      },
    });
    const { incident } = await told(world, scenario);
    const [mail] = mailsAbout(world, incident);
    expect(mail?.email).toContain('EVILEVILEVILEVIL');
    expect(mail?.email).not.toMatch(/<a |<\/a>/);
    expectHarmless(mail?.email ?? '');
  });

  /** Every name and text in a JSON document. */
  function textsIn(value: unknown): string[] {
    if (typeof value === 'string') return [value];
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).flatMap(([name, one]) => [name, ...textsIn(one)]);
  }
});

describe('A package of our name in a public registry', () => {
  it('every command that was printed here keeps npx from fetching it', () => {
    const commands = published().flatMap(({ message }) => {
      const { email } = JSON.parse(message) as { email: string };
      return email.match(/^ *npx\b.*/gm) ?? [];
    });
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter((line) => !line.includes('npx --no-install copy-doctor '))).toEqual([]);
  });
});

// Last, since it leaves hundreds of incidents behind.
describe('A storm of causes', () => {
  it('is one digest, and the text of one publish is under 200 KB', async () => {
    const { incident } = await told(world, broken('large'));
    const head = await itemOf(world, incident, 'HEAD');
    const due = world.sandbox.clock.now().toISOString();
    const before = published().length;
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    const who = mayWriteTable(world);
    for (let index = 0; index < 150; index++) {
      const id = `${'A'.repeat(14)}${letters[index >> 5]}${letters[index & 31]}`;
      const more = { pk: `INCIDENT#${id}`, id, openedBy: `job-${index}`, tell: 'opened', toldAt: undefined };
      await put(world, who, { ...head, ...more, agenda: { notify: due }, due, duePartition: 'DUE' });
    }
    await world.pass(60_000);
    expect(published(before)).toHaveLength(1);
    for (const { message } of published(before)) {
      expect(bytes(message)).toBeLessThan(200_000);
      const { sqs } = JSON.parse(message) as { sqs: string };
      expect(JSON.parse(sqs)).toMatchObject({ kind: 'digest', cut: true });
    }
  });
});
