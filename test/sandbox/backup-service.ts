import { randomUUID } from 'node:crypto';
import { newArns, parseArn, regionOf } from './arn';
import type { Copy } from './copy';
import { firstClosed } from './copy-gates';
import type { Clock } from './clock';
import type { CopyJobEvent, Events } from './events';
import type { CopyJob, CopyState, CreatedBy, Lifecycle, RecoveryPoint, Vault } from './model';
import type { Started } from './start-copy-job';
import type { State } from './state';

export interface RunCopy {
  /** The live object, or an ARN (then with the vault it was in, if it is gone). */
  recoveryPoint: RecoveryPoint | string;
  sourceVaultArn?: string;
  destinationVaultArn: string;
  role: string;
  lifecycle?: Lifecycle | undefined;
  createdBy?: CreatedBy | 'on-demand';
  injectFailure?: { statusMessage: string; messageCategory: string } | undefined;
  startAfterMs?: number;
  runMs?: number;
  /** What is copied with it; otherwise the members of a composite recovery point. */
  children?: RunCopy[] | undefined;
}

const ENDED: CopyState[] = ['COMPLETED', 'FAILED', 'PARTIAL'];
const RECORD_MS = 30 * 86_400_000;
const isRecorded = ({ completedAt }: CopyJob, now: number) => !completedAt || now - completedAt.getTime() <= RECORD_MS;
export const ended = (job: CopyJob) => ENDED.includes(job.state);

const planOf = (account: string, region: string): CreatedBy => ({
  planId: 'aaaaaaaa-0000-4000-8000-000000000001',
  planArn: `arn:aws:backup:${region}:${account}:backup-plan:aaaaaaaa-0000-4000-8000-000000000001`,
  planVersion: 'c2FuZGJveA',
  ruleId: 'bbbbbbbb-0000-4000-8000-000000000002',
  // Sundays: a plan that runs again soon is a cause of its own for not copying again.
  ruleCron: 'cron(0 5 ? * 1 *)',
  ruleTimezone: 'Etc/UTC',
});

const membersOf = ({ members }: RecoveryPoint, options: RunCopy): RunCopy[] =>
  members.map((recoveryPoint) => ({ ...options, recoveryPoint, children: undefined, injectFailure: undefined }));

/** Copies on the sandbox's clock: CREATED, RUNNING, then the gates decide. */
export class BackupService {
  readonly jobs: CopyJob[] = [];
  /** By account, Region and idempotency token. */
  readonly started = new Map<string, Started>();
  private readonly byId = new Map<string, CopyJob>();
  fullyManagedCopier: Copy['fullyManagedCopier'] = 'service-linked-role';
  /** Of copies that do not say. */
  pace = { startAfterMs: 60_000, runMs: 240_000 };

  constructor(
    private readonly state: State,
    private readonly clock: Clock,
    private readonly events: Events,
  ) {}

  /** CREATED or RUNNING, of the source's account and Region. */
  running(account: string, region: string): number {
    return this.jobs.filter((job) => !ended(job) && job.account === account && job.region === region).length;
  }

  /** Still on record: 30 days after its end a job is gone. */
  recorded(): CopyJob[] {
    const now = this.clock.now().getTime();
    return this.jobs.filter((job) => isRecorded(job, now));
  }

  recordOf(id: string): CopyJob | undefined {
    const job = this.byId.get(id);
    return job && isRecorded(job, this.clock.now().getTime()) ? job : undefined;
  }

  async run(options: RunCopy, parentId?: string): Promise<CopyJob> {
    const point =
      typeof options.recoveryPoint === 'string'
        ? this.state.recoveryPoint(options.recoveryPoint)
        : options.recoveryPoint;
    if (!point) throw new Error('a copy needs a recovery point that is, or was, there: pass the object');
    const sourceVault = options.sourceVaultArn === undefined ? point.vault : this.state.vault(options.sourceVaultArn);
    if (!sourceVault) throw new Error(`the sandbox has no vault ${String(options.sourceVaultArn)}`);
    const job = this.newJob(point, sourceVault, options, parentId);
    this.jobs.push(job);
    this.byId.set(job.id, job);
    await this.emit(job);
    for (const child of options.children ?? membersOf(point, options)) {
      job.childIds.push((await this.run(child, job.id)).id);
    }
    const { startAfterMs, runMs } = { ...this.pace, ...options };
    this.clock.after(startAfterMs, () => this.enter(job, 'RUNNING'));
    this.clock.after(startAfterMs + runMs, () => this.end(job, options.injectFailure));
    return job;
  }

  private newJob(
    point: RecoveryPoint,
    sourceVault: Vault,
    options: Omit<RunCopy, 'recoveryPoint'>,
    parentId: string | undefined,
  ): CopyJob {
    const { account, region } = sourceVault;
    return {
      id: randomUUID().toUpperCase(),
      account,
      region,
      state: 'CREATED',
      statusMessage: undefined,
      messageCategory: '',
      gate: undefined,
      sourceVaultArn: sourceVault.arn,
      destinationVaultArn: options.destinationVaultArn,
      sourceRecoveryPointArn: point.arn,
      destinationRecoveryPointArn: undefined,
      resourceArn: point.resourceArn,
      resourceName: point.resourceName,
      type: point.type,
      bytes: point.bytes,
      role: options.role,
      lifecycle: options.lifecycle,
      createdBy: options.createdBy === 'on-demand' ? undefined : (options.createdBy ?? planOf(account, region)),
      parentId,
      childIds: [],
      createdAt: this.clock.now(),
      completedAt: undefined,
    };
  }

  /** A copy of the past, so many days ago: on record, without events, and the copied recovery point still there. */
  addCompleted(options: Omit<RunCopy, 'recoveryPoint'> & { recoveryPoint: RecoveryPoint }, daysAgo: number): CopyJob {
    const createdAt = new Date(this.clock.now().getTime() - daysAgo * 86_400_000);
    const job = this.newJob(options.recoveryPoint, options.recoveryPoint.vault, options, undefined);
    const completedAt = new Date(createdAt.getTime() + 300_000);
    Object.assign(job, {
      state: 'COMPLETED',
      messageCategory: 'SUCCESS',
      createdAt,
      completedAt,
    } satisfies Partial<CopyJob>);
    this.arrive(job, this.copyOf(job));
    this.jobs.push(job);
    this.byId.set(job.id, job);
    return job;
  }

  private async enter(job: CopyJob, state: CopyState): Promise<void> {
    job.state = state;
    if (ENDED.includes(state)) job.completedAt = this.clock.now();
    await this.emit(job);
  }

  private async end(job: CopyJob, injected: RunCopy['injectFailure']): Promise<void> {
    const children = job.childIds.flatMap((id) => this.byId.get(id) ?? []);
    if (children.some((child) => !ended(child))) {
      this.clock.after(60_000, () => this.end(job, injected));
      return;
    }
    const copy = this.copyOf(job);
    const failure = injected ? { gate: 'injected', ...injected } : firstClosed(copy);
    if (failure) {
      job.gate = failure.gate;
      job.statusMessage = failure.statusMessage;
      job.messageCategory = failure.messageCategory;
      await this.enter(job, 'FAILED');
      return;
    }
    const failed = children.filter(({ state }) => state !== 'COMPLETED').length;
    this.arrive(job, copy);
    job.messageCategory = failed > 0 ? 'MISCELLANEOUS' : 'SUCCESS';
    await this.enter(job, failed > 0 ? 'PARTIAL' : 'COMPLETED');
  }

  private copyOf(job: CopyJob): Copy {
    const sourceVault = this.state.vault(job.sourceVaultArn);
    if (!sourceVault) throw new Error(`the source vault ${job.sourceVaultArn} was taken away under a copy`);
    const destinationAccount = parseArn(job.destinationVaultArn)?.account ?? '';
    return {
      state: this.state,
      now: this.clock.now(),
      fullyManagedCopier: this.fullyManagedCopier,
      sourceVault,
      recoveryPointArn: job.sourceRecoveryPointArn,
      recoveryPoint: this.state.recoveryPointIn(sourceVault, job.sourceRecoveryPointArn),
      type: job.type,
      resourceArn: job.resourceArn,
      destinationVaultArn: job.destinationVaultArn,
      destinationVault: this.state.vault(job.destinationVaultArn),
      source: this.state.account(job.account),
      destination: this.state.accounts.get(destinationAccount),
      roleArn: job.role,
      role: this.state.role(job.role),
      lifecycle: job.lifecycle,
      crossAccount: destinationAccount !== job.account,
    };
  }

  private arrive(job: CopyJob, { recoveryPoint, destinationVault }: Copy): void {
    if (!recoveryPoint || !destinationVault) throw new Error('unreachable: their gates come first');
    const { account } = destinationVault;
    const { arn } = this.state.addRecoveryPoint({
      vault: destinationVault,
      type: job.type,
      arn: newArns(job.type, regionOf(destinationVault.arn), account).recoveryPoint,
      resourceArn: job.resourceArn,
      ...(job.resourceName === undefined ? {} : { resourceName: job.resourceName }),
      key: destinationVault.key,
      encrypted: recoveryPoint.encrypted,
      tags: { ...recoveryPoint.tags },
      lifecycle: { ...(job.lifecycle ?? recoveryPoint.lifecycle) },
      bytes: job.bytes,
    });
    job.destinationRecoveryPointArn = arn;
  }

  /** Fields as in AWS's documented samples, which differ from state to state. */
  private async emit(job: CopyJob): Promise<void> {
    const { createdBy } = job;
    const event: CopyJobEvent = {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Copy Job State Change',
      source: 'aws.backup',
      account: job.account,
      time: this.clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
      region: job.region,
      resources: [job.sourceRecoveryPointArn],
      detail: {
        ...(job.state === 'CREATED' ? {} : { copyJobId: job.id }),
        backupSizeInBytes: job.bytes,
        creationDate: job.createdAt.toISOString(),
        iamRoleArn: job.role,
        resourceArn: job.resourceArn,
        resourceType: job.type,
        sourceBackupVaultArn: job.sourceVaultArn,
        state: job.state,
        ...(job.statusMessage === undefined ? {} : { statusMessage: job.statusMessage }),
        ...(job.completedAt ? { completionDate: job.completedAt.toISOString() } : {}),
        destinationBackupVaultArn: job.destinationVaultArn,
        destinationRecoveryPointArn: job.destinationRecoveryPointArn ?? {},
        ...(createdBy
          ? {
              createdBy: {
                backupPlanId: createdBy.planId,
                backupPlanArn: createdBy.planArn,
                backupPlanVersion: createdBy.planVersion,
                backupPlanRuleId: createdBy.ruleId,
              },
            }
          : {}),
      },
    };
    await this.events.emit(event);
  }
}
