import { followRetries } from '../../lambda/aws/follow-retries';
import { lookAgain } from '../../lambda/aws/look-again';
import { retryCopies } from '../../lambda/aws/retry-copy';
import type { CopyFailure } from '../../lambda/core/copy-failure';
import { readCopyFailure } from '../../lambda/core/copy-failure';
import type { Incident } from '../../lambda/core/incident/incident';
import type { Job } from '../../lambda/core/incident/shown';
import { SOURCE } from '../sandbox/fixture';
import type { CopyJob, Vault } from '../sandbox/model';
import { listOf } from './incidents-fixture';
import {
  allowFrom,
  HOUR,
  MINUTE,
  policyOf,
  type Deployment,
  type SettingsOf,
  type startHub,
} from './remediate-fixture';

type Hub = Awaited<ReturnType<typeof startHub>>;

/** Failed copies of one vault, and what a person and time do to their incident. Nothing of an earlier one goes on. */
export async function deployRetries(hub: Hub, settings: SettingsOf = () => ({ retry: 'ask' })) {
  const { sandbox, sourceVault, sourceKey, role } = hub;
  sandbox.faults.clear();
  sandbox.maxRunningCopies = Infinity;
  await sandbox.finishCopies();
  const deployed: Deployment = await hub.deploy(true, settings);
  const { incidents } = deployed;
  const [vault] = deployed.vaults;

  const head = async (id: string): Promise<Incident> => {
    const incident = await incidents.head(id);
    if (!incident) throw new Error(`no incident ${id}`);
    return incident;
  };
  const jobs = (id: string): Promise<Job[]> => listOf(incidents.jobs(id));
  const failureOf = ({ id }: CopyJob): CopyFailure => {
    const event = sandbox.events.all.find(
      ({ detail }) => detail.copyJobId === id && ['FAILED', 'PARTIAL'].includes(detail.state),
    );
    const read = readCopyFailure(event);
    if (!read.ok) throw new Error(read.reason);
    return read.value;
  };
  const point = (more: Partial<Parameters<typeof sandbox.addRecoveryPoint>[0]> = {}) =>
    sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key: sourceKey, ...more });

  /** Lets these copies fail together; they join the incident as `way`, without being read. */
  const join = async (
    { id, revision }: Incident,
    points: readonly ReturnType<typeof point>[],
    { way = 'diagnosed', copy = {}, to = vault }: { way?: Job['way']; copy?: object; to?: Vault } = {},
  ): Promise<Job[]> => {
    const copies = await Promise.all(
      points.map((recoveryPoint) =>
        sandbox.runCopy({ recoveryPoint, destinationVaultArn: to.arn, role: role.arn, ...copy }),
      ),
    );
    await sandbox.finishCopies();
    const joined = copies.map((failed): Job => {
      const failure = failureOf(failed);
      const failedAt = new Date(failure.time).toISOString();
      return { copyJobId: failed.id, way, failedAt, failure, revision, bytes: failed.bytes };
    });
    for (const job of joined) {
      await incidents.putCopyJob(job.copyJobId, [id]);
      await incidents.putJob(id, job);
    }
    return joined;
  };

  const approve = async ({ id, revision, planHash = '' }: Incident, retry = true) => {
    const decision = {
      incident: id,
      revision,
      planHash,
      decision: 'approved' as const,
      by: `arn:aws:iam::${SOURCE}:user/someone`,
      at: deployed.now().toISOString(),
      retry,
    };
    await incidents.putDecision(decision);
    await incidents.change(id, { kind: 'decided', at: decision.at, decision });
  };

  /** The change is made by somebody, seen, and has settled: one copy is to be tried. */
  const settle = async (incident: Incident, retry = true) => {
    await approve(incident, retry);
    // Nobody asks the service here.
    await deployed.forge(
      { pk: `INCIDENT#${incident.id}`, sk: 'HEAD' },
      { applies: 'owner', agenda: { 'look-again': deployed.now().toISOString() } },
    );
    vault.policy = policyOf(allowFrom(SOURCE));
    await sandbox.clock.advance(MINUTE);
    await lookAgain(await head(incident.id), deployed.services());
    await sandbox.clock.advance(2 * MINUTE);
    const { after } = await incidents.change(incident.id, { kind: 'settle', at: deployed.now().toISOString() });
    return after as Incident;
  };

  const start = async (id: string) => {
    await retryCopies(await head(id), deployed.services());
    return head(id);
  };
  const follow = async (id: string) => {
    await followRetries(await head(id), deployed.services());
    return head(id);
  };

  const job = async (id: string, copyJobId: string) => (await jobs(id)).find((one) => one.copyJobId === copyJobId);

  /** An incident in state canary; the failure that opened it is the largest. */
  const settled = async (points: Parameters<typeof join>[1] = [], options: Parameters<typeof join>[2] = {}) => {
    const { incident, failure } = await deployed.fail(vault, point({ bytes: 1_000_000 }));
    const joined = await join(incident, points, options);
    const { id } = await settle(incident);
    sandbox.clearCalls();
    return { id, jobs: joined, opening: failure.copyJobId };
  };

  /** All that were joined are to be started now, after a first copy that went well. */
  const retrying = async (...given: Parameters<typeof settled>) => {
    const made = await settled(...given);
    await start(made.id);
    await sandbox.finishCopies();
    await follow(made.id);
    const { state, batches } = await start(made.id);
    if (state !== 'retrying') throw new Error(`the incident is ${state}`);
    sandbox.clearCalls();
    return { ...made, batches };
  };

  return {
    ...deployed,
    vault,
    head,
    jobs,
    job,
    left: async (id: string, { copyJobId }: Pick<Job, 'copyJobId'>) => (await job(id, copyJobId))?.leftOut,
    settled,
    retrying,
    /** So much later than now. */
    at: (milliseconds: number) => new Date(deployed.now().getTime() + milliseconds).toISOString(),
    point,
    points: (count: number, more: Parameters<typeof point>[0] = {}) =>
      Array.from({ length: count }, (_, index) => point({ bytes: 1000 + index, ...more })),
    join,
    approve,
    settle,
    start,
    follow,
    failureOf,
    pass: (milliseconds: number) => sandbox.clock.advance(milliseconds),
    /** Whatever is due, until nothing is within `hours`, as `remediate` does it; copies go on meanwhile. */
    goOn: async (id: string, hours = 24) => {
      const end = deployed.now().getTime() + hours * HOUR;
      for (;;) {
        const { agenda } = await head(id);
        const due = [agenda.retry, agenda.follow].flatMap((time) => time ?? []).sort()[0];
        if (due === undefined || Date.parse(due) > end) return head(id);
        if (due > deployed.now().toISOString()) await sandbox.clock.set(new Date(due));
        await (due === agenda.retry ? start(id) : follow(id));
      }
    },
    starts: () => sandbox.calls.filter(({ operation }) => operation === 'StartCopyJob'),
  };
}
export type Retries = Awaited<ReturnType<typeof deployRetries>>;
