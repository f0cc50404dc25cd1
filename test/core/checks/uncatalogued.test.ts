import { uncatalogued } from '../../../lambda/core/checks/uncatalogued';
import { diagnose } from '../../../lambda/core/diagnose';
import { evidenceOf, SOURCE, toVault, type Overrides } from '../evidence-fixture';

const told = (overrides: Overrides) => diagnose(evidenceOf(overrides)).causes;
const saying = (StatusMessage: string, more: Overrides = {}) => told({ ...more, job: { StatusMessage } });
const NO_POLICY = {
  responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
};

it.each([
  ['a text that nobody knows', 'The flux of the replication pipeline exceeded its envelope.'],
  ['a text that is known, but has no cause', 'Snapshot is not in the available state'],
  ['a text whose causes the evidence rules out', 'Given key ID does not exist'],
])('is told alone: %s', (_, text) => {
  expect(saying(text)).toMatchObject([{ ...uncatalogued, confidence: 'possible', byMessageOnly: false }]);
});

it.each([
  ['a fault', 'The flux of the replication pipeline exceeded its envelope.', NO_POLICY],
  ['a text that has a cause', 'An internal error occurred.', {}],
])('is not told beside %s', (_, text, more) => {
  const causes = saying(text, more);
  expect(causes.length).toBeGreaterThan(0);
  expect(causes.map(({ id }) => id)).not.toContain(uncatalogued.id);
});

it('says apart which causes of the text the evidence rules out, and which are not looked at for such a copy', () => {
  const KEY_TEXT = 'Given key ID is not accessible';
  const across = saying(KEY_TEXT)[0]?.because.join(' ');
  expect(across).toMatch(/points to [^.]*source-key-policy-lacks-destination[^.]*, which the evidence rules out/);
  expect(across).not.toContain('does not look at');
  const within = saying(KEY_TEXT, { detail: toVault(SOURCE) })[0]?.because.join(' ');
  expect(within).not.toMatch(/source-key-policy-lacks-destination[^.]*, which the evidence rules out/);
  expect(within).toMatch(/points to [^.]*source-key-policy-lacks-destination[^.]*, which Copy Doctor does not look at/);
});

it('says what was looked at, and how to report it', () => {
  const [cause] = saying('The flux of the replication pipeline exceeded its envelope.');
  expect(cause?.because.join(' ')).toMatch(/\d+ found no fault, \d+ could not be decided, \d+ do not apply/);
  expect(cause?.steps.join('\n')).toContain('--save-case');
});
