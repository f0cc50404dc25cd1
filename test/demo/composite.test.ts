import { newArns } from '../sandbox/arn';
import { headOf, incidentsOf } from '../sandbox/demo/heads';
import type { Stage } from '../sandbox/demo/stage';
import type { World } from '../sandbox/demo/world';
import { approve, breakIt, HOUR, incidentOf, MINUTE } from './heal-fixture';

/** What is copied is a cluster with two volumes. */
function composite(_: World, { recoveryPoint, sourceVault, sourceKey, sandbox }: Stage): void {
  const names = newArns('EKS', sourceVault.region, sourceVault.account);
  const members = [1, 2].map(() => sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key: sourceKey }));
  Object.assign(recoveryPoint, { type: 'EKS', arn: names.recoveryPoint, resourceArn: names.resource, members });
}

it('a composite and its members that one policy stopped are mended by one decision, and copied once each', () =>
  breakIt('vault-policy-lacks-source', { before: composite }, async (broken) => {
    const { world, jobs } = broken;
    const [parent] = jobs;
    if (!parent) throw new Error('no job');
    const { sandbox } = world;
    const failed = sandbox.copyJobs.filter(({ state }) => state === 'FAILED');
    expect(failed.map(({ parentId }) => parentId).sort()).toEqual([parent.id, parent.id, undefined]);

    const held = await incidentsOf(world, parent.id);
    expect(held.map(({ kind, state }) => [kind, state])).toEqual([
      ['vault-policy', 'proposed'],
      ['manual', 'reported'],
    ]);
    const [policy, list] = held;
    for (const child of failed.filter(({ parentId }) => parentId === parent.id)) {
      expect((await incidentsOf(world, child.id)).map(({ id }) => id)).toEqual([policy?.id]);
    }
    await approve(broken, await incidentOf(broken));
    await world.pass(3 * HOUR, 5 * MINUTE);

    // The composite was started once, and each member was copied with it, and not by itself.
    const later = sandbox.copyJobs.filter((job) => !failed.includes(job));
    expect(later.map(({ state }) => state)).toEqual(['COMPLETED', 'COMPLETED', 'COMPLETED']);
    expect(
      later
        .filter(({ parentId }) => parentId === undefined)
        .map(({ sourceRecoveryPointArn }) => sourceRecoveryPointArn),
    ).toEqual([parent.sourceRecoveryPointArn]);
    expect((await headOf(world, policy?.id ?? '')).state).toBe('resolved');
    expect((await headOf(world, list?.id ?? '')).state).toBe('resolved');
    expect(world.errors).toEqual([]);
  }));
