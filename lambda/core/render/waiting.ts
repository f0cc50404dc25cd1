import { WAIT_ROUNDS } from '../incident/times';
import { again } from '../text/en/again';
import { utc } from '../text/utc';
import { wrap, type Lines } from './layout';
import type { ToldIncident } from './told';

/** It passes by itself; `all`: what the same failure has opened. */
export function waiting({ incident }: ToldIncident, all: readonly ToldIncident[]): Lines {
  const { nothing, next, shared, off } = again.waiting;
  const { retry } = incident.agenda;
  return [nothing, next(retry && utc(retry), WAIT_ROUNDS), ...(all.length > 1 ? [shared] : []), off].flatMap(wrap);
}
