import fc from 'fast-check';
import type { Plan } from '../../../lambda/core/plan/plan';
import { planHash } from '../../../lambda/core/plan/plan-fix';
import { planRollback } from '../../../lambda/core/plan/rollback-plan';
import type { PolicyDocument, Statement } from '../../../lambda/core/policy/policy';
import { DESTINATION_VAULT, SOURCE } from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, planFor, THIRD, vaultWith } from './fixture';

const plan = planFor(vaultWith([AUDIT, KEEP]));
const [ours] = plan.added as [Statement];
const audit = AUDIT as Statement;
const keep = KEEP as unknown as Statement;
const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const back = (live: PolicyDocument | null | undefined, of: Plan = plan) => planRollback(live, of);
const planned = (live: PolicyDocument, of?: Plan): Plan => {
  const result = back(live, of);
  if (!result.ok) throw new Error(result.reason);
  return result.plan;
};
const refused = (live: PolicyDocument | null | undefined, of?: Plan) => {
  const result = back(live, of);
  if (result.ok) throw new Error('it is planned');
  return result;
};

it('removes what was added, and leaves everything else as it is and where it is', () => {
  const live = { ...policy(audit, keep, ours), Id: 'theirs' };
  const result = planned(live);
  expect(result.before).toBe(live);
  expect(result.after).toEqual({ Version: '2012-10-17', Statement: [audit, keep], Id: 'theirs' });
  expect(result).toMatchObject({ added: [], removed: [ours], permits: [], doesNotPermit: [], warnings: [] });
  expect(result.hash).toBe(planHash(plan.resource, live, result.after, plan.partition));
  expect(result.diff).toContain(`-      "Sid": "${ours.Sid}"`);
  expect(result.diff.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'))).toEqual([]);
  expect(result.undo).toBe(`Put statement "CopyDoctorAllowCopyFrom${SOURCE}" back.`);
});

it('finds it wherever it was moved to, and in whatever form it is written', () => {
  expect(planned(policy(ours, audit, keep)).after.Statement).toEqual([audit, keep]);
  const form: Statement = { ...ours, Principal: { AWS: [SOURCE] }, Action: ['backup:copyintobackupvault'] };
  expect(planned(policy(audit, form)).removed).toEqual([form]);
});

it('keeps what others have added since', () => {
  const more: Statement = { ...audit, Sid: 'Later', Principal: { AWS: `arn:aws:iam::${THIRD}:role/Audit` } };
  expect(planned(policy(more, audit, ours, keep)).after.Statement).toEqual([more, audit, keep]);
});

it.each<[string, PolicyDocument | undefined, RegExp]>([
  ['was changed', policy(audit, { ...ours, Resource: `${DESTINATION_VAULT}` }), /was changed by somebody else/],
  [
    'has a condition by now',
    policy(audit, { ...ours, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    /was changed/,
  ],
  ['was renamed', policy(audit, { ...ours, Sid: 'Theirs' }), /was renamed: .*"Theirs" \(statement 2\)/],
  [
    'lost its Sid',
    policy(audit, { ...ours, Sid: undefined } as unknown as Statement),
    /was renamed: .*statement 2 \(it has no Sid\)/,
  ],
  ['is there twice', policy(audit, ours, ours), /twice/],
  [
    'is the only one that is left',
    policy(ours),
    /aws backup delete-backup-vault-access-policy --region eu-west-1 --backup-vault-name dr/,
  ],
  ['cannot be read', undefined, /cannot be read/],
  [
    'stands beside one that AWS would not store again',
    policy({ ...audit, Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } }, ours),
    /AWS does not take/,
  ],
])('removes nothing where the statement %s', (_, live, reason) => {
  expect(refused(live)).toEqual({ ok: false, gone: false, reason: expect.stringMatching(reason) });
});

it.each<[string, PolicyDocument | null]>([
  ['there is no policy', null],
  ['others are there', policy(audit, keep)],
])('has nothing to remove where %s', (_, live) => {
  expect(refused(live)).toMatchObject({ gone: true });
});

it('warns that another statement gives the same', () => {
  const [warning] = planned(policy(audit, ours, { ...ours, Sid: 'Theirs' })).warnings;
  expect(warning).toMatch(/^Account 1{12} can copy into the vault afterwards too: "Theirs" \(statement 3\)/);
});

it.each<[number | undefined, RegExp]>([
  [undefined, /^How many copies .* cannot be told/],
  [0, /^No copy of account 1{12} into dr completed since 2026-06-01/],
  [1, /^1 copy of account 1{12} into dr completed .* may rely on this/],
  [12, /^12 copies of account/],
])('says what may rely on it: %s copies, which its hash is not about', (copies, words) => {
  const live = policy(audit, ours);
  const result = planRollback(live, plan, { at: '2026-06-01T00:00:00.000Z', copies });
  if (!result.ok) throw new Error(result.reason);
  expect(result.plan.warnings).toEqual([expect.stringMatching(words)]);
  expect(result.plan.hash).toBe(planned(live).hash);
});

it('asked for again it has another hash, whatever else is the same', () => {
  const live = policy(audit, ours);
  const hashes = ['2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.001Z'].map((askedAt) => {
    const result = planRollback(live, { ...plan, askedAt });
    return result.ok && result.plan.hash;
  });
  expect(new Set([...hashes, planned(live).hash]).size).toBe(3);
});

describe('a kept plan that was altered removes nothing', () => {
  const rehashed = (more: Partial<Plan>): Plan => {
    const altered = { ...plan, ...more };
    const { resource, before, after, partition } = altered;
    return { ...altered, hash: planHash(resource, before, after, partition) };
  };
  it.each<[string, Plan]>([
    ['another hash', { ...plan, hash: 'f'.repeat(64) }],
    ['other documents', { ...plan, after: policy(audit) }],
    ['a Deny as what was added', rehashed({ before: policy(audit), after: policy(audit, keep), added: [keep] })],
    ["others' Allow as what was added", rehashed({ before: policy(keep), after: policy(keep, audit) })],
    ['their Sid', rehashed({ before: policy(keep), after: policy(keep, { ...ours, Sid: 'Theirs' }) })],
    ['no Sid but a number', rehashed({ before: policy(keep), after: policy(keep, { ...ours, Sid: '7' }) })],
    ['nothing added', rehashed({ before: policy(audit), after: policy(audit) })],
    ['something removed', rehashed({ before: policy(audit, keep), after: policy(audit, ours) })],
    ['an old statement replaced', rehashed({ before: policy(audit, keep), after: policy(audit, audit, ours) })],
    ['another owner', { ...plan, owner: THIRD }],
    ['another Region', { ...plan, region: 'us-east-1' }],
    ['another grantee', { ...plan, grantee: THIRD }],
    ['a key', planFor(keyWith(ownerOnly))],
  ])('%s', (_, altered) => {
    const live = policy(audit, keep, ours, { ...ours, Sid: 'Theirs' });
    expect(refused(live, altered)).toMatchObject({ gone: false, reason: expect.stringMatching(/not a change that/) });
  });

  it('but a Sid with a number is ours: the name was taken', () => {
    const taken: Statement = { ...audit, Sid: ours.Sid as string };
    const numbered = planFor(vaultWith([taken]));
    expect(planned(numbered.after, numbered).after.Statement).toEqual([taken]);
  });
});

it('whatever the others are: they stay, in their order, and nothing comes', () => {
  const other = fc.record({ kind: fc.constantFrom(audit, keep), sid: fc.string({ minLength: 1, maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(other, { minLength: 1, maxLength: 6 }), fc.nat(6), (others, at) => {
      const theirs = others.map(({ kind, sid }, index) => ({ ...kind, Sid: `${sid}${index}` }));
      const live = policy(...theirs.slice(0, at), ours, ...theirs.slice(at));
      expect(planned(live).after.Statement).toEqual(theirs);
    }),
  );
});
