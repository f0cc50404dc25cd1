import { diagnose } from '../../../lambda/core/diagnose';
import { appliesUnasked } from '../../../lambda/core/incident/auto';
import { proposalsOf } from '../../../lambda/core/incident/proposals';
import type { Plan, PlanSettings } from '../../../lambda/core/plan/plan';
import { DESTINATION_VAULT, KEY_STATEMENTS, policyText, type Overrides } from '../evidence-fixture';
import { AUDIT, planFor, plansFor, vaultWith } from '../plan/fixture';

const settings: PlanSettings = {
  destinations: [DESTINATION_VAULT],
  keyGrantee: 'role',
  autoApply: [DESTINATION_VAULT],
};
const judge = (overrides: Overrides = {}, with_: PlanSettings = settings, more: Partial<Plan> = {}) => {
  const evidence = vaultWith([AUDIT], overrides);
  return appliesUnasked(evidence, diagnose(evidence), { ...planFor(vaultWith([AUDIT])), ...more }, with_);
};
const proposal = (overrides: Overrides = {}, with_: PlanSettings = settings) => {
  const evidence = vaultWith([AUDIT], overrides);
  return proposalsOf(evidence, diagnose(evidence), with_).find((one) => one.proposal.kind === 'vault-policy')?.proposal;
};

it('needs no question where the settings name the vault and all is proven', () => {
  expect(judge()).toEqual({ ok: true });
  expect(judge({}, { ...settings, vaultPolicy: 'approve' })).toEqual({ ok: true });
  expect(proposal()).toMatchObject({ auto: true, applies: 'service', ask: true });
});

const unread = { error: 'AccessDeniedException', message: 'no' };
const organization = (Id: string) => ({ Organization: { Id, MasterAccountId: '999999999999' } });

it.each<[string, RegExp, Overrides, Partial<PlanSettings>]>([
  ['the setting names nothing', /does not name/, {}, { autoApply: undefined }],
  ['the setting names another vault', /does not name/, {}, { autoApply: [`${DESTINATION_VAULT}-2`] }],
  ['vault policies are only told about', /told about/, {}, { vaultPolicy: 'notify' }],
  [
    "the source's organization was not read",
    /not both read as members/,
    { responses: { 'organizations:DescribeOrganization@source': unread } },
    {},
  ],
  [
    "the destination's organization was not read",
    /not both read as members/,
    { responses: { 'organizations:DescribeOrganization@destination': unread } },
    {},
  ],
  [
    'one account is in no organization',
    /not both read as members/,
    { responses: { 'organizations:DescribeOrganization@source': { error: 'AWSOrganizationsNotInUseException' } } },
    {},
  ],
  [
    'they are in different ones',
    // Then the cause is mended by hand, and its confidence says nothing.
    /not both read as members/,
    {
      responses: {
        'organizations:DescribeOrganization@source': organization('o-aaaaaaaaaa'),
        'organizations:DescribeOrganization@destination': organization('o-bbbbbbbbbb'),
      },
    },
    {},
  ],
  ['the record of the copy job was not read', /not confirmed/, { responses: { 'backup:DescribeCopyJob': unread } }, {}],
  [
    'the cause is gone',
    /not confirmed/,
    {
      responses: {
        'backup:GetBackupVaultAccessPolicy@destination': {
          Policy: policyText({ ...AUDIT, Principal: { AWS: '111111111111' } }),
        },
      },
    },
    {},
  ],
  [
    'the policy was not read',
    /not confirmed/,
    { responses: { 'backup:GetBackupVaultAccessPolicy@destination': unread } },
    {},
  ],
])('asks where %s', (_, because, overrides, more) => {
  const with_ = { ...settings, ...more };
  expect(judge(overrides, with_)).toEqual({ ok: false, because: expect.stringMatching(because) });
  expect(proposal(overrides, with_)?.auto).toBeUndefined();
});

it.each<[string, RegExp, Partial<Plan>]>([
  ['a key policy', /by its owner alone/, { kind: 'key-policy' }],
  ['a plan without causes', /names no cause/, { causes: [] }],
  ['a plan with one more cause', /"another" is not confirmed/, { causes: ['vault-policy-lacks-source', 'another'] }],
  ['a plan with a warning', /carries a warning: Look out/, { warnings: ['Look out.'] }],
  ['a plan for another account', /another copy/, { grantee: '333333333333' }],
  ['a plan for another vault that is named too', /another copy/, { resource: `${DESTINATION_VAULT}-2` }],
])('asks for %s', (_, because, more) => {
  const named = { ...settings, autoApply: [DESTINATION_VAULT, more.resource ?? DESTINATION_VAULT] };
  expect(judge({}, named, more)).toEqual({ ok: false, because: expect.stringMatching(because) });
});

it('asks where the cause is only likely', () => {
  const evidence = vaultWith([AUDIT]);
  const diagnosis = diagnose(evidence);
  const causes = diagnosis.causes.map((cause) => ({ ...cause, confidence: 'likely' as const }));
  const plan = planFor(evidence);
  expect(appliesUnasked(evidence, { ...diagnosis, causes }, plan, settings).ok).toBe(false);
  const byMessage = diagnosis.causes.map((cause) => ({ ...cause, byMessageOnly: true }));
  expect(appliesUnasked(evidence, { ...diagnosis, causes: byMessage }, plan, settings).ok).toBe(false);
});

it('never marks a key policy, whatever the settings name', () => {
  const key = { 'kms:GetKeyPolicy@source': { Policy: policyText(KEY_STATEMENTS.owner) } };
  const evidence = vaultWith([{ ...AUDIT, Principal: { AWS: '111111111111' } }], { responses: key });
  const [planned] = plansFor(evidence, settings);
  const [one] = proposalsOf(evidence, diagnose(evidence), {
    ...settings,
    autoApply: [planned?.ok ? planned.plan.resource : ''],
  });
  expect(one?.proposal).toMatchObject({ kind: 'key-policy', applies: 'owner' });
  expect(one?.proposal.auto).toBeUndefined();
});

it('nothing is carried out for a copy that AWS never makes, and its incident is not that of the others', () => {
  const resourceArn = 'arn:aws:cloudformation:eu-west-1:111111111111:stack/orders/1';
  const ofStack = proposal({ detail: { resourceType: 'CloudFormation', resourceArn } });
  expect(ofStack).toMatchObject({ ask: false, refused: expect.stringContaining('does not copy CloudFormation') });
  expect([ofStack?.auto, ofStack?.planHash]).toEqual([undefined, undefined]);
  expect(ofStack?.id).not.toBe(proposal()?.id);
});
