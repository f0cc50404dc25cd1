import type { Sandbox } from '..';
import type { CreatedBy } from '../model';
import { DESTINATION, REGION, type Scenario } from './scenario';
import { allowCopyFrom, grantsBy, ownKeys, policyText, setStage, useBy, type Stage } from './stage';
import type { World } from './world';

// What is copied in the week, and what goes wrong with it.

/** Resources that one plan copies from a vault of their own to a vault of its own. */
export interface Lane {
  readonly name: string;
  readonly stage: Stage;
  readonly resources: readonly string[];
  /** What is broken and when, until somebody or something mends it. */
  broken: { readonly cause: Cause; readonly since: number } | undefined;
}

export const LANES = 6;
export const laneName = (index: number) => `week-${index + 1}`;
export const vaultArnOf = (name: string) => `arn:aws:backup:${REGION}:${DESTINATION}:backup-vault:dr-${name}`;

/** A statement that is not the service's, and that nobody may lose. */
const theirs = (name: string) => ({
  Sid: `Theirs${name.replaceAll('-', '')}`,
  Effect: 'Deny',
  Principal: '*',
  Action: 'backup:DeleteRecoveryPoint',
  Resource: '*',
});

export function addLanes({ sandbox, organization, hub }: World): Lane[] {
  return Array.from({ length: LANES }, (_, index) => {
    const name = laneName(index);
    const scenario: Scenario = { name, line: '', expected: [] };
    const stage = setStage(sandbox, organization, hub, scenario);
    stage.destinationVault.policy = policyText(allowCopyFrom(hub), theirs(name));
    const resources = [0, 1].map(
      (nth) => `arn:aws:ec2:${REGION}:${hub}:volume/vol-${String(index * 10 + nth).padStart(17, '0')}`,
    );
    return { name, stage, resources, broken: undefined };
  });
}

const plan = (hub: string): CreatedBy => ({
  planId: 'cccccccc-0000-4000-8000-000000000003',
  planArn: `arn:aws:backup:${REGION}:${hub}:backup-plan:cccccccc-0000-4000-8000-000000000003`,
  planVersion: 'd2Vlaw',
  ruleId: 'dddddddd-0000-4000-8000-000000000004',
  ruleCron: 'cron(0 0/8 * * ? *)',
  ruleTimezone: 'Etc/UTC',
});

/** What the backup plan does every 8 hours. */
export async function copyLane(sandbox: Sandbox, hub: string, { stage, resources, broken }: Lane): Promise<void> {
  for (const resourceArn of resources) {
    const { sourceVault, sourceKey, destinationVault, role } = stage;
    await sandbox.runCopy({
      recoveryPoint: sandbox.addRecoveryPoint({ vault: sourceVault, type: 'EBS', key: sourceKey, resourceArn }),
      destinationVaultArn: destinationVault.arn,
      role: role.arn,
      lifecycle: { deleteAfterDays: 35 },
      createdBy: plan(hub),
      ...(broken?.cause === 'transient' ? { injectFailure: TRANSIENT } : {}),
    });
  }
}

const TRANSIENT = {
  statusMessage: 'We are unable to copy resource tags to your backup because of the internal failure.',
  messageCategory: 'TAG_COPY_ERROR',
};

export type Cause = 'no policy' | 'statement removed' | 'key policy' | 'disabled key' | 'transient';

/** Policies more often than the rest. */
export const CAUSES: readonly Cause[] = [
  ...(['no policy', 'statement removed', 'statement removed'] as const),
  ...(['key policy', 'key policy', 'disabled key', 'transient'] as const),
];

interface Document {
  Statement: { Sid?: string; Effect?: string; Action?: unknown }[];
}

const allowsCopies = ({ Effect, Action }: Document['Statement'][number]) =>
  Effect === 'Allow' && [Action].flat().includes('backup:CopyIntoBackupVault');

/** Somebody breaks it: the new policies, by what they belong to. */
export function breakLane({ stage, name }: Lane, cause: Cause): void {
  const { destinationVault, sourceKey, source, destination } = stage;
  if (cause === 'no policy') destinationVault.policy = undefined;
  if (cause === 'statement removed') {
    const { Statement } = JSON.parse(destinationVault.policy ?? policyText(theirs(name))) as Document;
    destinationVault.policy = policyText(...Statement.filter((one) => !allowsCopies(one)));
  }
  if (cause === 'key policy') sourceKey.policy = policyText(ownKeys(source.id), useBy(destination.id));
  if (cause === 'disabled key') sourceKey.state = 'Disabled';
}

/** Somebody mends it by hand, and adds to what is there. */
export function mendLane({ stage }: Lane): void {
  const { destinationVault, sourceKey, source, destination } = stage;
  const statementsOf = (text: string | undefined) =>
    text === undefined ? [] : (JSON.parse(text) as Document).Statement;
  const vault = statementsOf(destinationVault.policy);
  if (!vault.some(allowsCopies)) destinationVault.policy = policyText(...vault, allowCopyFrom(source.id));
  const grants = grantsBy(destination.id);
  const key = statementsOf(sourceKey.policy);
  if (!key.some(({ Action }) => [Action].flat().includes('kms:CreateGrant'))) {
    sourceKey.policy = policyText(...key, grants);
  }
  sourceKey.state = 'Enabled';
}
