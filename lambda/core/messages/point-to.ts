import type { CauseId } from '../cause-ids';
import { clean } from '../text/clean';
import { FRAGMENTS, FULL_TEXTS, type MessagePattern } from './patterns';

/** AWS's texts are short; what stands behind this many characters is not read. */
const READ = 2000;

/**
 * The causes that a status message of AWS points to, best first. Never a verdict: evidence gives that.
 * [] = a text nobody knows; ["uncatalogued"] = a known text without a cause here.
 */
export function pointsTo(message: string): readonly CauseId[] {
  const text = plain(message);
  const prose = withoutQuotes(text);
  if (isOtherWork(prose) || isDisowned(prose)) return [];
  const success = isSuccess(prose);
  const backup = speaksOfBackupJob(prose);
  const applies = (known: MessagePattern) =>
    (!success || known.afterSuccess === true) && (!backup || known.backupToo === true) && !known.unless?.test(prose);

  const full = FULL_TEXTS.find((known) => applies(known) && known.pattern.test(text));
  if (full) return full.causes;
  if (isOtherOperation(prose)) return [];
  return FRAGMENTS.find((known) => applies(known) && isAsserted(known.pattern, prose))?.causes ?? [];
}

const SHORT_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:can't|can not)\b/g, 'cannot'],
  [/\bwon't\b/g, 'will not'],
  [/\b(you|we)'re\b/g, '$1 are'],
  [/\b(you|we)'ve\b/g, '$1 have'],
  [/\b(is|are|was|were|do|does|did|has|have|had|could|would|should|must)n't\b/g, '$1 not'],
];

/** Lower case, straight quotes, single spaces, no short forms, no articles, no "(Service: …; Request ID: …)", no "(CMK)". */
function plain(message: string): string {
  let text = clean(message.slice(0, 10 * READ).replace(/\s+/g, ' '), 10 * READ)
    .replace(/[‘’‚‛`´′]/g, "'")
    .replace(/[“”„‟«»]/g, '"')
    .replace(/[‐‑‒–—]/g, '-')
    .trim()
    .slice(0, READ)
    .normalize('NFKC')
    .toLowerCase();
  for (const [form, full] of SHORT_FORMS) text = text.replace(form, full);
  return text
    .replace(/ ?\((?=[^()]{0,40}\b(?:service|status code|error code|request id|requestid): ?)[^()]{0,600}\)/g, '')
    .replace(/ \(cmk\)/g, '')
    .replace(/(?<![\w/:.-])(?:(?:the|an?) |(?:aws|amazon) (?=kms|ebs))/g, '')
    .replace(/ +([.,:;])/g, '$1')
    .replace(/ +/g, ' ')
    .replace(/^(["'])([^"']*)\1$/, '$2')
    .trim();
}

/** Names chosen by people are not read: a tag key may be called "access denied". */
const withoutQuotes = (text: string) =>
  text
    .replace(/(?<!\w)'[^']{0,300}'(?!\w)/g, "'…'")
    .replace(/"[^"]{0,300}"/g, '"…"')
    .replace(/\barn:[\w:/.*+=,@-]*[\w*]/g, 'arn:…');

const SUCCESS =
  /\b(?:successful|successfully|succeeded|succeeds|resolved|recovered|(?:is|was|been|now|already) fixed|(?:state|status):? completed|(?:job|copy|backup|operation|request|check|retry)s?(?: has| have| was| were| is)?(?: been)?(?: now)? (?:completed|complete|finished|done|passed|ok))\b/;
const NOT_YET =
  /\b(?:not|cannot|never|no|none|neither|unable|unsuccessful|failed|fails|failure|until|unless|before|once|after|when|if|must|should|whether|partially)\b/;

/** What failed first and then went well, in one sentence. */
const CURED =
  /\b(?:retr(?:y|ied),? (?:and |then |it )?(?:has )?succeeded|succeeded (?:on|after) (?:the |a )?retry|(?:but|then|later|finally) (?:it )?(?:succeeded|completed successfully))\b/;

/** The text that follows is quoted as what did not happen, or as an example. */
const isDisowned = (prose: string) =>
  /\b(?:not (?:case|cause|problem|reason)|not true|no (?:case|sign|trace) of|no such|untrue)\b|\b(?:example|sample):/.test(
    prose,
  );

/** A sentence says that the work succeeded, and nothing before that takes it back. */
function isSuccess(prose: string): boolean {
  if (CURED.test(prose)) return true;
  return prose.split(/[.;!?] /).some((sentence) => {
    const at = sentence.search(SUCCESS);
    return at >= 0 && !NOT_YET.test(sentence.slice(0, at));
  });
}

const speaksOfBackupJob = (prose: string) =>
  /(?:^|[.;:!?] )(?:the |your |this |an? )?backup job\b/.test(prose) && !/\bcopy job\b/.test(prose);

/** Jobs of AWS Backup that are no copies, and work of others. */
const isOtherWork = (prose: string) =>
  /\b(?:restor(?:e|ing)|scan(?:ning)?|report|index(?:ing)?|replication|tiering|batch|sync|build|deployment|import|export|training) (?:job|task|operation|testing|failed|of|from)\b/.test(
    prose,
  ) && !/\bcopy job\b/.test(prose);

/** "… when calling the PutObject operation: Access Denied" is no copy. */
const isOtherOperation = (prose: string) => /\bwhen calling (?![a-z]{0,40}copy)[a-z]{1,80} operation\b/.test(prose);

/** What separates a negation from the words it does not belong to. */
const CLAUSE = /[.,;:!?()[\]]|(?<![\w-])(?:because|since|as|due to|that|which|but|and|while|when|after|then)(?![\w-])/;
const BEFORE =
  /(?<![\w-])(?:no|not|never|none|nothing|nobody|neither|nor|without|zero|0|cannot|if|whether|unless|would|avoids?|avoided|prevents?|prevented|free of|instead of|rather than|in case|formerly|previously|earlier)(?![\w-])(?! (?:succeed|complete|completed|successful|finish|finished)(?![\w-]))/;
const AFTER =
  /^(?: (?!because\b)\w+){0,2} (?:is|are|was|were|has|have|had|did|do|does|could|will|would|can)(?: been)? (?:not|no longer|never|resolved|fixed|cleared|ruled|absent|gone|expected|zero|false)\b|^:? ?(?:false|none|0|no)\b/;

/** The fragment stands in the text as a statement: not "no access denied errors", not "if it does not exist". */
function isAsserted(fragment: RegExp, prose: string): boolean {
  for (const match of prose.matchAll(fragment)) {
    const clause =
      prose
        .slice(Math.max(0, match.index - 200), match.index)
        .split(CLAUSE)
        .at(-1) ?? '';
    const rest = prose.slice(match.index + match[0].length, match.index + match[0].length + 200);
    if (!BEFORE.test(clause) && !AFTER.test(rest)) return true;
  }
  return false;
}
