import type { Incident } from '../../../lambda/core/incident/incident';
import { shortTitleOf, whyNoPlan } from '../../../lambda/core/render/told';
import { failed, live, NO_PLAN, T } from '../incident/reduce-fixture';

const NAME = 'The source key is disabled, waits to be deleted, or cannot be used';
const BOTH = ['source-key-unusable', 'source-key-policy-denies'];
const incident = (more: Partial<Incident>): Incident => ({
  ...live([failed(T, NO_PLAN)]),
  kind: 'manual',
  causes: ['source-key-unusable'],
  title: NAME,
  ...more,
});

test.each<[Partial<Incident>, string]>([
  [{}, 'The source key cannot be used'],
  [{ title: `Possible cause: ${NAME}` }, 'possible cause: The source key cannot be used'],
  [{ causes: ['no-longer-known'], title: 'Possible cause: A' }, 'possible cause: A'],
  [
    { causes: BOTH, title: `2 possible causes, none settled. The first of them: ${NAME}` },
    '2 possible causes, none settled',
  ],
  [{ causes: ['uncatalogued'], title: 'No known cause matches' }, 'No known cause matches'],
  [{ kind: 'key-policy', causes: BOTH }, 'The source key cannot be used'],
])('a subject says once what is not settled: %j', (more, title) => {
  expect(shortTitleOf(incident(more))).toBe(title);
});

test.each<[Partial<Incident>, RegExp]>([
  [{ kind: 'drill' }, /^it is a drill$/],
  [{ kind: 'retry-later' }, /^it passes by itself$/],
  [{ kind: 'key-policy' }, /^its policy is read again/],
  [{ causes: BOTH }, /^it is not settled which of 2 possible causes it is$/],
  [{ title: `Possible cause: ${NAME}` }, /^it is not settled that this is the cause; .*explain source-key-unusable/],
  [{ causes: ['uncatalogued'] }, /^no cause is known that matches$/],
  [{}, /^it is mended by hand, as .*explain source-key-unusable/],
])('why there is no plan: %j', (more, why) => {
  expect(whyNoPlan(incident(more))).toMatch(why);
});
