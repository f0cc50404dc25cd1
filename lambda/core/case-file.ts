import { readCopyFailure, type Reading } from './copy-failure';
import type { Evidence, Response } from './evidence';
import { READS } from './reads';

const KEY = /^([a-z]+:[A-Za-z]+)(@(source|destination|organization|\d{12}\/[a-z0-9-]+))?(#.+)?$/s;

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
    if (!Object.hasOwn(READS, operation)) {
      return { ok: false, reason: `"responses" has an operation that no check reads: ${operation}` };
    }
    if (!isObject(response)) return { ok: false, reason: `the response ${key} is not a JSON object` };
  }
  return { ok: true, value: { failure: failure.value, responses: responses as Record<string, Response> } };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
