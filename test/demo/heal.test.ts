import { decide } from '../sandbox/demo/cure';
import { headOf } from '../sandbox/demo/heads';
import { untilAtRest } from '../sandbox/demo/rest';
import { DESTINATION } from '../sandbox/demo/scenario';
import { grantsBy, ownKeys, policyText, useBy } from '../sandbox/demo/stage';
import { putPolicy } from '../sandbox/policy-delay';
import { approve, breakIt, HOUR, incidentOf, lastTold, MINUTE, puts, started, statesOf } from './heal-fixture';

const VAULT = 'vault-policy-lacks-source';
const KEY = 'source-key-policy-lacks-grants';

const THEIRS = policyText({
  Sid: 'Theirs',
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:DeleteRecoveryPoint',
  Resource: '*',
});

describe('approved, changed, copied again', () => {
  it('one copy is tried first; then every other one is copied, each once', () =>
    breakIt(VAULT, { copies: 30 }, async (broken) => {
      const { world, jobs } = broken;
      const incident = await incidentOf(broken);
      await approve(broken, incident);
      await world.pass(2 * MINUTE);
      expect(await headOf(world, incident.id)).toMatchObject({ state: 'canary' });
      expect(started(broken)).toHaveLength(1);
      await untilAtRest(world, [incident.id]);

      expect(await headOf(world, incident.id)).toMatchObject({ state: 'resolved' });
      const copied = started(broken).map(({ resourceArn }) => resourceArn);
      expect(statesOf(started(broken))).toEqual(Array.from({ length: 30 }, () => 'COMPLETED'));
      expect(new Set(copied)).toEqual(new Set(jobs.map(({ resourceArn }) => resourceArn)));
      expect(lastTold(broken, incident).subject).toMatch(/^\[Info\] Resolved/);
      expect(puts(broken)).toHaveLength(1);
    }));

  it('each effect is made by a session that says for whom', () =>
    breakIt(VAULT, {}, async (broken) => {
      const { world } = broken;
      const incident = await incidentOf(broken);
      await approve(broken, incident);
      await untilAtRest(world, [incident.id]);
      const effects = world.sandbox.calls.filter(
        ({ operation, error }) => ['PutBackupVaultAccessPolicy', 'StartCopyJob'].includes(operation) && !error,
      );
      expect(effects.map(({ operation, account }) => [operation, account])).toEqual([
        ['PutBackupVaultAccessPolicy', DESTINATION],
        ['StartCopyJob', world.hub],
      ]);
      for (const { sourceIdentity, principal } of effects) {
        expect(sourceIdentity).toMatch(new RegExp(`^${world.hub}\\+operator`));
        expect(principal).toContain(incident.id);
      }
    }));

  it('nothing is started where the person said no', () =>
    breakIt(VAULT, {}, async (broken) => {
      const { world } = broken;
      const { id, planHash = '' } = await incidentOf(broken);
      const hub = ['--region', world.region, '--account', world.hub, '--profile', 'operator'];
      await world.cli('approve', id, ...hub, '--no-retry', '--plan', planHash.slice(0, 12), '--yes');
      await untilAtRest(world, [id]);
      expect(await headOf(world, id)).toMatchObject({ state: 'applied' });
      expect(started(broken)).toEqual([]);
      expect(puts(broken)).toHaveLength(1);
    }));
});

describe('taken back', () => {
  it('what the service added is removed once a person has decided; the statements of others stay', () =>
    breakIt(VAULT, { before: (_, { destinationVault }) => void (destinationVault.policy = THEIRS) }, async (broken) => {
      const { world, stage } = broken;
      const { id } = await incidentOf(broken);
      await approve(broken, await headOf(world, id));
      await untilAtRest(world, [id]);
      expect(stage.destinationVault.policy).not.toBe(THEIRS);
      const asked = ['rollback', id, '--region', world.region, '--account', world.hub, '--profile', 'operator'];
      expect(await world.cli(...asked, '--no-wait')).toMatchObject({ code: 0 });
      await world.pass(2 * MINUTE);
      const { state, rollback } = await headOf(world, id);
      expect(state).toBe('rollback-proposed');
      const plan = ['--plan', rollback?.planHash?.slice(0, 12) ?? '', '--yes'];
      expect(await world.cli(...asked, ...plan)).toMatchObject({ code: 0 });
      await world.pass(2 * MINUTE);
      expect(await headOf(world, id)).toMatchObject({ state: 'rolled-back' });
      expect(JSON.parse(stage.destinationVault.policy ?? '')).toEqual(JSON.parse(THEIRS));
      expect(puts(broken)).toHaveLength(2);
    }));
});

describe('policies that are late', () => {
  it.each([
    ['for copies alone', true],
    ['for whoever reads them, too', false],
  ])("a key's, by 4 minutes, %s: no copy is started before it is in force", async (_, readAtOnce) =>
    breakIt(
      KEY,
      { before: ({ sandbox }) => (sandbox.policyDelays = [{ kind: 'key', ms: 4 * MINUTE, readAtOnce }]) },
      async (broken) => {
        const { world, stage } = broken;
        const { source, destination, sourceKey } = stage;
        const { id } = await incidentOf(broken);
        await decide(world, await headOf(world, id), () => undefined);
        const wanted = policyText(ownKeys(source.id), useBy(destination.id), grantsBy(destination.id));
        putPolicy(world.sandbox, 'key', sourceKey, wanted);
        await untilAtRest(world, [id]);
        expect(await headOf(world, id)).toMatchObject({ state: 'resolved' });
        expect(statesOf(started(broken))).toEqual(['COMPLETED']);
      },
    ),
  );
});

describe('without a person', () => {
  const arn = `arn:aws:backup:eu-west-1:${DESTINATION}:backup-vault:dr-${VAULT}`;

  it('autoApply and retry=auto: changed, copied again, told with the diagnosis', () =>
    breakIt(VAULT, { copies: 3, world: { settings: { autoApply: arn, retry: 'auto' } } }, async (broken) => {
      const { world, stage } = broken;
      const incident = await incidentOf(broken);
      await untilAtRest(world, [incident.id]);
      expect(await headOf(world, incident.id)).toMatchObject({ state: 'resolved' });
      expect((await headOf(world, incident.id)).decision).toBeUndefined();
      expect(stage.destinationVault.policy).toContain('CopyDoctor');
      expect(statesOf(started(broken))).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
      const subjects = world.sandbox.published.map(({ subject }) => subject);
      expect(subjects.some((subject) => subject?.startsWith('[Approve]'))).toBe(false);
      expect(subjects[0]).toMatch(/^\[Info\] Changed without asking/);
      const put = puts(broken)[0];
      expect(put?.sourceIdentity).toBe('autoApply');
    }));

  it('a cause that passes by itself is copied again later, and told once it is', () =>
    breakIt('tag-copy-failed', {}, async (broken) => {
      const { world } = broken;
      const incident = await incidentOf(broken);
      expect(incident).toMatchObject({ kind: 'retry-later', state: 'waiting' });
      await untilAtRest(world, [incident.id]);
      expect(await headOf(world, incident.id)).toMatchObject({ state: 'resolved' });
      expect(statesOf(started(broken))).toEqual(['COMPLETED']);
      expect(puts(broken)).toEqual([]);
    }));

  it('retry=never: it waits for the next scheduled copy', () =>
    breakIt('tag-copy-failed', { world: { settings: { retry: 'never' } } }, async (broken) => {
      const { world, stage, jobs } = broken;
      const incident = await incidentOf(broken);
      await world.pass(6 * HOUR, 20 * MINUTE);
      expect(started(broken)).toEqual([]);
      await world.sandbox.runCopy({
        recoveryPoint: stage.recoveryPoint,
        destinationVaultArn: stage.destinationVault.arn,
        role: jobs[0]?.role ?? '',
      });
      await world.sandbox.finishCopies();
      await world.pass(2 * HOUR, 20 * MINUTE);
      expect(await headOf(world, incident.id)).toMatchObject({ state: 'resolved' });
    }));
});
