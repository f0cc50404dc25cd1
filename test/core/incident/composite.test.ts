import { onlyNested, startsAgain } from '../../../lambda/core/incident/composite';
import type { Incident } from '../../../lambda/core/incident/incident';

type Held = Pick<Incident, 'state' | 'causes' | 'retry'>;
const held = (more: Partial<Held> = {}): Held => ({
  state: 'canary',
  causes: ['vault-policy-lacks-source'],
  retry: 'ask',
  ...more,
});

it.each<[string, boolean, readonly Held[]]>([
  ['its own cause is mended', true, [held()]],
  ['somebody has to decide', true, [held({ state: 'proposed' })]],
  ['it was started, and is copied', true, [held({ state: 'resolved' })]],
  ['one of two', true, [held({ causes: ['nested-copy-failed'], retry: undefined, state: 'reported' }), held()]],
  ['nothing holds it', false, []],
  ['it only lists its nested jobs', false, [held({ causes: ['nested-copy-failed'] })]],
  ['nothing is copied again', false, [held({ retry: 'never' })]],
  ['its cause is mended by hand', false, [held({ retry: undefined })]],
  ...(['rejected', 'expired', 'refused', 'applied', 'not-cured', 'rolled-back'] as const).map(
    (state): [string, boolean, readonly Held[]] => [state, false, [held({ state })]],
  ),
])('a composite job is started again, and its nested jobs with it: %s', (_, expected, incidents) => {
  expect(startsAgain(incidents)).toBe(expected);
});

it('tells a list of nested jobs from a cause', () => {
  expect(onlyNested(['nested-copy-failed'])).toBe(true);
  expect(onlyNested(['nested-copy-failed', 'uncatalogued'])).toBe(false);
  expect(onlyNested([])).toBe(false);
});
