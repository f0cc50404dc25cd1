import {
  AIR_GAPPED,
  ANY_KEY,
  ARTICLE,
  CANNOT,
  CROSS_ACCOUNT,
  CROSS_REGION,
  DASHBOARD,
  END,
  GONE,
  ID,
  KEY,
  NO_FEATURE,
  PRIMARY,
  SOURCE_KEY,
  TROUBLESHOOTING,
  UNUSABLE,
  opening,
  sentence,
  type MessagePattern,
} from './wording';

/** On organizations, on what can be copied and on keys; what says more stands first. */
export const TEXTS_OF_COPIES: readonly MessagePattern[] = [
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
];
