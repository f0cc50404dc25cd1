import fc from 'fast-check';
import { keepsAll } from '../../../lambda/core/plan/extend-policy';
import type { PlanKind } from '../../../lambda/core/plan/plan';
import { planAgain, withLivePolicy, type Subject } from '../../../lambda/core/plan/plan-again';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { DESTINATION_VAULT, KEY_STATEMENTS, SOURCE_KEY } from '../evidence-fixture';
import { AUDIT, keyWith, ownerOnly, plansFor, vaultWith } from './fixture';
import { policy, rewritten } from './random-policy';
import { runs } from '../soak';

const SETTINGS = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };
const STORED = { 'vault-policy': vaultWith([AUDIT]), 'key-policy': keyWith(ownerOnly) };
const SUBJECT: Readonly<Record<PlanKind, Subject>> = {
  'vault-policy': { kind: 'vault-policy', resource: DESTINATION_VAULT, causes: ['vault-policy-lacks-source'] },
  'key-policy': {
    kind: 'key-policy',
    resource: SOURCE_KEY,
    causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
  },
};
const again = (kind: PlanKind, document: PolicyDocument, subject = SUBJECT[kind]) =>
  planAgain(withLivePolicy(STORED[kind], kind, subject.resource, JSON.stringify(document)), subject, SETTINGS);

/** A key policy that nobody can change is never planned: most would be refused. */
const documents: Readonly<Record<PlanKind, fc.Arbitrary<PolicyDocument>>> = {
  'vault-policy': policy,
  'key-policy': policy.map(({ Statement: statements, ...rest }) => ({
    ...rest,
    Statement: [...statements, KEY_STATEMENTS.owner as Statement],
  })),
};

describe.each<PlanKind>(['vault-policy', 'key-policy'])('planning a %s again from a random live policy', (kind) => {
  it('gives the plan that a new diagnosis gives, which keeps all and leaves nothing to do', () => {
    let planned = 0;
    fc.assert(
      fc.property(documents[kind], (document) => {
        const result = again(kind, document);
        if (result.outcome !== 'planned') return;
        planned += 1;
        const { plan } = result;
        expect(plan.before).toEqual(document);
        expect(keepsAll(document, plan.after)).toBe(true);
        const fresh = plansFor(
          kind === 'vault-policy' ? vaultWith(document.Statement) : keyWith(document.Statement),
          SETTINGS,
        ).find((one) => one.ok && one.plan.kind === kind);
        expect(fresh?.ok && fresh.plan.added).toEqual(plan.added);
        // Of what this plan cures: what cannot be judged before it cannot be judged after it.
        expect(again(kind, plan.after, plan)).toEqual({ outcome: 'in-place' });
      }),
      { numRuns: runs(kind === 'vault-policy' ? 70 : 25) },
    );
    expect(planned).toBeGreaterThan(5);
  });

  it('answers the same for the same document in other words', () => {
    fc.assert(
      fc.property(documents[kind], fc.integer(), (document, seed) => {
        const [one, other] = [again(kind, document), again(kind, rewritten(document, seed))];
        expect(other.outcome).toBe(one.outcome);
        if (one.outcome === 'planned' && other.outcome === 'planned') expect(other.plan.hash).toBe(one.plan.hash);
      }),
      { numRuns: runs(kind === 'vault-policy' ? 40 : 15) },
    );
  });

  it('never throws, whatever stands where a policy should', () => {
    const subject = SUBJECT[kind];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const evidence = withLivePolicy(STORED[kind], kind, subject.resource, text);
        expect(planAgain(evidence, subject, SETTINGS).outcome).toBe('refused');
      }),
      { numRuns: runs(60) },
    );
  });
});
