import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import { causesStand, policyStands } from '../../../lambda/core/plan/policy-stands';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { DESTINATION_VAULT, SOURCE } from '../evidence-fixture';
import { AUDIT, KEEP, planFor, vaultWith } from './fixture';

const plan = planFor(vaultWith([AUDIT, KEEP]));
const none = planFor(vaultWith([]));
const [ours] = plan.added as readonly [Statement];
const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement }) as PolicyDocument;

it.each<[string, PolicyDocument | null | undefined, 'before' | 'after' | 'other']>([
  ['as it was read', plan.before, 'before'],
  ['as it was, written in another way', document({ ...AUDIT, Principal: { AWS: ['333333333333'] } }, KEEP), 'before'],
  ['as the plan has it', plan.after, 'after'],
  ['with our statement under another Sid and in another place', document({ ...ours, Sid: 'Mine' }, KEEP), 'after'],
  ['with our statement written by hand', document(AUDIT, KEEP, { ...ours, Principal: { AWS: SOURCE } }), 'after'],
  [
    'with our statement under a condition',
    document(AUDIT, KEEP, { ...ours, Condition: { Bool: { a: 'b' } } }),
    'other',
  ],
  ['with one statement less', document(AUDIT), 'other'],
  ['in another order', document(KEEP, AUDIT), 'other'],
  ['gone', null, 'other'],
  ['none that can be parsed', undefined, 'other'],
])('a policy %s', (_, live, expected) => {
  expect(policyStands(live, plan)).toBe(expected);
});

it.each<[string, PolicyDocument | null, 'before' | 'after' | 'other']>([
  ['there is still none', null, 'before'],
  ['it is the planned one', none.after, 'after'],
  ['it is empty', document(), 'other'],
])('where there was no policy: %s', (_, live, expected) => {
  expect(policyStands(live, none)).toBe(expected);
});

it('takes a plan that adds nothing for no change that could be in place', () => {
  expect(policyStands(document(KEEP), { ...plan, added: [] })).toBe('other');
});

const incident = { causes: ['vault-policy-lacks-source'], resource: DESTINATION_VAULT };
const stand = (evidence: Evidence) => causesStand(incident, diagnose(evidence));
const byHand = { ...AUDIT, Principal: { AWS: '*' }, Condition: { StringEquals: { 'aws:PrincipalAccount': SOURCE } } };
const deny = { ...ours, Sid: 'No', Effect: 'Deny' };
const refused = (operation: string) => ({ responses: { [operation]: { error: 'AccessDeniedException' } } });

it.each<[string, Evidence, 'gone' | 'unknown' | 'open']>([
  ['the statement is there', vaultWith([ours]), 'gone'],
  ['another statement allows the same', vaultWith([byHand]), 'gone'],
  ['something else could not be read', vaultWith([ours], refused('kms:GetKeyPolicy@source')), 'gone'],
  ['the statement is there, beside a Deny of the same', vaultWith([ours, deny]), 'open'],
  ['it still lacks', vaultWith([AUDIT]), 'open'],
  ['it cannot be read', vaultWith([], refused('backup:GetBackupVaultAccessPolicy@destination')), 'unknown'],
  ['the job is not on record', vaultWith([ours], refused('backup:DescribeCopyJob')), 'unknown'],
  [
    'it cannot be judged',
    vaultWith([], { responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: '{"Statement":' } } }),
    'open',
  ],
  [
    'the vault is gone',
    vaultWith([], {
      responses: {
        'backup:DescribeBackupVault@destination': { error: 'ResourceNotFoundException' },
        'backup:ListBackupVaults@destination': { BackupVaultList: [] },
      },
    }),
    'open',
  ],
])('of an incident, when %s', (_, evidence, expected) => {
  expect(stand(evidence)).toBe(expected);
});

it('needs every cause of an incident to be gone', () => {
  const both = { ...incident, causes: [...incident.causes, 'vault-policy-denies', 'destination-vault-missing'] };
  expect(causesStand(both, diagnose(vaultWith([ours])))).toBe('gone');
  const other = { ...incident, causes: [...incident.causes, 'uncatalogued'] };
  expect(causesStand(other, diagnose(vaultWith([ours])))).toBe('open');
});
