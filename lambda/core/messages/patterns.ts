import type { CauseId } from '../cause-ids';

/** A text of AWS and the causes it points to. Matched against a text made plain by `plain` (lower case, no "can't"). */
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

const DASHBOARD = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-dashboards.html';
const ARTICLE = 'https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy';
const AIR_GAPPED = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/logicallyairgappedvault.html';
const PRIMARY = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/lag-vault-primary-backup.html';
const EVENTS = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html';
const CROSS_ACCOUNT = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/create-cross-account-backup.html';
const CROSS_REGION = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html';
const TROUBLESHOOTING = 'https://docs.aws.amazon.com/aws-backup/latest/devguide/troubleshooting.html';
const ACCESS_DENIED = 'https://repost.aws/knowledge-center/backup-resolve-access-denied-error';
const IAM_DENIED = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html';
const TECRACER =
  'https://www.tecracer.com/blog/2024/04/automating-cross-account-/-cross-region-backups-with-aws-backup-in-aws-organizations.html';

/** Where a sentence of AWS can begin: at the start, after a sentence or a label, after "failed because". */
const START = String.raw`(?:^|(?:[.:;!?|\])]|(?<= )-) ["']?|\bfailed (?:because|as|since|with|due to)(?: of)?(?: the)?(?: error)? )`;
/** ... and where it can end. */
const END = String.raw`(?=["']?(?:[.;:!]+(?: |$)| \((?!not? )| \[| - |$))`;

/** A whole sentence: what stands before or after it in the same sentence would change what it says. */
const sentence = (body: string) => new RegExp(START + body + END);
/** The beginning of a sentence that ends with names chosen by somebody. */
const opening = (body: string) => new RegExp(START + body);
/** Words anywhere in a sentence; the matcher sees to negations around them. */
const words = (body: string) => new RegExp(String.raw`(?<![\w-])(?:${body})(?![\w-])`, 'g');

const ID = String.raw`[^\s]{1,200}`;
const KEY = '(?:cmk|key|kms key|customer master key)';
const NUMBER = String.raw`\d[\d,.]{0,12}`;
const UNUSABLE = `does not exist, is not enabled,? or you do not have permissions? to access it`;
const INTENDED_FOR_DESTINATION = /^(?!.*\bsource\b).*\b(?:destination|target|new)\b/;

const SOURCE_KEY: readonly CauseId[] = [
  'source-key-policy-lacks-destination',
  'source-key-policy-lacks-grants',
  'source-key-policy-denies',
  'source-key-unusable',
  'source-key-missing',
];
const ANY_KEY: readonly CauseId[] = [
  'source-key-unusable',
  'destination-key-unusable',
  'source-key-policy-lacks-destination',
];
const DENIED: readonly CauseId[] = ['copy-role-lacks-permission', 'vault-policy-lacks-source', 'vault-policy-denies'];
const NOT_FOUND: readonly CauseId[] = ['recovery-point-missing', 'destination-vault-missing'];

/** Full texts. The first that matches wins, so what says more stands first. */
export const FULL_TEXTS: readonly MessagePattern[] = [
  // Organization
  {
    pattern: sentence(
      'both (?:the )?source (?:account )?and (?:the )?destination accounts? must (?:be (?:an? )?(?:members? of|part of|in)|belong to) the same (?:aws )?organization',
    ),
    causes: ['accounts-in-different-organizations'],
    source: ARTICLE,
  },
  {
    pattern: sentence(
      '(?:the )?cross[- ]account (?:copy|backup) feature is not enabled for (?:the|your) (?:current )?(?:aws )?organization',
    ),
    causes: ['cross-account-backup-disabled'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('the aws access key id needs a subscription for the service'),
    causes: ['source-region-or-service-not-enabled', 'destination-region-not-enabled'],
    source: DASHBOARD,
  },

  // What can be copied
  {
    pattern: sentence(
      `copy job from ${ID} to ${ID} cannot be initiated for [^.;:]{1,80} resources?[.;:] (?:the |this )?feature (?:is )?not supported for (?:the |this )?provided resource type`,
    ),
    causes: ['single-action-not-supported', 'resource-type-not-copyable'],
    source: ARTICLE,
  },
  {
    pattern: sentence('(?:the |this )?feature (?:is )?not supported for (?:the |this )?provided resource type'),
    causes: ['resource-type-not-copyable', 'single-action-not-supported'],
    source: DASHBOARD,
    unless: /\bcan be initiated\b/,
  },
  {
    pattern: sentence(
      'storage gateway backup copies require a user[- ]created backup vault and key at (?:the )?destination',
    ),
    causes: ['destination-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: opening(
      String.raw`(?:the|this) snapshot requires a target option group with the following options(?=["']?(?:[.:;]|$))`,
    ),
    causes: ['rds-option-group-missing'],
    source: CROSS_REGION,
  },
  {
    pattern: sentence('images from (?:the )?aws marketplace cannot be copied to another aws account'),
    causes: ['marketplace-image'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      String.raw`source (?:ami|image)(?: ["'\[]?ami-[\w-]{1,40}["'\]]?)? not found in (?:the )?region(?: [\w-]{4,40})?`,
    ),
    causes: ['image-not-allowed'],
    source: CROSS_ACCOUNT,
  },
  {
    pattern: sentence('you do not have permissions? to access the storage of this (?:ami|image)'),
    causes: ['snapshot-not-shared'],
    source: AIR_GAPPED,
  },
  {
    pattern: sentence(
      `this resource is encrypted with an aws managed ${KEY} and cannot be copied to a logically air[- ]gapped (?:backup )?vault`,
    ),
    causes: ['source-key-aws-managed', 'air-gapped-vault-unsupported'],
    source: PRIMARY,
    backupToo: true,
    afterSuccess: true,
  },
  {
    pattern: sentence('this resource type is not supported by (?:the )?logically air[- ]gapped (?:backup )?vaults?'),
    causes: ['air-gapped-vault-unsupported'],
    source: PRIMARY,
    backupToo: true,
    afterSuccess: true,
  },

  // Encryption
  {
    pattern: sentence(
      `the destination backup vault is encrypted with the default (?:aws )?backup service[- ]managed ${KEY}`,
    ),
    causes: ['destination-key-aws-managed'],
    source: DASHBOARD,
    unless: /\b(?:may not be copied|can be copied|encrypted by an aws managed)\b/,
  },
  {
    pattern: sentence(`snapshots encrypted with (?:the |an )?aws[- ]managed ${KEY} cannot be shared`),
    causes: ['source-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(`encrypted snapshots with (?:the )?(?:amazon )?ebs default ${KEY} cannot be shared`),
    causes: ['source-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: new RegExp(
      String.raw`\bwhen calling the copydbclustersnapshot operation: the source snapshot kms key \[[^\]]{1,300}\] ${UNUSABLE}${END}`,
    ),
    causes: ['source-key-policy-lacks-grants'],
    source: 'https://github.com/awslabs/aurora-snapshot-tool/issues/29',
  },
  {
    pattern: sentence(String.raw`the source snapshot(?:'s)? kms key(?: ["'\[]?[^\s\]]{1,300}["'\]]?)? ${UNUSABLE}`),
    causes: SOURCE_KEY,
    source: TROUBLESHOOTING,
  },
  {
    pattern: sentence(String.raw`(?:the )?specified kms key(?: ["'\[]?[^\s\]]{1,300}["'\]]?)? ${UNUSABLE}`),
    causes: ANY_KEY,
    source: 'https://github.com/awslabs/aurora-snapshot-tool/issues/25',
  },
  {
    pattern: sentence('(?:the )?given key id is not accessible'),
    causes: SOURCE_KEY,
    source: DASHBOARD,
    unless: /\byou (?:already )?have describekey permissions?\b/,
  },
  {
    pattern: sentence('(?:the )?given key id does not exist'),
    causes: ['source-key-missing'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      '(?:the )?kms key is either disabled or pending deletion,? or access to (?:the )?kms key is denied',
    ),
    causes: ANY_KEY,
    source: DASHBOARD,
  },
  {
    pattern: sentence('(?:you )?must specify a? ?new kms key for cross[- ]region encrypted snapshot copy'),
    causes: ['destination-key-unusable'],
    source: 'https://github.com/1Strategy/rds-oracle-cross-account-cross-region-dr/issues/1',
  },

  // Tags; the policy is told before the copy of tags, which may fail because of it.
  {
    pattern: opening(
      `(?:the )?tag polic(?:y does|ies do) not allow the specified values? for the following tag keys?(?=["']?(?:[.:;]|$))`,
    ),
    causes: ['tag-policy-violation'],
    source: ARTICLE,
  },
  {
    pattern: sentence(
      'we are unable to copy resource tags to your backup because (?:of (?:the |an )?internal (?:failure|error)|(?:the )?source or destination recovery point is unavailable)',
    ),
    causes: ['tag-copy-failed', 'tag-policy-violation'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(`(?:the )?resultant tag set must not have more than ${NUMBER} user tags`),
    causes: ['too-many-tags'],
    source: DASHBOARD,
  },

  // Refusals of IAM: the end of the text says which policy, the action says of what.
  {
    pattern:
      /\bis not authorized to perform:? ?\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? with an explicit deny in a (?:service control|resource control) policy\b/,
    causes: ['organization-policy-denies-copy'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?backup:(?:startcopyjob|copyfrombackupvault)(?: on (?:this resource|resource:? ?\S{1,300}))? with an explicit deny in a resource-based policy\b/,
    causes: ['source-vault-policy-denies'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?backup:[a-z]{3,60}(?: on (?:this resource|resource:? ?\S{1,300}))? with an explicit deny in a resource-based policy\b/,
    causes: ['vault-policy-denies'],
    source: 'https://github.com/rebuy-de/aws-nuke/pull/1150',
  },
  {
    pattern:
      /\bis not authorized to perform:? ?backup:copyintobackupvault(?: on (?:this resource|resource:? ?\S{1,300}))? because no resource-based policy allows\b/,
    causes: ['vault-policy-lacks-source'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?(?!iam:passrole)\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? (?:because no identity-based policy allows|with an explicit deny in an identity-based policy)\b/,
    causes: ['copy-role-lacks-permission'],
    source: IAM_DENIED,
  },
  {
    pattern: /\bis not authorized to perform:? ?kms:creategrant\b/,
    causes: ['source-key-policy-lacks-grants', 'source-key-policy-denies'],
    source: AIR_GAPPED,
    unless: /\bexplicit allow\b/,
  },
  {
    pattern: /\bis not authorized to perform:? ?kms:(?:describekey|decrypt|encrypt|reencrypt|generatedatakey)/,
    causes: ['source-key-policy-lacks-destination', 'source-key-policy-denies'],
    source: IAM_DENIED,
    unless: /\bexplicit allow\b/,
  },

  // Vaults, roles
  {
    pattern: sentence(
      'access denied(?: error| exception)?(?: (?:when|while))? (?:trying|attempting) to call (?:the )?aws backup service',
    ),
    causes: [
      'vault-policy-lacks-source',
      'vault-policy-denies',
      'copy-role-lacks-permission',
      'source-vault-policy-denies',
      'organization-policy-denies-copy',
    ],
    source: ACCESS_DENIED,
  },
  {
    pattern: sentence('access denied(?: exception| error)? (?:while|when) trying to (?:list|get|describe) tags'),
    causes: ['copy-role-lacks-permission'],
    source: EVENTS,
  },
  {
    pattern: sentence('you are not authorized to perform this (?:operation|action)'),
    causes: ['copy-role-lacks-permission'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      `(?:the )?(?:iam )?role ${ID} does not have sufficient permissions? to execute the (?:backup|copy)(?: job)?`,
    ),
    causes: ['copy-role-lacks-permission'],
    source: TECRACER,
    backupToo: true,
  },
  {
    pattern: sentence(
      `(?:the )?customer credentials? (?:is |are )?miss(?:es|ing)? permissions? to get bucket versioning for (?:the )?bucket(?::? ${ID})?`,
    ),
    causes: ['copy-role-lacks-permission'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(
      '(?:the )?retention specified in the job is not within the range specified for the (?:target|destination) backup vault',
    ),
    causes: ['retention-outside-vault-lock'],
    source: PRIMARY,
  },
  {
    pattern: sentence(
      '(?:the )?(?:backup|copy) job failed because the lifecycle is outside (?:of )?the valid range for (?:the )?(?:(?:target|destination) )?backup vault',
    ),
    causes: ['retention-outside-vault-lock'],
    source: PRIMARY,
    backupToo: true,
  },
  {
    pattern: sentence(
      `(?:the )?(?:backup|copy) job failed because (?:the )?backup vault (?!policy|lock|access|type|tags?|name|notifications?)${ID} does not exist`,
    ),
    causes: ['destination-vault-missing'],
    source: EVENTS,
    backupToo: true,
  },
  {
    pattern: sentence(String.raw`the specified volume(?: ["'\[]?vol-\w{1,40}["'\]]?)? was not found`),
    causes: NOT_FOUND,
    source: DASHBOARD,
  },
  { pattern: sentence('table not found'), causes: NOT_FOUND, source: DASHBOARD },

  // Capacity and faults of the service
  {
    pattern: sentence(`there are too many copy jobs running for (?:the |this )?resource(?: ${ID})?`),
    causes: ['copy-concurrency-limit'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      '(?:the )?(?:backup|copy) job failed because there was (?:a|another) running job for the same resource',
    ),
    causes: ['copy-concurrency-limit'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(`you have reached the maximum concurrent number of (?:backups|copies), which is ${NUMBER}`),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence('maximum allowed in[- ]progress snapshots for a single volume exceeded'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('maximum allowed active snapshot limit exceeded'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      'image creation throttled due to (?:the )?maximum number of concurrent snapshots on an ebs volume',
    ),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(
      `you have reached your quota of ${NUMBER} for the number of public and private images allowed in this region`,
    ),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(`cannot create more than ${NUMBER} user snapshots`),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('you have reached the maximum supported backups for your (?:account/database|account|database)'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('(?:the )?(?:backup|copy) job expired before completion'),
    causes: ['job-window-expired'],
    source: DASHBOARD,
    backupToo: true,
  },
  { pattern: sentence('an internal error (?:has )?occurred'), causes: ['aws-internal-error'], source: DASHBOARD },
  {
    pattern: sentence('(?:the )?copy job encountered a fatal error'),
    causes: ['aws-internal-error'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('(?:the )?token (?:has )?expired(?:[.;,]? (?:please )?try again)?(?=[.!"\']*$)'),
    causes: ['aws-internal-error'],
    source: DASHBOARD,
  },

  // Known texts that are not about a cause of this project
  {
    pattern: sentence('insufficient privileges to perform this action'),
    causes: ['uncatalogued'],
    source: AIR_GAPPED,
  },
  {
    pattern: sentence('the specified policy cannot be added to the vault due to cross[- ]account sharing restrictions'),
    causes: ['uncatalogued'],
    source: 'https://github.com/rebuy-de/aws-nuke/pull/1150',
  },
  {
    pattern: sentence('policy contains a statement with one or more invalid principals'),
    causes: ['uncatalogued'],
    source: TECRACER,
  },
];

const NAME = String.raw`(?: (?!policy|lock|access|type|tags?|name|notifications?)[^\s]{1,200})?`;

/** AWS's own patterns for its error categories; only asked when no full text matches. The first that matches wins. */
export const FRAGMENTS: readonly MessagePattern[] = [
  {
    pattern: words('cannot be assumed by aws backup(?! (?:gateway|audit|search))'),
    causes: ['copy-role-not-assumable'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: words('failed to unshare (?:the )?snapshots?'),
    causes: ['copy-role-not-assumable'],
    source: CROSS_ACCOUNT,
    afterSuccess: true,
  },
  { pattern: words('(?:could not|cannot) find cryopod'), causes: ['destination-vault-missing'], source: DASHBOARD },
  {
    pattern: words('(?:could not|cannot) find (?:the )?recovery point'),
    causes: ['recovery-point-missing'],
    source: DASHBOARD,
  },
  { pattern: words('more than 50 tags specified'), causes: ['too-many-tags'], source: DASHBOARD },
  { pattern: words('subscriber limit exceeded'), causes: ['service-quota-reached'], source: DASHBOARD },
  {
    pattern: words('unsupported resource type'),
    causes: ['resource-type-not-copyable'],
    source: DASHBOARD,
  },
  {
    pattern: words(`(?<!(?:destination|target|new)(?: \\w+)? )key(?: id)?${NAME} does not exist`),
    causes: ['source-key-missing'],
    source: DASHBOARD,
    unless: INTENDED_FOR_DESTINATION,
  },
  {
    // A text that only mentions a key says nothing; one that is nothing but AWS's pattern does.
    pattern: words('kms key'),
    causes: [
      'source-key-policy-lacks-destination',
      'source-key-unusable',
      'source-key-policy-denies',
      'source-key-policy-lacks-grants',
    ],
    source: DASHBOARD,
    unless: new RegExp(
      String.raw`${INTENDED_FOR_DESTINATION.source}|^(?!(?:.*[.:;] )?kms key[.:;]?$)(?!.*(?<!\b(?:no|not|never|without|any|zero|0|nor) )\b(?:denied|disabled|inaccessible|invalid|pending|unable|failed|fails|failure|errors?|exception|missing|unauthorized|cannot|not (?:accessible|enabled|found|authorized|allowed|usable|available|have)|does not|could not)\b)`,
    ),
  },
  {
    pattern: words(`(?<!source )(?<!source backup )(?<!backup )(?:backup )?vault${NAME} does not exist`),
    causes: ['destination-vault-missing'],
    source: DASHBOARD,
    unless: /\bsource (?:backup )?vault\b/,
  },
  {
    pattern: words(`(?:recovery point|snapshot|ami|image)${NAME} does not exist`),
    causes: ['recovery-point-missing'],
    source: DASHBOARD,
  },
  {
    pattern: words(`(?<!linked )role${NAME} does not exist`),
    causes: ['copy-role-not-assumable'],
    source: TECRACER,
  },
  {
    pattern: words('does not exist'),
    causes: NOT_FOUND,
    source: DASHBOARD,
    unless: new RegExp(
      String.raw`\b(?:groups?|polic(?:y|ies)|alias|bucket|user|region|account|organization|unit|grant|tag|key|role|subnet|vpc|domain|file|page|error|problem|issue|fault|statement|plan|selection|topic|queue|function|source (?:backup )?vault)${NAME} does not exist`,
    ),
  },
  {
    pattern: words('no longer available'),
    causes: ['recovery-point-missing'],
    source: DASHBOARD,
    unless: /\b(?:features?|console|service|page|option|version|offer|product) (?:is|are) no longer available\b/,
  },
  {
    pattern: words('(?:could not|cannot) find resource(?! (?:types?|groups?|tags?|polic|shares?|names?))'),
    causes: NOT_FOUND,
    source: DASHBOARD,
  },
  { pattern: words('resource not found'), causes: NOT_FOUND, source: DASHBOARD },
  {
    // An action of another service is not refused by a vault policy; iam:PassRole is refused to the caller.
    pattern: words(
      String.raw`not authorized to perform:? ?(?!backup:|iam:passrole|kms:)[a-z][a-z0-9-]{1,40}:[a-z*]{2,80}`,
    ),
    causes: ['copy-role-lacks-permission'],
    source: IAM_DENIED,
    unless: /\bexplicit allow\b/,
  },
  {
    pattern: words('not authorized to'),
    causes: DENIED,
    source: DASHBOARD,
    unless: /\bexplicit allow\b|\bto perform:? ?iam:passrole\b/,
  },
  { pattern: words('does not have permissions?'), causes: DENIED, source: DASHBOARD },
  { pattern: words('missing permissions?'), causes: ['copy-role-lacks-permission'], source: DASHBOARD },
  { pattern: words('can have at most'), causes: ['service-quota-reached'], source: DASHBOARD },
  {
    // Also a mere label in front of other texts, so nearly all others come first.
    pattern: words('access denied'),
    causes: DENIED,
    source: DASHBOARD,
    // Another service, or a database's own refusal.
    unless: /\b(?:trying|attempting) to call\b|\baccess denied for user\b/,
  },
  { pattern: words('not in the available state'), causes: ['uncatalogued'], source: DASHBOARD },
  { pattern: words('is invalid'), causes: ['uncatalogued'], source: DASHBOARD },
];
