import type { CauseId } from '../cause-ids';

/** A text of AWS and the causes it points to. Matched against a text made plain by `plain`: lower case, no "can't", no articles. */
export interface MessagePattern {
  readonly pattern: RegExp;
  readonly causes: readonly CauseId[];
  /** Where AWS, or somebody who met it, shows the text. */
  readonly source: string;
  /** The text is about backup jobs too; all others are void where a message speaks of a backup job. */
  readonly backupToo?: true;
  /** The text is sent although the job itself succeeded. */
  readonly afterSuccess?: true;
  /** What elsewhere in the message takes the meaning away. */
  readonly unless?: RegExp;
}

export const DASHBOARD = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-dashboards.html';
export const ARTICLE = 'https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy';
export const AIR_GAPPED = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html';
export const PRIMARY = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/lag-vault-primary-backup.html';
export const EVENTS = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html';
export const CROSS_ACCOUNT = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html';
export const CROSS_REGION = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html';
export const TROUBLESHOOTING = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/troubleshooting.html';
export const ACCESS_DENIED = 'https://repost.aws/knowledge-center/backup-resolve-access-denied-error';
export const IAM_DENIED = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
export const TECRACER =
  'https://www.tecracer.com/blog/2024/04/automating-cross-account-/-cross-region-backups-with-aws-backup-in-aws-organizations.html';

/** Where a sentence of AWS can begin: at the start, after a sentence or a label, after "failed because". */
const START = String.raw`(?:^|(?:[.:;!?|\])]|(?<= )-) ["']?|\bfailed (?:because|as|since|with|due to)(?: of)?(?: the)?(?: error)? )`;
/** ... and where it can end. */
export const END = String.raw`(?=["']?(?:[.;:!]+(?: |$)| \((?!not? )| \[| - |$))`;

/** A whole sentence: what stands before or after it in the same sentence would change what it says. */
export const sentence = (body: string) => new RegExp(START + body + END);
/** The beginning of a sentence that ends with names chosen by somebody. */
export const opening = (body: string) => new RegExp(START + body);
/** Words anywhere in a sentence; the matcher sees to negations around them. */
export const words = (body: string) => new RegExp(String.raw`(?<![\w-])(?:${body})(?![\w-])`, 'g');

export const ID = String.raw`[^\s]{1,200}`;
export const KEY = '(?:cmk|key|kms key|customer master key)';
export const NUMBER = String.raw`\d[\d,.]{0,12}`;
export const UNUSABLE = `does not exist,?(?: or)? is (?:not enabled|disabled),? or you do not have permissions? to (?:access|use) it`;
export const CANNOT = '(?:cannot|could not)';
export const GONE = '(?:does not exist|(?:(?:was|is) )?not found|(?:cannot|could not) be found)';
export const NO_FEATURE =
  '(?:this )?feature (?:is )?not supported for (?:this )?(?:(?:provided|given|specified) resource type|resource type (?:provided|given|specified))';
export const INTENDED_FOR_DESTINATION = /^(?!.*\bsource\b).*\b(?:destination|target|new)\b/;

export const SOURCE_KEY: readonly CauseId[] = [
  'source-key-policy-lacks-destination',
  'source-key-policy-lacks-grants',
  'source-key-policy-denies',
  'source-key-unusable',
  'source-key-missing',
];
export const ANY_KEY: readonly CauseId[] = [
  'source-key-unusable',
  'destination-key-unusable',
  'source-key-policy-lacks-destination',
];
export const DENIED: readonly CauseId[] = [
  'copy-role-lacks-permission',
  'vault-policy-lacks-source',
  'vault-policy-denies',
];
export const NOT_FOUND: readonly CauseId[] = ['recovery-point-missing', 'destination-vault-missing'];
