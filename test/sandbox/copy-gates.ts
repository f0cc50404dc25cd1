// What AWS Backup checks before a copy, in its order, with its own status texts.
import { regionOf, serviceLinkedRoleArn } from './arn';
import { callerOf, contextOf, deniedByOrganization, roleDecision } from './authorize';
import { closed, MANAGED_DESTINATION_KEY, type Closed, type Copy } from './copy';
import { copyable, feature } from './features';
import { identityOf } from './iam-api';
import { evaluate } from './matcher';
import { keyGate } from './key-gates';
import { policyInForce } from './policy-delay';
import { tagGate } from './tag-gate';

type Gate = (copy: Copy) => Closed | undefined;

const accessDenied = () => closed('ACCESS_DENIED', 'Access Denied trying to call AWS Backup service');

const organization: Gate = ({ crossAccount, source, destination }) => {
  const same = source.organization !== undefined && source.organization === destination?.organization;
  if (!crossAccount || same) return undefined;
  return closed(
    'ACCESS_DENIED',
    'Copy job failed. Both source and destination account must be a member of the same organization.',
  );
};

const featureSwitch: Gate = ({ crossAccount, source }) =>
  crossAccount && !source.organization?.isCrossAccountBackupEnabled
    ? closed(
        'FEATURE_NOT_ENABLED',
        'Copy job failed. Cross-account copy feature is not enabled for the current organization.',
      )
    : undefined;

const destinationRegion: Gate = ({ destination, destinationVaultArn }) =>
  destination && !destination.enabledRegions.has(regionOf(destinationVaultArn))
    ? closed('ACCESS_KEY_ERROR', 'The AWS Access Key Id needs a subscription for the service')
    : undefined;

/** AWS has no text of its own for it: the one for an account that a service does not know. */
const sourceService: Gate = ({ type, source, sourceVault }) =>
  feature(type).needsOptIn && source.regionSettings(sourceVault.region).optIn[type] === false
    ? closed('ACCESS_KEY_ERROR', 'The AWS Access Key Id needs a subscription for the service')
    : undefined;

const toAirGapped = ({ destinationVault }: Copy) => destinationVault?.type === 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT';

/** Between accounts such a key closes another gate. https://docs.aws.amazon.com/aws-backup/latest/devguide/lag-vault-primary-backup.html */
const airGappedKey: Gate = (copy) => {
  const key = copy.state.key(copy.recoveryPoint?.keyArn ?? '');
  if (!toAirGapped(copy) || copy.crossAccount || feature(copy.type).fullyManaged || key?.manager !== 'AWS')
    return undefined;
  return closed(
    'MISCELLANEOUS',
    'This resource is encrypted with an AWS managed key and cannot be copied to a logically air-gapped backup vault.',
  );
};

const recoveryPointThere: Gate = ({ recoveryPoint }) => {
  if (!recoveryPoint || ['EXPIRED', 'DELETING'].includes(recoveryPoint.status)) {
    return closed('RESOURCE_NOT_FOUND', 'Cannot find recovery point');
  }
  const usable = ['COMPLETED', 'AVAILABLE'].includes(recoveryPoint.status) && recoveryPoint.storageClass === 'WARM';
  return usable ? undefined : closed('INVALID_STATE', 'Recovery point is not in the available state');
};

const resourceType: Gate = (copy) => {
  const { type, sourceVault, source, destinationVaultArn } = copy;
  const { optIn, management } = source.regionSettings(sourceVault.region);
  const possible = copyable({
    type,
    resourceArn: copy.resourceArn,
    crossAccount: copy.crossAccount,
    sourceRegion: sourceVault.region,
    destinationRegion: regionOf(destinationVaultArn),
    toAirGapped: toAirGapped(copy),
    encrypted: copy.recoveryPoint?.encrypted !== false,
    dynamoDbAdvanced: optIn.DynamoDB === true && management.DynamoDB === true,
    now: copy.now,
  });
  if (possible) return undefined;
  const route = `from ${sourceVault.region} to ${regionOf(destinationVaultArn)}`;
  return closed(
    'UNSUPPORTED_OPERATION',
    `Copy job ${route} cannot be initiated for ${type} resources. Feature is not supported for provided resource type.`,
  );
};

const sourceVaultPolicy: Gate = ({ state, now, sourceVault, recoveryPointArn, role }) => {
  const policy = policyInForce(sourceVault, now);
  if (policy === undefined || !role) return undefined;
  const identity = identityOf(role);
  const denied = ['backup:StartCopyJob', 'backup:CopyFromBackupVault'].some((action) =>
    [sourceVault.arn, recoveryPointArn].some(
      (resource) =>
        evaluate([policy], { action, resource, principal: callerOf(identity), context: contextOf(state, identity) }) ===
        'explicitDeny',
    ),
  );
  return denied ? accessDenied() : undefined;
};

export function assumableByBackup({ role, source }: Pick<Copy, 'role' | 'source'>): boolean {
  if (!role || role.account !== source.id) return false;
  const context = { 'aws:SourceAccount': source.id, 'aws:PrincipalIsAWSService': 'true' };
  const principal = { account: '', arn: '', service: 'backup.amazonaws.com' };
  return evaluate([role.trust], { action: 'sts:AssumeRole', resource: role.arn, principal, context }) === 'allowed';
}

const roleAssumable: Gate = (copy) =>
  assumableByBackup(copy)
    ? undefined
    : closed('ACCESS_DENIED', `IAM Role ${copy.roleArn} cannot be assumed by AWS Backup`);

const rolePermission: Gate = ({ state, role, sourceVault, destinationVaultArn, destinationVault, destination }) => {
  if (!role) throw new Error('unreachable: roleAssumable comes first');
  const context = contextOf(state, identityOf(role));
  const vaultTags = Object.entries(destinationVault?.tags ?? {}).map(([key, value]) => [
    `aws:ResourceTag/${key}`,
    value,
  ]);
  const asked = [
    {
      action: 'backup:CopyFromBackupVault',
      resource: sourceVault.arn,
      context: {
        ...context,
        'backup:CopyTargets': [destinationVaultArn],
        'backup:CopyTargetOrgPaths': destination?.organization ? [destination.organization.path] : undefined,
      },
    },
    {
      action: 'backup:CopyIntoBackupVault',
      resource: destinationVaultArn,
      context: { ...context, ...(Object.fromEntries(vaultTags) as Record<string, string>) },
    },
  ];
  const allowed = asked.every(
    (request) =>
      !deniedByOrganization(state, role.account, request.action) && roleDecision(role, request) === 'allowed',
  );
  return allowed ? undefined : accessDenied();
};

const destinationVaultThere: Gate = ({ destinationVault, destinationVaultArn }) =>
  destinationVault ? undefined : closed('RESOURCE_NOT_FOUND', `Could not find cryopod ${destinationVaultArn}`);

const destinationVaultState: Gate = ({ destinationVault }) =>
  destinationVault?.state === 'AVAILABLE'
    ? undefined
    : closed('INVALID_STATE', 'Backup vault is not in the available state');

/** The Default vault's key is always aws/backup; AWS has no text of its own for it. */
const destinationVaultDefault: Gate = ({ crossAccount, destinationVault }) =>
  crossAccount && destinationVault?.name === 'Default' ? closed('ACCESS_DENIED', MANAGED_DESTINATION_KEY) : undefined;

const destinationVaultPolicy: Gate = ({ state, now, crossAccount, role, destinationVault }) => {
  if (!role || !destinationVault) throw new Error('unreachable: their own gates come first');
  const identity = identityOf(role);
  const policy = policyInForce(destinationVault, now);
  const decision = evaluate(policy === undefined ? [] : [policy], {
    action: 'backup:CopyIntoBackupVault',
    resource: destinationVault.arn,
    principal: callerOf(identity),
    context: contextOf(state, identity),
  });
  const open = decision === 'allowed' || (decision === 'implicitDeny' && !crossAccount);
  return open ? undefined : accessDenied();
};

const serviceLinkedRole: Gate = ({ state, crossAccount, destination }) => {
  if (crossAccount && destination && !state.serviceLinkedRole(destination.id)) {
    throw new Error(
      `the sandbox knows no text of AWS for a missing ${serviceLinkedRoleArn(destination.id)}: inject one`,
    );
  }
  return undefined;
};

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html on Allowed AMIs */
const imageAllowed: Gate = ({ type, crossAccount, source, destination, recoveryPointArn }) => {
  const allowed = destination?.allowedImageProviders;
  if (type !== 'EC2' || !crossAccount || !allowed || allowed.includes(source.id)) return undefined;
  // AWS lists the text without a category of its own.
  return closed('MISCELLANEOUS', `Source AMI ${recoveryPointArn.split('/').at(-1) ?? ''} not found in Region.`);
};

const vaultLock: Gate = ({ recoveryPoint, destinationVault, lifecycle }) => {
  const { minRetentionDays = 1, maxRetentionDays = Infinity } = destinationVault ?? {};
  const days = lifecycle?.deleteAfterDays ?? recoveryPoint?.lifecycle.deleteAfterDays ?? -1;
  const retention = days === -1 ? Infinity : days;
  if (retention >= minRetentionDays && retention <= maxRetentionDays) return undefined;
  return closed(
    'INVALID_LIFECYCLE',
    'Copy job failed. The retention specified in the job is not within the range specified for the target Backup Vault.',
  );
};

/** In the order in which they are tried; `job.gate` is one of these names. */
export const gates: Record<string, Gate> = {
  organization,
  'feature-switch': featureSwitch,
  'destination-region': destinationRegion,
  'source-service': sourceService,
  'recovery-point': recoveryPointThere,
  'resource-type': resourceType,
  'air-gapped-key': airGappedKey,
  'source-vault-policy': sourceVaultPolicy,
  'role-trust': roleAssumable,
  'role-permission': rolePermission,
  'destination-vault': destinationVaultThere,
  'destination-vault-state': destinationVaultState,
  'destination-vault-default': destinationVaultDefault,
  'destination-vault-policy': destinationVaultPolicy,
  'service-linked-role': serviceLinkedRole,
  'source-key-managed': (copy) => keyGate.sourceManaged(copy),
  'destination-key-managed': (copy) => keyGate.destinationManaged(copy),
  'source-key': (copy) => keyGate.source(copy),
  'destination-key': (copy) => keyGate.destination(copy),
  'image-allowed': imageAllowed,
  'vault-lock': vaultLock,
  'tag-policy': tagGate,
};

export function firstClosed(copy: Copy): (Closed & { gate: string }) | undefined {
  for (const [gate, test] of Object.entries(gates)) {
    const answer = test(copy);
    if (answer) return { gate, ...answer };
  }
  return undefined;
}
