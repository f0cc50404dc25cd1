import type { Evidence } from '../../../lambda/core/evidence';
import { planAgain, withLivePolicy } from '../../../lambda/core/plan/plan-again';
import type { Plan } from '../../../lambda/core/plan/plan';
import { DESTINATION_VAULT, policyText, SOURCE, SOURCE_KEY } from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, planFor, vaultWith } from './fixture';

const SETTINGS = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };

/** Plans from the evidence of then, and once more with the policy of now. */
function again(evidence: Evidence, now: (plan: Plan) => string | undefined, settings = SETTINGS) {
  const plan = planFor(evidence, SETTINGS);
  const { kind, resource } = plan;
  return { plan, result: planAgain(withLivePolicy(evidence, kind, resource, now(plan)), plan, settings) };
}
const textOf = (document: unknown) => JSON.stringify(document);
const vault = vaultWith([AUDIT]);
const key = keyWith(ownerOnly);

it.each<[string, Evidence, (plan: Plan) => string | undefined]>([
  ['the vault policy of then', vault, ({ before }) => textOf(before)],
  ['the vault policy of then, written in other words', vault, () => policyText({ ...AUDIT, Action: [AUDIT.Action] })],
  ['no vault policy, as then', vaultWith([]), () => undefined],
  ['the key policy of then', key, ({ before }) => textOf(before)],
])('with %s it is the same plan', (_, evidence, now) => {
  const { plan, result } = again(evidence, now);
  expect(result).toMatchObject({ outcome: 'planned', plan: { hash: plan.hash } });
});

it.each<[string, Evidence, (plan: Plan) => string | undefined]>([
  ['a statement has come', vault, () => policyText(AUDIT, KEEP)],
  ['the policy was deleted', vault, () => undefined],
  ['a policy has come', vaultWith([]), () => policyText(AUDIT)],
  ['half of the key policy is there', key, ({ after }) => policyText(...after.Statement.slice(0, -1))],
])('when %s it is another plan', (_, evidence, now) => {
  const { plan, result } = again(evidence, now);
  if (result.outcome !== 'planned') throw new Error(JSON.stringify(result));
  expect(result.plan.hash).not.toBe(plan.hash);
});

it.each<[string, Evidence, (plan: Plan) => string | undefined]>([
  ['the planned vault policy', vault, ({ after }) => textOf(after)],
  ['the planned key policy', key, ({ after }) => textOf(after)],
  ['what somebody wrote in other words', vault, ({ added }) => policyText(KEEP, { ...added[0], Sid: 'Mine' })],
  [
    'the planned policy of one of several keys',
    keyWith(ownerOnly, { detail: { resourceType: 'EC2' } }),
    ({ after }) => textOf(after),
  ],
])('with %s nothing is left to do', (_, evidence, now) =>
  expect(again(evidence, now).result).toEqual({ outcome: 'in-place' }),
);

it.each<[string, Evidence, (plan: Plan) => string | undefined, RegExp]>([
  [
    'a Deny has come',
    vault,
    () => policyText(AUDIT, { ...AUDIT, Effect: 'Deny', Principal: '*', Sid: 'No' }),
    /"No" .* denies the copy/,
  ],
  [
    'a Deny has come beside our statement',
    vault,
    ({ after }) => policyText(...after.Statement, { ...AUDIT, Effect: 'Deny', Principal: '*', Sid: 'No' }),
    /vault-policy-denies/,
  ],
  ['the policy is not JSON', vault, () => '{', /no policy change is planned for it: .*not JSON/],
  ['the key policy cannot be read', key, () => undefined, /gives no verdict/],
  [
    'a principal is gone',
    vault,
    () => policyText({ ...AUDIT, Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } }),
    /no longer/,
  ],
])('when %s it is refused', (_, evidence, now, reason) => {
  const { result } = again(evidence, now);
  expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
});

it('is refused when the settings no longer name the vault', () => {
  const { result } = again(vault, ({ before }) => textOf(before), { ...SETTINGS, destinations: [] });
  expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not on the list') });
});

it('is refused when the evidence is about something else, or the incident names no such cause', () => {
  const other = { kind: 'vault-policy' as const, resource: `${DESTINATION_VAULT}-2`, causes: [] };
  expect(planAgain(vault, other, SETTINGS)).toMatchObject({ outcome: 'refused' });
  const none = { kind: 'key-policy' as const, resource: SOURCE_KEY, causes: [] };
  expect(planAgain(vaultWith([]), none, SETTINGS)).toMatchObject({ outcome: 'refused' });
  const unknown = { ...none, causes: ['no-such-check'] };
  expect(planAgain(vaultWith([]), unknown, SETTINGS)).toMatchObject({ outcome: 'refused' });
});

it('puts the policy where it is looked up, however the evidence was keyed', () => {
  for (const at of ['', '@source', `@${SOURCE}/eu-west-1`, `@${SOURCE}/eu-west-1#${SOURCE_KEY}`]) {
    const stored = keyWith(ownerOnly);
    const { ['kms:GetKeyPolicy@source']: answer, ...rest } = stored.responses;
    const keyed: Evidence = { ...stored, responses: { ...rest, [`kms:GetKeyPolicy${at}`]: answer ?? {} } };
    expect(again(keyed, ({ after }) => textOf(after)).result).toEqual({ outcome: 'in-place' });
  }
});
