import {
  ACCESS_DENIED,
  AIR_GAPPED,
  ARTICLE,
  DASHBOARD,
  EVENTS,
  IAM_DENIED,
  ID,
  NOT_FOUND,
  NUMBER,
  PRIMARY,
  TECRACER,
  opening,
  sentence,
  type MessagePattern,
} from './wording';

/** On tags, permissions, vaults and capacity; what says more stands first. */
export const TEXTS_OF_ACCESS: readonly MessagePattern[] = [
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
      /\bis not authorized to perform:? ?\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? (?:with explicit deny in (?:service|resource) control policy\b|because no (?:service|resource) control policy allows\b)/,
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
      /\bis not authorized to perform:? ?(?!iam:passrole)\S{3,80}(?: on (?:this resource|resource:? ?\S{1,300}))? (?:because no (?:identity-based policy|permissions boundary) allows|with explicit deny in (?:identity-based policy|permissions boundary))\b/,
    causes: ['copy-role-lacks-permission'],
    source: IAM_DENIED,
  },
  {
    pattern:
      /\bis not authorized to perform:? ?kms:[a-z]{3,60}(?: on (?:this resource|resource:? ?\S{1,300}))? with explicit deny in resource-based policy\b/,
    causes: ['source-key-policy-denies'],
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
