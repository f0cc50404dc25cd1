import { bytesOf } from '../plan/normal-form';
import { incident as words } from '../text/en/incident';
import type { Mail } from './layout';

/** One message to everybody who listens: a mail for people, JSON for machines. */
export interface Message {
  readonly mail: Mail;
  readonly json: string;
  readonly kind: 'diagnosis' | 'digest' | 'drill' | 'notice';
}

export type Texts = Record<'default' | 'email' | 'sqs' | 'https' | 'http' | 'lambda', string>;

/** SNS takes 256 KB for all texts of one publish together, as it is sent: with quotes and line ends escaped. */
const ALL = 195_000;
const LARGEST_MAIL = 60_000;

/** Bytes of a text inside the JSON document that is sent. */
export const sentSize = (text: string): number => bytesOf(JSON.stringify(text));

/** What a mail leaves for each of the four copies of the JSON. */
export const roomForJson = (body: string): number => Math.floor((ALL - 2 * Math.min(sentSize(body), LARGEST_MAIL)) / 4);

/** The text for each protocol; under 200,000 bytes in all, whatever the message holds. */
export function textsOf({ mail, json, kind }: Message): Texts {
  const body = cutAtLine(mail.body);
  const machine = sentSize(json) <= roomForJson(body) ? json : JSON.stringify({ version: 1, kind, cut: true });
  return { default: body, email: body, sqs: machine, https: machine, http: machine, lambda: machine };
}

function cutAtLine(body: string): string {
  if (sentSize(body) <= LARGEST_MAIL) return body;
  const note = `${words.cut}\n`;
  const kept: string[] = [];
  let size = sentSize(note);
  for (const line of body.split('\n')) {
    size += sentSize(`${line}\n`);
    if (size > LARGEST_MAIL) break;
    kept.push(line);
  }
  return [...kept, note].join('\n');
}
