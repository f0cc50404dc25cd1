import { shortName, vaultName } from '../../arn';
import type { Copy, Missing } from '../../evidence';
import type { KeyMetadata } from '../../key-evidence';
import type { Statement } from '../../policy/policy';
import { utc } from '../utc';
import { destinationKeyAwsManaged, sourceKeyAwsManaged, startCopy } from './playbooks';
import { arg, json, noneAllows, undecided } from './policy-words';

interface KeyAt {
  readonly arn: string;
  readonly owner: string;
  readonly region: string;
}

interface Lack {
  readonly copy: Copy;
  readonly keyArn: string;
  readonly actions: readonly string[];
  readonly lines: readonly string[];
  readonly statements: number;
  /** Of a fully managed type: what the copy role does not have either, and what it may have. */
  readonly copyRole?: { readonly lacks: readonly string[]; readonly mayHave: readonly string[] } | undefined;
}

interface Mend {
  readonly copy: Copy;
  readonly key: KeyAt;
  readonly statement: Statement;
  /** A Deny matches or may match: an Allow alone does not cure it. */
  readonly denied: boolean;
}

const ROLE = 'AWSServiceRoleForBackup';
const keyName = (arn: string) => `key ${shortName(arn)}`;
const policyOf = (arn: string) => `The policy of ${keyName(arn)}`;
const readPolicy = ({ arn, region }: KeyAt) =>
  `aws kms get-key-policy --key-id ${arg(arn)} --policy-name default --query Policy --output text --region ${arg(region)} > key-policy.json`;
const storePolicy = ({ arn, region }: KeyAt) =>
  `aws kms put-key-policy --key-id ${arg(arn)} --policy-name default --policy file://key-policy.json --region ${arg(region)}`;

const ARTICLE = 'https://repost.aws/knowledge-center/backup-cross-account-copy-error';

const lackBecause = ({ copy, keyArn, actions, lines, statements, copyRole }: Lack): readonly string[] => [
  noneAllows(policyOf(keyArn), statements, actions, `${ROLE} of account ${copy.destinationAccount}`, lines),
  `No grant on ${keyName(keyArn)} gives ${actions.join(', ')} to ${ROLE} of account ${copy.destinationAccount}.`,
  ...(copyRole && copyRole.lacks.length > 0 && copy.roleArn
    ? [
        `The copy role ${shortName(copy.roleArn)} of account ${copy.sourceAccount} does not have ${copyRole.lacks.join(', ')} on ${keyName(keyArn)} either.`,
      ]
    : []),
  ...(copyRole && copyRole.mayHave.length > 0
    ? [
        `The copy role may have ${copyRole.mayHave.join(', ')}, but for types that AWS Backup fully manages AWS asks for the destination account in the policy of a customer managed key too: ${ARTICLE}`,
      ]
    : []),
];

const changeDeny = ({ arn }: KeyAt) =>
  `Change the Deny statements of ${keyName(arn)} that match this copy first: an added Allow does not override them.`;

const addStatement = ({ copy, key, statement, denied }: Mend): readonly string[] => [
  ...(denied ? [changeDeny(key)] : []),
  `Read the policy of ${keyName(key.arn)} with credentials of account ${key.owner}:\n${readPolicy(key)}`,
  `Add this statement to key-policy.json and keep all that is there:\n${json(statement)}`,
  `Store the whole document:\n${storePolicy(key)}`,
  `This permits ${statement.Condition?.['ArnEquals'] ? `the role ${ROLE} of account ${copy.destinationAccount}` : `account ${copy.destinationAccount}, as far as its own policies allow,`} to use the key. It does not permit changing or deleting the key. To undo it, remove the statements CopyDoctorAllowUseBy${copy.destinationAccount} and CopyDoctorAllowGrantsBy${copy.destinationAccount}, as far as you added them.`,
];

/** CloudTrail keeps management events for 90 days. */
const lookUp = ({ arn, region }: KeyAt) =>
  `aws cloudtrail lookup-events --lookup-attributes AttributeKey=ResourceName,AttributeValue=${arg(arn)} --region ${arg(region)}`;
const askWhy = (key: KeyAt, what: string, who: string) =>
  `Ask the owner of ${keyName(key.arn)} first why it was ${what}: it may have been on purpose. Look up who did it, ${who}; CloudTrail keeps 90 days:\n${lookUp(key)}`;

const keyAt = (key: KeyAt) => `--key-id ${arg(key.arn)} --region ${arg(key.region)}`;
const ownersCredentials = ({ owner }: KeyAt) => `with credentials of account ${owner}`;

function stateSteps(key: KeyAt, state: string): readonly string[] {
  const at = keyAt(key);
  const who = ownersCredentials(key);
  switch (state) {
    case 'Disabled':
      return [
        askWhy(key, 'disabled', who),
        `Enable ${keyName(key.arn)}, if it may be used again, ${who}:\naws kms enable-key ${at}`,
      ];
    case 'PendingDeletion':
    case 'PendingReplicaDeletion':
      return [
        askWhy(key, 'to be deleted', who),
        `Cancel the deletion of ${keyName(key.arn)}, if the key is still needed, ${who}:\naws kms cancel-key-deletion ${at}`,
        `Enable the key, which is disabled after that:\naws kms enable-key ${at}`,
      ];
    case 'PendingImport':
      return [
        `Import the same key material into ${keyName(key.arn)} again; read the import parameters ${who}:\naws kms get-parameters-for-import ${at} --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096`,
      ];
    case 'Unavailable':
      return [
        `Connect the custom key store of ${keyName(key.arn)} again; list the stores and their states ${who}:\naws kms describe-custom-key-stores --region ${arg(key.region)}`,
      ];
    default:
      return [`Wait until ${keyName(key.arn)} is Enabled; read its state ${who}:\naws kms describe-key ${at}`];
  }
}

/** How to undo them. */
function stateUndo(key: KeyAt, state: string): readonly string[] {
  const know = `Know that whoever its policy allows can use ${keyName(key.arn)} then. To undo it, ${ownersCredentials(key)}`;
  switch (state) {
    case 'Disabled':
      return [`${know}:\naws kms disable-key ${keyAt(key)}`];
    case 'PendingDeletion':
    case 'PendingReplicaDeletion':
      return [
        `${know} (the waiting period of 7 to 30 days begins anew):\naws kms schedule-key-deletion --pending-window-in-days 30 ${keyAt(key)}`,
      ];
    default:
      return [];
  }
}

const stateIs = (key: string, state: string) => `The state of ${keyName(key)} is ${state}, not Enabled.`;

function stateBecause(arn: string, { state, deletionDate }: KeyMetadata): readonly string[] {
  return [
    stateIs(arn, state ?? 'unknown'),
    ...(deletionDate ? [`KMS deletes ${keyName(arn)} on ${utc(deletionDate)}.`] : []),
  ];
}

const eitherRole = ({ destinationAccount, sourceAccount }: Copy) =>
  `AWS does not say which role uses the key for this resource type, ${ROLE} of account ${destinationAccount} or the copy role of account ${sourceAccount}:`;

const copyAgain = 'Start the copy again after that.';

/** Texts of the checks on encryption, by check id. */
export const encryption = {
  /** What more than one of them says. */
  keys: {
    noKeyArn: (arn: string) => `${arn} is not the ARN of a KMS key.`,
    awsOwnedSource:
      'The recovery point is under a key that AWS owns: whether AWS copies it to another account is not documented.',
    awsOwnedDestination:
      'The destination vault is under a key that AWS owns: AWS shows neither its policy nor its state.',
    noVaultKey: (vaultArn: string) => `The answer about vault ${vaultName(vaultArn)} names no key.`,
    noManager: (arn: string) => `KMS does not say who manages ${keyName(arn)}.`,
    noState: (arn: string) => `KMS does not say in which state ${keyName(arn)} is, or who manages it.`,
    noPolicy: (arn: string) => `The answer about ${keyName(arn)} holds no policy.`,
    /** Beside a fault on one key behind an image: what is open about the others. */
    notAllJudged: (missing: readonly Missing[], why: readonly string[]): readonly string[] => [
      ...missing.map(
        ({ permission, account, reason }) =>
          `Another key of this recovery point may be closed too: ${permission} in account ${account} gave no answer (${reason}).`,
      ),
      ...why,
    ],
    severalKeys:
      'A recovery point of this type can hold several snapshots under several keys, and AWS Backup names one of them.',
    typeNotKnown: (resourceType: string | undefined) =>
      resourceType === undefined
        ? 'The resource type of the copy is not known.'
        : `The feature table has no row for resource type ${resourceType}.`,
    unreadable: (arn: string, problem: string) => `${policyOf(arn)} cannot be read as a policy: ${problem}`,
    undecided: (arn: string, what: readonly string[]) => undecided(policyOf(arn), what),
    staysUnencrypted: (resourceType: string) =>
      `The recovery point is not encrypted, and copies of ${resourceType} stay that way: AWS does not say whether the vault's key matters then.`,
    updating: (arn: string) =>
      `The state of ${keyName(arn)} is Updating: KMS encrypts and decrypts with it, and does not say whether it takes grants.`,
    eitherLacks: (copy: Copy, actions: readonly string[]) =>
      `${eitherRole(copy)} the first does not have ${actions.join(', ')}, the second may have it.`,
    eitherDenied: (copy: Copy, actions: readonly string[]) =>
      `${eitherRole(copy)} the first is denied ${actions.join(', ')}, the second may have it.`,
    lackNotSure: (arn: string, account: string, actions: readonly string[]) =>
      `${ROLE} of account ${account} does not have ${actions.join(', ')} on ${keyName(arn)}; AWS does not say that the copy needs it, and the status message does not speak of the key.`,
    denyNotSure: (arn: string, account: string, actions: readonly string[]) =>
      `${policyOf(arn)} denies ${actions.join(', ')} to ${ROLE} of account ${account}; AWS does not say that the copy needs it, and the status message does not speak of the key.`,
    stateIs,
    mendStateFirst: (key: KeyAt, state: string): readonly string[] => [
      ...stateSteps(key, state),
      `Start the copy again once the key is Enabled; if it fails again, its key policy is next. A policy does not help while the state of the key is ${state}.`,
      ...stateUndo(key, state),
    ],
  },

  'source-key-aws-managed': {
    title: 'The recovery point is encrypted with an AWS managed key, which cannot be shared',
    because: (keyArn: string, resourceType: string): readonly string[] => [
      `The recovery point is encrypted with ${keyName(keyArn)}, which AWS manages.`,
      `AWS Backup does not fully manage ${resourceType}, so the recovery point stays under the key of its resource.`,
    ],
    notDocumented: (keyArn: string, resourceType: string) =>
      `The recovery point is encrypted with ${keyName(keyArn)}, which AWS manages; for ${resourceType}, which AWS Backup fully manages, AWS does not say whether that stops a copy to another account.`,
    steps: sourceKeyAwsManaged,
  },

  'destination-key-aws-managed': {
    title: 'The destination vault is encrypted with an AWS managed key',
    because: (copy: Copy, keyArn: string, resourceType: string): readonly string[] => [
      `Vault ${vaultName(copy.destinationVaultArn)} is encrypted with ${keyName(keyArn)}, which AWS manages.`,
      `AWS Backup does not fully manage ${resourceType}, and copies such recovery points to another account only into a vault under a customer managed key.`,
    ],
    steps: destinationKeyAwsManaged,
  },

  'source-key-unusable': {
    title: 'The key of the recovery point cannot be used in its present state',
    because: stateBecause,
    steps: (key: KeyAt, state: string): readonly string[] => [
      ...stateSteps(key, state),
      copyAgain,
      ...stateUndo(key, state),
    ],
  },

  'source-key-missing': {
    title: 'The key of the recovery point does not exist',
    because: ({ arn, owner, region }: KeyAt): readonly string[] => [
      `KMS in account ${owner}, ${region}, answers that ${keyName(arn)} does not exist.`,
    ],
    steps: (copy: Copy, key: KeyAt): readonly string[] => [
      `Look up who deleted the key, ${ownersCredentials(key)}; CloudTrail keeps 90 days:\n${lookUp(key)}`,
      `Give up this recovery point: KMS cannot bring back a deleted key, and nothing decrypts the data without it.`,
      `Back up ${copy.resourceArn ?? 'the resource'} again under a key that exists, and copy that recovery point.`,
    ],
  },

  'source-key-policy-lacks-destination': {
    title: "The key policy does not allow the destination account to use the recovery point's key",
    because: lackBecause,
    unreadableBecause: (arn: string, problem: string): readonly string[] => [
      `${policyOf(arn)} cannot be read as a policy: ${problem}`,
    ],
    unreadableSteps: (key: KeyAt): readonly string[] => [
      `Read the policy of ${keyName(key.arn)} with credentials of account ${key.owner}:\n${readPolicy(key)}`,
      `Look whether it allows ${ROLE} of the destination account to use the key and to make grants for AWS resources.`,
      'Save the case and report it: this program does not read that document, AWS does.',
    ],
    steps: addStatement,
  },

  'source-key-policy-lacks-grants': {
    title: "The key policy does not allow the destination account to make grants on the recovery point's key",
    because: lackBecause,
    steps: addStatement,
  },

  'source-key-policy-denies': {
    title: "A statement of the key policy denies the destination account the recovery point's key",
    because: (
      arn: string,
      account: string,
      rows: readonly { readonly action: string; readonly statement: string }[],
    ): readonly string[] =>
      rows.map(
        ({ action, statement }) =>
          `${policyOf(arn)} denies ${action} to ${ROLE} of account ${account} in ${statement}.`,
      ),
    steps: (key: KeyAt, roleArn: string): readonly string[] => [
      `Read the policy of ${keyName(key.arn)} with credentials of account ${key.owner}:\n${readPolicy(key)}`,
      `Ask the owner of the key whether the Deny is meant for this copy. If it is not, take this role out of it, for example with ArnNotEquals on aws:PrincipalArn:\n${roleArn}`,
      `Store the whole document:\n${storePolicy(key)}`,
    ],
  },

  'destination-key-unusable': {
    title: 'The key of the destination vault cannot be used in its present state',
    because: stateBecause,
    missingBecause: ({ arn, owner, region }: KeyAt): readonly string[] => [
      `KMS in account ${owner}, ${region}, answers that ${keyName(arn)} of the destination vault does not exist.`,
    ],
    missingSteps: (copy: Copy): readonly string[] => [
      `Create a new vault under a key that exists, with credentials of account ${copy.destinationAccount}: a deleted key cannot be brought back, and the key of a vault cannot be changed.`,
      `Name the new vault in the copy action of the backup plan in account ${copy.sourceAccount}.`,
    ],
    steps: (key: KeyAt, state: string): readonly string[] => [
      ...stateSteps(key, state),
      copyAgain,
      ...stateUndo(key, state),
    ],
  },

  'destination-key-policy-lacks-backup': {
    title: "The key policy of the destination vault's key does not let AWS Backup use the key",
    because: lackBecause,
    notSure: (arn: string, account: string, actions: readonly string[]) =>
      `${ROLE} of account ${account} does not have ${actions.join(', ')} on ${keyName(arn)}; AWS does not say that this copy needs it, and the status message does not speak of the key.`,
    steps: (copy: Copy, key: KeyAt, statements: readonly Statement[], denied: boolean): readonly string[] => [
      ...(denied ? [changeDeny(key)] : []),
      `Read the policy of ${keyName(key.arn)} with credentials of account ${key.owner}:\n${readPolicy(key)}`,
      `Add these statements to key-policy.json and keep all that is there:\n${json(statements)}`,
      `Store the whole document:\n${storePolicy(key)}`,
      `Start the copy again${startCopy(copy)}`,
      `Know that this lets the role ${ROLE} of account ${copy.destinationAccount} use the key, and nobody else. It costs nothing. To undo it, remove what you added: ${statements.map(({ Sid }) => Sid).join(', ')}.`,
    ],
  },
} as const;
