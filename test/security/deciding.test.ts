import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Incident } from '../../lambda/core/incident/incident';
import { SOURCE } from '../sandbox/demo/scenario';
import {
  apply,
  broken,
  decide,
  decisionsOn,
  headOf,
  mailsAbout,
  operator,
  person,
  request,
  told,
  worldOf,
  type Verb,
  type World,
} from './fixture';

// What docs/threat-model.md says of this.

const NAMES = ['authority', 'short', 'both', 'late', 'again', 'wrong', 'revised', 'got'];
let world: World;
beforeAll(async () => (world = await worldOf(NAMES)));
afterAll(() => world.close());

const bodyFor = ({ revision, planHash }: Incident, decision = 'approved') => ({ decision, revision, planHash });
const undecided = async (incident: Incident) => {
  expect(await decisionsOn(world, incident)).toEqual([]);
  await world.pass(60_000);
  expect((await headOf(world, incident.id)).state).toBe('proposed');
};

describe('Deciding without authority', () => {
  const url = { Effect: 'Allow', Action: 'lambda:InvokeFunctionUrl', Resource: '*' };
  const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' };

  it('needs both rights on the function, and for another account the approver role', async () => {
    const { incident } = await told(world, broken('authority'));
    const onlyByUrl = { ...url, Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } };
    for (const [index, rights] of [[invoke], [url], [onlyByUrl, invoke], []].entries()) {
      const who = person(world, `without-${index}`, rights);
      for (const path of ['/decision', '']) {
        const { status } = await request(world, who, incident, path ? bodyFor(incident) : undefined, path);
        expect({ index, path, status }).toEqual({ index, path, status: 403 });
      }
    }
    for (const profile of ['unread', 'destination', 'management']) {
      const { code, stderr } = await decide(world, 'approve', incident, profile);
      expect({ profile, code }).toEqual({ profile, code: 1 });
      expect(stderr).toContain('you may not take the role');
    }
    const unsigned = await fetch(new URL(`/incidents/${incident.id}`, world.outputs['ApproveUrl']));
    expect(unsigned.status).toBe(403);
    await undecided(incident);

    const both = person(world, 'with-both', [url, invoke]);
    // Whoever writes a name into the request is not asked.
    const named = await request(world, both, incident, {
      ...bodyFor(incident),
      by: `arn:aws:iam::${SOURCE}:user/boss`,
    });
    expect(named.status).toBe(400);
    await undecided(incident);
    expect((await request(world, both, incident, bodyFor(incident))).status).toBe(201);
    expect(await decisionsOn(world, incident)).toMatchObject([
      { by: `arn:aws:sts::${SOURCE}:assumed-role/with-both/with-both`, decision: 'approved' },
    ]);
  });

  it('counts only with the first 12 characters of the plan that the mail shows', async () => {
    const { incident } = await told(world, broken('short'));
    const [mail] = mailsAbout(world, incident);
    expect(mail?.email).toContain(incident.planHash?.slice(0, 12));
    for (const plan of [incident.planHash?.slice(0, 11), 'ffffffffffff', '']) {
      const { code } = await decide(world, 'approve', incident, 'operator', plan);
      expect({ plan, code }).toEqual({ plan, code: 2 });
    }
    await undecided(incident);
  });
});

describe('Approving something other than what was shown', () => {
  it('two decisions at once: one wins, one mail, the other hears who decided', async () => {
    const { incident } = await told(world, broken('both'));
    const before = world.sandbox.published.length;
    const restore = world.profiles.use();
    // Long enough for both to find nothing decided yet.
    world.sandbox.latencyMs = 30;
    const people: readonly [Verb, string][] = [
      ['approve', 'operator'],
      ['reject', 'source'],
    ];
    const answers = await Promise.all(people.map(([verb, profile]) => decide(world, verb, incident, profile)));
    world.sandbox.latencyMs = 0;
    restore();
    await world.drain();
    await world.pass(120_000);

    const [winner] = await decisionsOn(world, incident);
    expect(await decisionsOn(world, incident)).toHaveLength(1);
    const won = winner?.['decision'] === 'approved' ? 0 : 1;
    expect(answers[won]?.code).toBe(0);
    expect(answers[1 - won]).toMatchObject({ code: 1, stdout: '' });
    expect(answers[1 - won]?.stderr).toContain(`was ${String(winner?.['decision'])} by ${String(winner?.['by'])}`);
    // What was approved is made by the service meanwhile.
    expect((await headOf(world, incident.id)).state).toBe(won === 0 ? 'applied' : 'rejected');
    expect(mailsAbout(world, incident, before)).toHaveLength(1);
  });

  it('a request for another plan, another revision or another incident decides nothing', async () => {
    const { incident } = await told(world, broken('wrong'));
    const other = 'f'.repeat(64);
    const wrong = [
      { ...bodyFor(incident), planHash: other },
      { ...bodyFor(incident), planHash: incident.planHash?.slice(0, 12) },
      { ...bodyFor(incident), planHash: incident.planHash?.toUpperCase() },
      { ...bodyFor(incident), revision: incident.revision + 1 },
    ];
    for (const body of wrong) {
      const { status } = await request(world, operator(world), incident, body);
      expect([400, 409]).toContain(status);
    }
    const elsewhere = await request(world, operator(world), { id: 'A'.repeat(16) }, bodyFor(incident));
    expect(elsewhere.status).toBe(404);
    // A GET never decides.
    const got = await request(world, operator(world), incident);
    expect(got.status).toBe(405);
    await undecided(incident);
  });

  it('a GET decides nothing and asks for nothing, whatever its address says', async () => {
    const { incident } = await told(world, broken('got'));
    const { planHash = '', revision } = incident;
    const asked = { decision: 'approved', planHash, revision: String(revision), retry: 'true' };
    const before = await world.table.items();
    for (const path of ['', '/decision', '/rollback', '/approve', '/decision/', `/${planHash}`, '//decision']) {
      for (const [method, query] of [
        ['GET', {}],
        ['GET', asked],
        ['HEAD', asked],
      ] as const) {
        const status = await signedly(method, `/incidents/${incident.id}${path}`, query);
        const answered = method === 'HEAD' && path === '' ? 405 : statusOf(path);
        expect({ path, method, query, status }).toEqual({ path, method, query, status: answered });
      }
    }
    expect(await world.table.items()).toEqual(before);
    expect(world.work.messages).toEqual([]);
    await undecided(incident);
  });

  /** As a person may sign any request, not only what the command line makes. */
  async function signedly(method: 'GET' | 'HEAD', path: string, query: Readonly<Record<string, string>>) {
    const { hostname, host, protocol, origin } = new URL(world.outputs['ApproveUrl'] ?? '');
    const { region } = world;
    const signer = new SignatureV4({ service: 'lambda', region, credentials: operator(world), sha256: Sha256 });
    const { headers } = await signer.sign({ method, protocol, hostname, path, query: { ...query }, headers: { host } });
    const { status } = await fetch(`${origin}${path}?${new URLSearchParams(query).toString()}`, { method, headers });
    return status;
  }

  const statusOf = (path: string) => (path === '' ? 200 : ['/decision', '/rollback'].includes(path) ? 405 : 404);

  it('a decision after a new plan was shown is refused, though the old mail is still there', async () => {
    const { incident, stage } = await told(world, broken('revised'));
    stage.destinationVault.policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }],
    });
    await world.pass(12 * 60_000);
    const now = await headOf(world, incident.id);
    expect(now).toMatchObject({ revision: 2, state: 'proposed' });
    expect(now.planHash).not.toBe(incident.planHash);
    const typed = await decide(world, 'approve', incident);
    expect(typed).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing was decided') });
    const replayed = await request(world, operator(world), incident, bodyFor(incident));
    expect(replayed).toMatchObject({ status: 409, json: { error: 'another-plan' } });
    await undecided(incident);
  });

  it('a decision after its time is refused, also where the service has not noticed yet', async () => {
    const { incident } = await told(world, broken('late'));
    // No tick: nothing has expired it.
    await world.sandbox.clock.advance(73 * 3_600_000);
    const answer = await request(world, operator(world), incident, bodyFor(incident));
    expect(answer).toMatchObject({ status: 409, json: { error: 'expired' } });
    await world.pass(60_000);
    expect(await decide(world, 'approve', incident)).toMatchObject({ code: 1, stdout: '' });
    expect(await apply(world, incident)).toMatchObject({ code: 1, stderr: expect.stringContaining('expired') });
    expect(await decisionsOn(world, incident)).toEqual([]);
    expect((await headOf(world, incident.id)).state).toBe('expired');
  });

  it('the same request again counts once: one decision, one mail', async () => {
    const { incident } = await told(world, broken('again'));
    const before = world.sandbox.published.length;
    const statuses: number[] = [];
    for (let time = 0; time < 3; time++) {
      statuses.push((await request(world, operator(world), incident, bodyFor(incident))).status);
      await world.drain();
    }
    await world.pass(120_000);
    expect(statuses).toEqual([201, 200, 200]);
    expect(await decisionsOn(world, incident)).toHaveLength(1);
    expect(mailsAbout(world, incident, before)).toHaveLength(1);
    // Nor does it come back from another person.
    const other = world.sandbox.credentials(SOURCE);
    expect((await request(world, other, incident, bodyFor(incident))).status).toBe(409);
  });
});
