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
const UNUSABLE = `does not exist,?(?: or)? is (?:not enabled|disabled),? or you do not have permissions? to (?:access|use) it`;
const CANNOT = '(?:cannot|could not)';
const GONE = '(?:does not exist|(?:(?:was|is) )?not found|(?:cannot|could not) be found)';
const NO_FEATURE =
  '(?:this )?feature (?:is )?not supported for (?:this )?(?:(?:provided|given|specified) resource type|resource type (?:provided|given|specified))';
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
      '(?:(?:both )?source (?:account )?and destination accounts?|both accounts) (?:(?:must|should|need to|have to) (?:both )?(?:be (?:members?(?: of)?|part of|in)|belong to)|are not (?:members? of|part of|in)) same (?:aws )?(?:organizations )?organizations?(?: in aws organizations)?',
    ),
    causes: ['accounts-in-different-organizations'],
    source: ARTICLE,
  },
  {
    pattern: sentence(
      'cross[- ]account (?:copy|copies|backup)(?: feature)? (?:is|has) (?:not (?:been )?(?:enabled|turned on)|disabled) (?:for|in) (?:your )?(?:current )?(?:aws )?organization',
    ),
    causes: ['cross-account-backup-disabled'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('(?:aws )?access key(?: id)? (?:needs|requires) subscription (?:for|to) (?:this )?service'),
    causes: ['source-region-or-service-not-enabled', 'destination-region-not-enabled'],
    source: DASHBOARD,
  },

  // What can be copied
  {
    pattern: sentence(
      `copy jobs? from ${ID} to ${ID} ${CANNOT} be (?:initiated|started) for [^.;:]{1,80}? resource(?:s|s? types?)?(?:[.;:]| because) ${NO_FEATURE}`,
    ),
    causes: ['single-action-not-supported', 'resource-type-not-copyable'],
    source: ARTICLE,
  },
  {
    pattern: sentence(NO_FEATURE),
    causes: ['resource-type-not-copyable', 'single-action-not-supported'],
    source: DASHBOARD,
    unless: /\bcan be initiated\b/,
  },
  {
    pattern: sentence(
      'storage gateway backup copies require (?:user|customer)[- ]created backup vault and key (?:at|in) destination',
    ),
    causes: ['destination-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: opening(
      String.raw`(?:this )?(?:db )?(?:cluster )?snapshot requires target option group (?:with|that has) following options?(?=["']?(?:[.:;]|$))`,
    ),
    causes: ['rds-option-group-missing'],
    source: CROSS_REGION,
  },
  {
    pattern: sentence(
      `(?:(?:images?|amis?) from aws marketplace|aws marketplace (?:images?|amis?)) ${CANNOT} be copied to (?:another|other|different) (?:aws )?accounts?`,
    ),
    causes: ['marketplace-image'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      String.raw`source (?:ami|image)(?: ["'\[]?ami-[\w-]{1,40}["'\]]?)? ${GONE} in region(?: [\w-]{4,40})?`,
    ),
    causes: ['image-not-allowed'],
    source: CROSS_ACCOUNT,
  },
  {
    pattern: sentence(
      String.raw`you (?:(?:do not have|are missing) permissions? to access|do not have access to) storage of (?:(?:this )?(?:ami|image)|ami-[\w-]{1,40})`,
    ),
    causes: ['snapshot-not-shared'],
    source: AIR_GAPPED,
  },
  {
    pattern: sentence(
      `(?:this )?resource is encrypted (?:with|by) aws[- ]managed ${KEY} and cannot be copied to logically air[- ]gapped (?:backup )?vault`,
    ),
    causes: ['source-key-aws-managed', 'air-gapped-vault-unsupported'],
    source: PRIMARY,
    backupToo: true,
    afterSuccess: true,
  },
  {
    pattern: sentence(
      '(?:this )?resource type is not supported (?:by|for|in) logically air[- ]gapped (?:backup )?vaults?',
    ),
    causes: ['air-gapped-vault-unsupported'],
    source: PRIMARY,
    backupToo: true,
    afterSuccess: true,
  },

  // Encryption
  {
    pattern: sentence(
      `(?:destination|target) (?:backup )?vault (?:is encrypted (?:with|using|by)|uses) default (?:aws )?backup (?:service[- ])?managed ${KEY}`,
    ),
    causes: ['destination-key-aws-managed'],
    source: DASHBOARD,
    unless: /\b(?:may not be copied|can be copied|encrypted by an aws managed)\b/,
  },
  {
    pattern: sentence(
      `snapshots? (?:that (?:is|are) )?encrypted (?:with|using|by) aws[- ]managed ${KEY}s? cannot be shared`,
    ),
    causes: ['source-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(`encrypted snapshots? with (?:ebs default|default ebs) ${KEY} cannot be shared`),
    causes: ['source-key-aws-managed'],
    source: DASHBOARD,
  },
  {
    pattern: new RegExp(
      String.raw`\bwhen calling copydbclustersnapshot operation: source snapshot kms key \[[^\]]{1,300}\] ${UNUSABLE}${END}`,
    ),
    causes: ['source-key-policy-lacks-grants'],
    source: 'https://github.com/awslabs/aurora-snapshot-tool/issues/29',
  },
  {
    pattern: sentence(
      String.raw`source (?:db )?(?:cluster )?snapshot(?:'s)? kms key(?: ["'\[]?[^\s\]]{1,300}["'\]]?)? ${UNUSABLE}`,
    ),
    causes: SOURCE_KEY,
    source: TROUBLESHOOTING,
  },
  {
    pattern: sentence(String.raw`specified kms key(?: ["'\[]?[^\s\]]{1,300}["'\]]?)? ${UNUSABLE}`),
    causes: ANY_KEY,
    source: 'https://github.com/awslabs/aurora-snapshot-tool/issues/25',
  },
  {
    pattern: sentence('given (?:kms )?key(?: id)? (?:is not accessible|cannot be accessed)'),
    causes: SOURCE_KEY,
    source: DASHBOARD,
    unless: /\byou (?:already )?have describekey permissions?\b/,
  },
  {
    pattern: sentence(`given (?:kms )?key(?: id)? ${GONE}`),
    causes: ['source-key-missing'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      `${KEY} is (?:either )?disabled,?(?: or)? (?:is )?pending deletion,? or access to (?:${KEY}|it) (?:is|was) denied`,
    ),
    causes: ANY_KEY,
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      '(?:(?:you )?must specify (?:new )?kms key|new kms key must be specified) for cross[- ]region encrypted snapshot cop(?:y|ies)',
    ),
    causes: ['destination-key-unusable'],
    source: 'https://github.com/1Strategy/rds-oracle-cross-account-cross-region-dr/issues/1',
  },

  // Tags; the policy is told before the copy of tags, which may fail because of it.
  {
    pattern: opening(
      `tag polic(?:y does|ies do) not allow specified values? for (?:following )?tag keys?(?=["']?(?:[.:;]|$)| ["'])|(?:specified values?|values? specified) for (?:following )?tag keys? (?:is|are) not allowed by tag polic(?:y|ies)`,
    ),
    causes: ['tag-policy-violation'],
    source: ARTICLE,
  },
  {
    pattern: sentence(
      '(?:(?:we (?:are|were) )?(?:unable|not able) to|we (?:could not|cannot)) copy (?:resource tags|tags of (?:your )?resource) to your (?:backup|copy) (?:because(?: of)?|due to) (?:internal (?:failure|error)|source or destination recovery point is (?:unavailable|not available))',
    ),
    causes: ['tag-copy-failed', 'tag-policy-violation'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      `result(?:ant|ing) tag set (?:must not|cannot) (?:have|contain) more than ${NUMBER} (?:user )?tags`,
    ),
    causes: ['too-many-tags'],
    source: DASHBOARD,
  },

  // Refusals of IAM: the end of the text says which policy, the action says of what.
  {
    pattern:
      /\bis not authorized to perform:? ?\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? with explicit deny in (?:service control|resource control) policy\b/,
    causes: ['organization-policy-denies-copy'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?backup:(?:startcopyjob|copyfrombackupvault)(?: on (?:this resource|resource:? ?\S{1,300}))? with explicit deny in resource-based policy\b/,
    causes: ['source-vault-policy-denies'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?backup:[a-z]{3,60}(?: on (?:this resource|resource:? ?\S{1,300}))? with explicit deny in resource-based policy\b/,
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
      /\bis not authorized to perform:? ?(?!iam:passrole)\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? (?:because no identity-based policy allows|with explicit deny in identity-based policy)\b/,
    causes: ['copy-role-lacks-permission'],
    source: IAM_DENIED,
  },
  {
    pattern: /\bnot authorized to perform:? ?kms:creategrant\b/,
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
      'access(?: (?:is|was))? ?denied(?: ?exception| error)? (?:(?:when|while) )?(?:(?:trying|attempting) to call|calling) aws backup(?: service)?',
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
    pattern: sentence(
      'access ?denied(?: ?exception| error)? (?:while|when) (?:trying to (?:list|get|describe)|(?:list|gett|describ)ing) tags',
    ),
    causes: ['copy-role-lacks-permission'],
    source: EVENTS,
  },
  {
    pattern: sentence('you (?:are not authorized|do not have authorization) to perform this (?:operation|action)'),
    causes: ['copy-role-lacks-permission'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      `(?:iam )?role ${ID} does not have (?:sufficient|enough) permissions? to execute (?:backup|copy)(?: job)?`,
    ),
    causes: ['copy-role-lacks-permission'],
    source: TECRACER,
    backupToo: true,
  },
  {
    pattern: sentence(
      `customer credentials? (?:is |are )?miss(?:es|ing)? permissions? to get bucket versioning for bucket(?::? ${ID})?`,
    ),
    causes: ['copy-role-lacks-permission'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(
      '(?:retention(?: period)? specified(?: in (?:copy )?job)?|specified retention(?: period)?) is (?:not within|outside(?: of)?) range (?:specified for|allowed by) (?:target|destination) (?:backup )?vault',
    ),
    causes: ['retention-outside-vault-lock'],
    source: PRIMARY,
  },
  {
    pattern: sentence(
      '(?:its )?lifecycle is (?:outside(?: of)?|not within) valid range for (?:(?:target|destination) )?(?:backup )?vault',
    ),
    causes: ['retention-outside-vault-lock'],
    source: PRIMARY,
    backupToo: true,
  },
  {
    pattern: sentence(
      `(?:backup|copy) job failed because backup vault (?!policy|lock|access|type|tags?|name|notifications?)${ID} does not exist`,
    ),
    causes: ['destination-vault-missing'],
    source: EVENTS,
    backupToo: true,
  },
  {
    pattern: sentence(String.raw`specified volume(?: ["'\[]?vol-\w{1,40}["'\]]?)? was not found`),
    causes: NOT_FOUND,
    source: DASHBOARD,
  },
  { pattern: sentence('table not found'), causes: NOT_FOUND, source: DASHBOARD },

  // Capacity and faults of the service
  {
    pattern: sentence(
      `(?:there are )?too many (?:running )?copy jobs (?:are )?(?:running )?for (?:this |same )?resource(?: ${ID})?`,
    ),
    causes: ['copy-concurrency-limit'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      '(?:backup|copy) job failed because (?:there (?:was|is) (?:another )?(?:running job|job running)|another job (?:was|is) running) for same resource',
    ),
    causes: ['copy-concurrency-limit'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(
      `you have reached maximum (?:concurrent number of|number of concurrent) (?:backups|copies), which is ${NUMBER}`,
    ),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence('maximum allowed in[- ]progress snapshots for single volume (?:(?:is|was) )?exceeded'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('maximum allowed active snapshots?(?: limit)? exceeded'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('image creation throttled due to maximum number of concurrent snapshots on ebs volume'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(
      `you have reached your quota of ${NUMBER} for (?:number of )?public and private images allowed in this region`,
    ),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(`cannot create more than ${NUMBER} (?:(?:user|manual) )?snapshots`),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('you have reached maximum supported backups for your (?:account/database|account|database)'),
    causes: ['service-quota-reached'],
    source: DASHBOARD,
  },
  {
    pattern: sentence(
      '(?:(?:backup|copy) )?job (?:has )?expired before (?:completi(?:on|ng)|it (?:was |could )?(?:be )?completed?)',
    ),
    causes: ['job-window-expired'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: sentence(`internal (?:error|failure)(?: (?:has )?occurr?ed|(?=[.!]?["']?$))`),
    causes: ['aws-internal-error'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('copy job (?:has )?(?:encountered|failed with) (?:fatal|internal) error'),
    causes: ['aws-internal-error'],
    source: DASHBOARD,
  },
  {
    pattern: sentence('token (?:has |is )?expired(?:[.;,]? (?:please )?try again)?(?=[.!"\']*$)'),
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
    pattern: sentence(
      'specified policy cannot be added to vault (?:due to|because of) cross[- ]account sharing restrictions',
    ),
    causes: ['uncatalogued'],
    source: 'https://github.com/rebuy-de/aws-nuke/pull/1150',
  },
  {
    pattern: sentence('policy contains statement with one or more invalid principals'),
    causes: ['uncatalogued'],
    source: TECRACER,
  },
];

const NAME = String.raw`(?: (?!policy|lock|access|type|tags?|name|notifications?)[^\s]{1,200})?`;

/** AWS's own patterns for its error categories; only asked when no full text matches. The first that matches wins. */
export const FRAGMENTS: readonly MessagePattern[] = [
  {
    pattern: words(
      `${CANNOT} be assumed by aws backup(?! (?:gateway|audit|search))|aws backup (?:${CANNOT}|(?:is|was) unable to) assume (?:iam )?role`,
    ),
    causes: ['copy-role-not-assumable'],
    source: DASHBOARD,
    backupToo: true,
  },
  {
    pattern: words('failed to unshare snapshots?'),
    causes: ['copy-role-not-assumable'],
    source: CROSS_ACCOUNT,
    afterSuccess: true,
  },
  {
    pattern: words('(?:could not|cannot|unable to) find cryopod'),
    causes: ['destination-vault-missing'],
    source: DASHBOARD,
  },
  {
    pattern: words('(?:could not|cannot|unable to) find recovery point'),
    causes: ['recovery-point-missing'],
    source: DASHBOARD,
  },
  {
    pattern: words('more than 50 tags (?:(?:are|were|have been) )?specified'),
    causes: ['too-many-tags'],
    source: DASHBOARD,
  },
  { pattern: words('subscriber limit exceeded'), causes: ['service-quota-reached'], source: DASHBOARD },
  {
    pattern: words('unsupported resource type'),
    causes: ['resource-type-not-copyable'],
    source: DASHBOARD,
  },
  {
    pattern: words(`(?<!(?:destination|target|new)(?: \\w+)? )key(?: id)?${NAME} ${GONE}`),
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
      String.raw`${INTENDED_FOR_DESTINATION.source}|^(?!(?:.*[.:;] )?kms key[.:;]?$)(?!.*(?<!\b(?:no|not|never|without|any|zero|0|neither|nor) )\b(?:denied|disabled|inaccessible|invalid|pending|unable|failed|fails|failure|errors?|exception|missing|unauthorized|cannot|not (?:accessible|enabled|found|authorized|allowed|usable|available|have)|does not|could not)\b)`,
    ),
  },
  {
    pattern: words(`(?<!source )(?<!source backup )(?<!backup )(?:backup )?vault${NAME} ${GONE}`),
    causes: ['destination-vault-missing'],
    source: DASHBOARD,
    unless: /\bsource (?:backup )?vault\b/,
  },
  {
    pattern: words(`(?:recovery point|snapshot|ami|image)${NAME} ${GONE}`),
    causes: ['recovery-point-missing'],
    source: DASHBOARD,
  },
  {
    pattern: words(`(?<!linked )role${NAME} ${GONE}`),
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
  { pattern: words('not in available state'), causes: ['uncatalogued'], source: DASHBOARD },
  { pattern: words('is invalid'), causes: ['uncatalogued'], source: DASHBOARD },
];
