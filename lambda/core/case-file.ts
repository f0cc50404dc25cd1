import { readCopyFailure, type Reading } from './copy-failure';
import type { Evidence, Response } from './evidence';
import { READS } from './reads';

const KEY = /^([a-z0-9-]+:[A-Za-z]+)(@(source|destination|organization|\d{12}\/[a-z0-9-]+))?(#.+)?$/s;

/** A whole failure as JSON: the event and AWS's answers. What is missing counts as not readable. docs/cases.md */
export function readCaseFile(document: unknown): Reading<Evidence> {
  if (!isObject(document)) return { ok: false, reason: 'the case file is not a JSON object' };
  if (!('event' in document)) return { ok: false, reason: 'the case file has no "event"' };
  const failure = readCopyFailure(document['event']);
  if (!failure.ok) return { ok: false, reason: `the case file's "event" is refused: ${failure.reason}` };
  const responses = document['responses'] ?? {};
  if (!isObject(responses)) return { ok: false, reason: '"responses" is not a JSON object' };
  for (const [key, response] of Object.entries(responses)) {
    const operation = KEY.exec(key)?.[1];
    if (operation === undefined) {
      return { ok: false, reason: `"responses" has a key that is not service:Operation[@where][#resource]: ${key}` };
    }
    if (!isObject(response)) return { ok: false, reason: `the response ${key} is not a JSON object` };
  }
  // Answers that no check reads are left alone: a case may come from a version that knows more.
  const known = Object.entries(responses).filter(([key]) => Object.hasOwn(READS, KEY.exec(key)?.[1] ?? ''));
  return {
    ok: true,
    value: { failure: failure.value, responses: Object.fromEntries(known) as Record<string, Response> },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
