import { TEXTS_OF_ACCESS } from './texts-of-access';
import { TEXTS_OF_COPIES } from './texts-of-copies';
import {
  CANNOT,
  CROSS_ACCOUNT,
  DASHBOARD,
  DENIED,
  GONE,
  IAM_DENIED,
  INTENDED_FOR_DESTINATION,
  NOT_FOUND,
  TECRACER,
  words,
  type MessagePattern,
} from './wording';

export type { MessagePattern };

/** Full texts. The first that matches wins, so what says more stands first. */
export const FULL_TEXTS: readonly MessagePattern[] = [...TEXTS_OF_COPIES, ...TEXTS_OF_ACCESS];

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
