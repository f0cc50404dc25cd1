import { shortName, vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import type { Statement } from '../../policy/policy';
import { arg, json, letIn, noneAllows, undecided } from './policy-words';

const COPY_INTO = 'backup:CopyIntoBackupVault';

interface VaultAt {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

const destination = (copy: Copy): VaultAt => ({
  arn: copy.destinationVaultArn,
  account: copy.destinationAccount,
  region: copy.destinationRegion,
});
const source = (copy: Copy): VaultAt => ({
  arn: copy.sourceVaultArn,
  account: copy.sourceAccount,
  region: copy.sourceRegion,
});

const policyOf = (arn: string) => `The access policy of vault ${vaultName(arn)}`;
const readPolicy = ({ arn, account, region }: VaultAt) =>
  `Read the access policy of ${vaultName(arn)} with credentials of account ${account}:\naws backup get-backup-vault-access-policy --backup-vault-name ${arg(vaultName(arn))} --query Policy --output text --region ${arg(region)} > policy.json`;
const storeCommand = ({ arn, region }: VaultAt) =>
  `aws backup put-backup-vault-access-policy --backup-vault-name ${arg(vaultName(arn))} --policy file://policy.json --region ${arg(region)}`;

const nameInPlan = (copy: Copy) =>
  `Name the new vault in the copy action of the backup plan in account ${copy.sourceAccount}.`;

/** Texts of the checks on vaults, by check id. */
const createVaultUnderOwnKey = (name: string, region: string) =>
  `KEY_ARN=$(aws kms create-key --description "AWS Backup vault" --query KeyMetadata.Arn --output text --region ${arg(region)})\n` +
  `aws backup create-backup-vault --backup-vault-name ${arg(name)} --encryption-key-arn "$KEY_ARN" --region ${arg(region)}`;

export const vaults = {
  /** What more than one of them says. */
  vaultPolicies: {
    unreadable: (arn: string, problem: string) => `${policyOf(arn)} cannot be read as a policy: ${problem}`,
    undecided: (arn: string, what: readonly string[]) => undecided(policyOf(arn), what),
    allowsRole: (action: string, arn: string) =>
      `No policy of the copy role allows ${action}, but ${policyOf(arn).replace('The', 'the')} does, and within one account either can be enough.`,
  },

  'vault-policy-lacks-source': {
    title: 'The destination vault does not allow copies from the source account',
    noPolicy: (copy: Copy): readonly string[] => [
      `The vault ${vaultName(copy.destinationVaultArn)} has no access policy.`,
    ],
    because: (copy: Copy, statements: number, lines: readonly string[]): readonly string[] => [
      noneAllows(policyOf(copy.destinationVaultArn), statements, [COPY_INTO], `account ${copy.sourceAccount}`, lines),
    ],
    unreadableBecause: (copy: Copy, problem: string): readonly string[] => [
      `${policyOf(copy.destinationVaultArn)} cannot be read as a policy: ${problem}`,
    ],
    unreadableSteps: (copy: Copy, statement: Statement): readonly string[] => [
      readPolicy(destination(copy)),
      `Look whether it has a statement that allows what this one allows:\n${json(statement)}`,
      'Save the case and report it: this program does not read that document, AWS does.',
    ],
    /** `denied`: a Deny matches the copy, or may. `locked`: a Deny matches storing a policy, or may. */
    steps: (
      copy: Copy,
      statement: Statement,
      {
        existing,
        denied,
        locked,
        apart,
      }: {
        /** There is a policy to keep. */
        readonly existing: boolean;
        readonly denied: boolean;
        readonly locked: boolean;
        /** The accounts are in different organizations. */
        readonly apart: boolean;
      },
    ): readonly string[] => {
      const vault = destination(copy);
      const name = vaultName(vault.arn);
      const permits = `The statement permits account ${copy.sourceAccount} to copy recovery points into ${name}. It does not permit reading, restoring or deleting anything in it. To undo it, remove the statement ${statement.Sid ?? ''}.`;
      const first = apart
        ? ['Bring both accounts into one organization first: across organizations the statement opens nothing.']
        : [];
      const store = `Store the whole document with credentials of account ${vault.account}:\n${storeCommand(vault)}`;
      if (!existing) {
        const document = { Version: '2012-10-17', Statement: [statement] };
        return [...first, `Write this access policy to policy.json:\n${json(document)}`, store, permits];
      }
      return [
        ...first,
        ...(denied
          ? [
              'Change the Deny statements that match, or may match, this copy first: an added Allow does not override them.',
            ]
          : []),
        readPolicy(vault),
        `Add this statement to policy.json and keep all that is there:\n${json(statement)}`,
        ...(locked
          ? [
              'A Deny statement of the policy refuses, or may refuse, backup:PutBackupVaultAccessPolicy: store the document as a principal that the statement leaves out.',
            ]
          : []),
        store,
        permits,
      ];
    },
  },

  'vault-policy-denies': {
    title: "A statement of the destination vault's policy denies copies from the source account",
    because: (copy: Copy, statement: string): readonly string[] => [
      `${policyOf(copy.destinationVaultArn)} denies ${COPY_INTO} to account ${copy.sourceAccount} in ${statement}.`,
    ],
    within: 'The copy stays within one account, and AWS does not say whether it needs this there.',
    steps: (copy: Copy): readonly string[] => [
      readPolicy(destination(copy)),
      `Ask the owner of the vault whether the Deny is meant for this copy. If it is not, change that statement so that it no longer matches ${copy.roleArn ?? `account ${copy.sourceAccount}`}.`,
      `Store the whole document with credentials of account ${copy.destinationAccount}:\n${storeCommand(destination(copy))}`,
    ],
  },

  'source-vault-policy-denies': {
    title: "A statement of the source vault's policy denies copying out of it",
    because: (
      copy: Copy,
      rows: readonly { readonly action: string; readonly statement: string }[],
    ): readonly string[] =>
      rows.map(
        ({ action, statement }) =>
          `${policyOf(copy.sourceVaultArn)} denies ${action} to ${copy.roleArn ? `the copy role ${shortName(copy.roleArn)}` : `account ${copy.sourceAccount}`} in ${statement}.`,
      ),
    begun: 'A backup plan began this copy job, and AWS does not say whether it needs that.',
    steps: (copy: Copy): readonly string[] => {
      // AWS makes the vaults whose names start with "aws/" and keeps their policies.
      if (vaultName(copy.sourceVaultArn).startsWith('aws/')) {
        return [
          `Back up ${copy.resourceArn ?? 'the resource'} into a vault of your own and copy from there: AWS made ${vaultName(copy.sourceVaultArn)} and its policy. These are the vaults of account ${copy.sourceAccount}:\naws backup list-backup-vaults --region ${arg(copy.sourceRegion)}`,
        ];
      }
      return [
        readPolicy(source(copy)),
        `Ask the owner of the vault whether the Deny is meant for this copy. If it is not, change that statement so that it no longer matches ${copy.roleArn ?? 'the copy role'}.`,
        `Store the whole document with credentials of account ${copy.sourceAccount}:\n${storeCommand(source(copy))}`,
      ];
    },
  },

  'destination-vault-missing': {
    title: 'The destination vault does not exist',
    because: (copy: Copy): readonly string[] => [
      `The list of vaults of account ${copy.destinationAccount} in ${copy.destinationRegion} has no vault ${vaultName(copy.destinationVaultArn)}.`,
    ],
    steps: (copy: Copy, statement: Statement): readonly string[] => [
      copy.crossAccount
        ? // Under aws/backup the next copy would fail on the vault's key.
          `Create a customer managed key and the vault under it, with credentials of account ${copy.destinationAccount}:\n${createVaultUnderOwnKey(vaultName(copy.destinationVaultArn), copy.destinationRegion)}`
        : `Create the vault with credentials of account ${copy.destinationAccount}:\naws backup create-backup-vault --backup-vault-name ${arg(vaultName(copy.destinationVaultArn))} --region ${arg(copy.destinationRegion)}`,
      ...(copy.crossAccount
        ? [
            `Allow account ${copy.sourceAccount} ${COPY_INTO} in the access policy of the new vault, with credentials of account ${copy.destinationAccount}:\n${letIn(vaultName(copy.destinationVaultArn), copy.destinationRegion, statement)}`,
          ]
        : []),
      `Or name a vault that exists in the copy action of the backup plan in account ${copy.sourceAccount}; these exist in account ${copy.destinationAccount}, listed with its credentials:\naws backup list-backup-vaults --region ${arg(copy.destinationRegion)}`,
    ],
  },

  'destination-vault-not-available': {
    title: 'The destination vault is not available',
    because: (copy: Copy, state: string): readonly string[] => [
      `The state of vault ${vaultName(copy.destinationVaultArn)} is ${state}, not AVAILABLE.`,
    ],
    steps: (copy: Copy, state: string): readonly string[] => {
      const describe = `aws backup describe-backup-vault --backup-vault-name ${arg(vaultName(copy.destinationVaultArn))} --region ${arg(copy.destinationRegion)}`;
      return state === 'FAILED'
        ? [
            `Read why the vault could not be created, with credentials of account ${copy.destinationAccount}:\n${describe}`,
            `Create a new vault in account ${copy.destinationAccount}: one in state FAILED takes no copies.`,
            nameInPlan(copy),
          ]
        : [
            `Wait until the vault is AVAILABLE; read its state with credentials of account ${copy.destinationAccount}:\n${describe}`,
            'Start the copy again after that.',
          ];
    },
  },

  'destination-vault-is-default': {
    title: 'The destination vault is the Default vault, which takes no copies from other accounts',
    because: (copy: Copy): readonly string[] => [
      `The destination is the vault named Default of account ${copy.destinationAccount}.`,
      `The copy comes from another account, ${copy.sourceAccount}.`,
    ],
    steps: (copy: Copy, statement: Statement): readonly string[] => {
      const name = `copies-from-${copy.sourceAccount}`;
      return [
        `Create a customer managed key and a vault under it, with credentials of account ${copy.destinationAccount}:\n${createVaultUnderOwnKey(name, copy.destinationRegion)}`,
        `Allow account ${copy.sourceAccount} ${COPY_INTO} in the access policy of the new vault, with credentials of account ${copy.destinationAccount}:\n${letIn(name, copy.destinationRegion, statement)}`,
        `Name the new vault in the copy action of the backup plan in account ${copy.sourceAccount}:\narn:${copy.partition}:backup:${copy.destinationRegion}:${copy.destinationAccount}:backup-vault:${name}`,
      ];
    },
  },
} as const;
