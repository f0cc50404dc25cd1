import type { Diagnosis } from '../diagnose';
import type { Copy } from '../evidence';
import { mail } from '../text/en/mail';
import {
  alsoChecked,
  confidence,
  details,
  happened,
  headline,
  toDo,
  unreadable,
  why,
  type ReadingContext,
} from './diagnosis';
import { bodyOf, bullet, subjectOf, wrap, type Mail } from './layout';

/** A diagnosis as the mail that a person gets: fixed sections in fixed order, empty ones left out. */
export function renderMail(diagnosis: Diagnosis, context: ReadingContext): Mail {
  const { copy, causes } = diagnosis;
  const { headings } = mail;
  if (diagnosis.drill) return renderDrill(copy, context);
  const body = bodyOf([
    unreadable(copy, context),
    [headings.happened, happened(copy, context)],
    [headings.why, why(diagnosis, context.readAt)],
    [headings.confidence, confidence(diagnosis)],
    [headings.toDo, toDo(diagnosis)],
    [headings.ifNot, wrap(mail.ifNothing(causes))],
    [headings.alsoChecked, alsoChecked(diagnosis)],
    [headings.details, details(diagnosis)],
  ]);
  return { subject: subjectOf(mail.subject(copy, headline(causes))), body };
}

/** No copy failed: the mail says only that mails arrive, and which accounts can be read. */
function renderDrill(copy: Copy, context: ReadingContext): Mail {
  const { headings } = mail;
  const body = bodyOf([
    [headings.drill, wrap(mail.drill)],
    unreadable(copy, context),
    [headings.readable, mail.readable(copy, context).flatMap((line) => bullet(line))],
  ]);
  return { subject: subjectOf(mail.drillSubject(copy)), body };
}
