import type { Key } from './copy-keys';
import type { Copy } from './evidence';
import type { PolicyDocument, PolicyRequest } from './policy/policy';
import type { Asker } from './policy-questions';

// What AWS sends to KMS while it copies, as far as it is documented. A condition key that is not here cannot be told.
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html says for each key which operations have it.

/** One request for each service through which it may come; one of them is what AWS sends. */
export function requestsFor(
  copy: Copy,
  key: Key,
  asker: Asker,
  action: string,
  fullyManaged: boolean,
  document: PolicyDocument,
): PolicyRequest[] {
  const grants = action === 'kms:CreateGrant';
  const context: PolicyRequest['context'] = {
    ...asker.context,
    ...NOT_BY_A_SERVICE,
    'kms:CallerAccount': asker.principal.account,
    // A key is asked in its own Region, by its owner's policy.
    'aws:RequestedRegion': key.region,
    'aws:ResourceAccount': key.owner,
    'kms:GrantIsForAWSResource': grants ? 'true' : null,
    // Which grant AWS makes is not documented; other operations make none.
    ...(grants ? {} : OF_GRANTS),
    // The copy is encrypted with the destination vault's key.
    'kms:ReEncryptOnSameKey': action === 'kms:ReEncryptFrom' ? 'false' : null,
    ...encryptionContext(copy, action, document),
  };
  const via = action === 'kms:DescribeKey' || fullyManaged ? [] : viaServices(copy);
  const request = { principal: asker.principal, action, resource: key.arn };
  if (via.length === 0) return [{ ...request, context }];
  return via.map((service) => ({ ...request, context: { ...context, 'kms:ViaService': service } }));
}

/** "Only available when the call to your resource is made directly by an AWS service principal": here roles call. */
const NOT_BY_A_SERVICE = {
  'aws:SourceAccount': null,
  'aws:SourceArn': null,
  'aws:SourceOrgID': null,
  'aws:SourceOrgPaths': null,
};
const OF_GRANTS = {
  'kms:GranteePrincipal': null,
  'kms:GrantConstraintType': null,
  'kms:GrantOperations': null,
  'kms:RetiringPrincipal': null,
};

/**
 * DescribeKey has no encryption context. EBS's has one pair, whose name "does not vary": `aws:ebs:id`, the volume's id or,
 * of a copy, the snapshot's. https://docs.aws.amazon.com/kms/latest/developerguide/services-ebs.html
 * What it binds its grants to, and what the other services send, is not documented for copies.
 */
function encryptionContext({ resourceType }: Copy, action: string, document: PolicyDocument): PolicyRequest['context'] {
  const none = action === 'kms:DescribeKey';
  const ofEbs = action === 'kms:ReEncryptFrom' && OF_EBS.includes(nameOf(resourceType));
  if (!none && !ofEbs) return {};
  const asked = conditionKeys(document).filter((key) => key.startsWith(ENCRYPTION_CONTEXT));
  const absent = asked.filter((key) => none || key !== `${ENCRYPTION_CONTEXT}${EBS_PAIR}`);
  return {
    'kms:EncryptionContextKeys': none ? null : [EBS_PAIR],
    ...Object.fromEntries(absent.map((key) => [key, null])),
  };
}

const ENCRYPTION_CONTEXT = 'kms:encryptioncontext:';
const EBS_PAIR = 'aws:ebs:id';

/** In lower case: names of condition keys have none. */
const conditionKeys = ({ Statement }: PolicyDocument): readonly string[] =>
  Statement.flatMap(({ Condition = {} }) =>
    Object.values(Condition).flatMap((keys) => Object.keys(keys).map((key) => key.toLowerCase())),
  );

const OF_EBS = ['ebs', 'ec2', 'vss', 'windowsvss'];

const SERVICES: Readonly<Record<string, string>> = {
  ebs: 'ec2',
  ec2: 'ec2',
  vss: 'ec2',
  windowsvss: 'ec2',
  storagegateway: 'ec2',
  rds: 'rds',
  aurora: 'rds',
  documentdb: 'rds',
  neptune: 'rds',
  fsx: 'fsx',
};

const nameOf = (resourceType = ''): string => resourceType.toLowerCase().replace(/[^a-z0-9]/g, '');

function viaServices({ resourceType, partition, sourceRegion, destinationRegion }: Copy): readonly string[] {
  const service = SERVICES[nameOf(resourceType)];
  if (!service) return [];
  // Both spellings occur in policies of the China Regions.
  const domains = partition === 'aws-cn' ? ['amazonaws.com', 'amazonaws.com.cn'] : ['amazonaws.com'];
  return [...new Set([sourceRegion, destinationRegion])].flatMap((region) =>
    domains.map((domain) => `${service}.${region}.${domain}`),
  );
}
