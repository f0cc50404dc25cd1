import { parseArn, regionOf, serviceLinkedRoleArn } from './arn';
import { callerOf, contextOf, roleDecision, type Identity } from './authorize';
import { closed, MANAGED_DESTINATION_KEY, type Closed, type Copy } from './copy';
import { policyInForce } from './policy-delay';
import { feature } from './features';
import { identityOf } from './iam-api';
import { evaluate } from './matcher';
import type { Key } from './model';

type Answer = Closed | undefined;

const GENERIC = 'KMS key is either disabled or pending deletion or access to KMS key is denied';

/** AWS says the same for a key that is off and for a policy that does not let in; the words depend on the type. */
function unusable(type: string, keyArn: string): Closed {
  switch (type) {
    case 'EC2':
      return closed(
        'KMS_KEY_ERROR',
        'AMI snapshot copy failed with error: Given key ID is not accessible. You must have DescribeKey permissions on the default key',
      );
    case 'EBS':
    case 'Storage Gateway':
      return closed('KMS_KEY_ERROR', 'Given key ID is not accessible');
    case 'RDS':
    case 'Aurora':
    case 'DocumentDB':
    case 'Neptune':
      return closed(
        'KMS_KEY_ERROR',
        `The source snapshot KMS key [${keyArn}] does not exist, is not enabled or you do not have permissions to access it.`,
      );
    default:
      return closed('KMS_KEY_ERROR', GENERIC);
  }
}

/** Immutable policies, so their snapshots can never be shared. AWS allows it for fully managed types. */
function sourceManaged(copy: Copy): Answer {
  const key = sourceKeys(copy)
    .map(({ found }) => found)
    .find((one) => one?.manager === 'AWS');
  if (!copy.crossAccount || feature(copy.type).fullyManaged || !key) return undefined;
  if (copy.type === 'EC2' || copy.type === 'EBS') {
    return closed(
      'ACCESS_DENIED',
      "Snapshots encrypted with the AWS managed key can't be shared. Specify another snapshot.",
    );
  }
  if (copy.type === 'Storage Gateway') {
    return closed('ACCESS_DENIED', 'Encrypted snapshots with Amazon EBS default key cannot be shared');
  }
  return unusable(copy.type, key.arn);
}

function destinationManaged({ crossAccount, type, recoveryPoint, destinationVault }: Copy): Answer {
  if (!crossAccount || feature(type).fullyManaged || recoveryPoint?.encrypted === false) return undefined;
  if (destinationVault?.key.manager !== 'AWS') return undefined;
  if (type === 'Storage Gateway') {
    const text =
      'UnsupportedOperation : Storage Gateway backup copies require a user-created backup vault and key at destination.';
    return closed('UNSUPPORTED_OPERATION', text);
  }
  return closed('ACCESS_DENIED', MANAGED_DESTINATION_KEY);
}

/** An image is copied with all its snapshots, or not at all. */
const source = (copy: Copy): Answer =>
  sourceKeys(copy)
    .map(({ arn, found }) => sourceWith(copy, arn, found))
    .find((answer) => answer !== undefined);

function sourceWith(copy: Copy, keyArn: string, key: Key | undefined): Answer {
  const { type } = copy;
  if (!key) {
    return type === 'EBS' || type === 'Storage Gateway'
      ? closed('RESOURCE_NOT_FOUND', 'Given key ID does not exist')
      : unusable(type, keyArn);
  }
  if (key.state !== 'Enabled') return unusable(type, key.arn);
  if (!copy.crossAccount || key.manager === 'AWS') return undefined;
  return copiers(copy).some((identity) => mayUse(copy, key, identity, needed(type)))
    ? undefined
    : unusable(type, key.arn);
}

function destination(copy: Copy): Answer {
  const { recoveryPoint, destinationVault } = copy;
  if (!destinationVault || recoveryPoint?.encrypted === false) return undefined;
  const { key } = destinationVault;
  const there = copy.state.key(key.arn) !== undefined;
  if (!there || key.state !== 'Enabled') return closed('KMS_KEY_ERROR', GENERIC);
  if (key.manager === 'AWS') return undefined;
  const actions = ['kms:DescribeKey', 'kms:CreateGrant'];
  return mayUse(copy, key, serviceLinkedRole(copy), actions) ? undefined : closed('KMS_KEY_ERROR', GENERIC);
}

export const keyGate = { sourceManaged, destinationManaged, source, destination };

const sourceKeys = ({ recoveryPoint, state }: Copy): { arn: string; found: Key | undefined }[] =>
  [recoveryPoint?.keyArn ?? [], recoveryPoint?.furtherKeyArns ?? []]
    .flat()
    .map((arn) => ({ arn, found: state.key(arn) }));

const needed = (type: string) =>
  feature(type).fullyManaged
    ? ['kms:DescribeKey', 'kms:CreateGrant', 'kms:Decrypt', 'kms:GenerateDataKey']
    : ['kms:DescribeKey', 'kms:CreateGrant', 'kms:ReEncryptFrom'];

/** AWS Backup copies as the destination's service-linked role, which no organization policy touches. */
function serviceLinkedRole({ state, destinationVaultArn }: Copy): Identity {
  const account = parseArn(destinationVaultArn)?.account ?? '';
  const role = state.role(serviceLinkedRoleArn(account));
  if (!role) throw new Error(`no service-linked role in ${account}`);
  // Its own policy is AWS's and allows what is asked here.
  return identityOf({ ...role, policies: undefined });
}

function copiers(copy: Copy): Identity[] {
  const linked = serviceLinkedRole(copy);
  if (!feature(copy.type).fullyManaged || copy.fullyManagedCopier === 'service-linked-role' || !copy.role)
    return [linked];
  const own = identityOf(copy.role);
  return copy.fullyManagedCopier === 'copy-role' ? [own] : [linked, own];
}

function mayUse(copy: Copy, key: Key, identity: Identity, actions: string[]): boolean {
  return actions.every((action) => {
    const via = feature(copy.type).via ?? 'backup';
    // Which Region's endpoint calls KMS is not documented; either will do.
    const regions = [copy.sourceVault.region, regionOf(copy.destinationVaultArn)];
    const decisions = regions.map((region) => {
      const request = {
        action,
        resource: key.arn,
        principal: callerOf(identity),
        context: {
          ...contextOf(copy.state, identity),
          'kms:CallerAccount': identity.account,
          'kms:ViaService': `${via}.${region}.amazonaws.com`,
          'kms:GrantIsForAWSResource': action === 'kms:CreateGrant' ? 'true' : undefined,
        },
      };
      if (identity.role && roleDecision(identity.role, request) !== 'allowed') return 'implicitDeny';
      return evaluate([policyInForce(key, copy.now) ?? key.policy], request);
    });
    if (decisions.every((decision) => decision === 'explicitDeny')) return false;
    return decisions.includes('allowed') || granted(key, identity, action);
  });
}

const granted = (key: Key, identity: Identity, action: string) =>
  key.grants.some(
    ({ granteePrincipal, operations }) =>
      granteePrincipal === identity.role?.arn && operations.includes(action.replace('kms:', '')),
  );
