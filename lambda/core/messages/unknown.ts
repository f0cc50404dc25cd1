import { hashOf } from '../plan/normal-form';
import { masked } from './mask';
import { pointsTo } from './point-to';

/** So many kinds of unknown texts a deployment tells apart; the others are counted together. */
export const MOST_KINDS = 200;

/** Status messages that nobody has written down yet and that differ by nothing but ids, ARNs and numbers. */
export interface UnknownKind {
  readonly id: string;
  /** The text without what differs. */
  readonly text: string;
}

/** A kind as it is counted. Times are ISO 8601 in UTC. */
export interface UnknownMessage extends UnknownKind {
  readonly count: number;
  readonly first: string;
  readonly last: string;
  /** The first failure of this kind, and the incident that keeps its evidence. */
  readonly example: UnknownExample;
}

export interface UnknownExample {
  readonly copyJobId: string;
  readonly resourceType?: string | undefined;
  readonly incident?: string | undefined;
  /** What its diagnosis found, which can be more than its text says. */
  readonly causes: readonly string[];
}

/** What has no row of its own. */
export type OtherMessages = Pick<UnknownMessage, 'count' | 'first' | 'last'>;

export interface UnknownMessages {
  readonly kinds: readonly UnknownMessage[];
  readonly other?: OtherMessages | undefined;
}

/**
 * A text that points to no cause and is not known to have none, whatever the evidence says of its copy: it is the text
 * that is missing in the catalogue. No text at all is not unknown.
 */
export function unknownKind(statusMessage: string | undefined): UnknownKind | undefined {
  if (statusMessage === undefined || pointsTo(statusMessage).length > 0) return undefined;
  const text = masked(statusMessage);
  return text === '' ? undefined : { id: hashOf(text).slice(0, 16), text };
}
