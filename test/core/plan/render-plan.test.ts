import { diffForMail, renderPlan, type PlanForm } from '../../../lambda/core/plan/render-plan';
import { DESTINATION_VAULT } from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, planFor, vaultWith } from './fixture';

const FORMS: readonly PlanForm[] = ['cli', 'cdk', 'cfn', 'terraform'];
const plans = {
  vault: planFor(vaultWith([AUDIT, KEEP])),
  'new vault policy': planFor(vaultWith([])),
  key: planFor(keyWith(ownerOnly)),
};

describe.each(Object.entries(plans))('%s', (_, plan) => {
  it.each(FORMS)('as %s', (as) => expect(renderPlan(plan, as)).toMatchSnapshot());

  it.each(FORMS)('as %s has nothing to fill in', (as) => {
    const text = renderPlan(plan, as);
    expect(text).not.toMatch(/<[a-z-]+>|undefined|\[object|TODO|\.\.\./i);
    for (const { Sid } of plan.added) expect(text).toContain(Sid);
  });
});

it('puts the whole document on the command line, quoted for the shell', () => {
  const quoted = { ...AUDIT, Sid: "It's" };
  const plan = planFor(vaultWith([quoted]));
  const policy = /--policy '(.*)'$/m.exec(renderPlan(plan, 'cli'))?.[1]?.replaceAll(String.raw`'\''`, "'");
  expect(JSON.parse(policy ?? '')).toEqual(plan.after);
});

it('keeps policy variables from Terraform', () => {
  const plan = planFor(vaultWith([{ ...KEEP, Resource: 'arn:aws:backup:*:*:recovery-point:${aws:username}' }]));
  expect(renderPlan(plan, 'terraform')).toContain('$${aws:username}');
});

it("keeps others' texts from breaking out of a comment or a line", () => {
  const plan = { ...plans.vault, resource: `${DESTINATION_VAULT}\nrm\u2028rf` };
  for (const as of ['cdk', 'cfn', 'terraform'] as const) expect(renderPlan(plan, as)).not.toMatch(/^rm|\u2028/m);
});

it('shows what is invisible in a policy, and writes the same policy', () => {
  const plan = planFor(vaultWith([{ ...AUDIT, Sid: 'a\u202eb' }]));
  for (const text of [...FORMS.map((as) => renderPlan(plan, as)), plan.diff, diffForMail(plan)]) {
    expect(text).not.toContain('\u202e');
  }
  expect(renderPlan(plan, 'cli')).toContain(String.raw`a\u202eb`);
});

describe('the diff for a mail', () => {
  const { vault } = plans;
  it('is whole where it is short', () => expect(diffForMail(vault)).toBe(vault.diff.trimEnd()));
  it('says how much is cut', () => {
    const all = vault.diff.trimEnd().split('\n');
    const cut = diffForMail(vault, 6).split('\n');
    expect(cut).toHaveLength(6);
    expect(cut.at(-1)).toBe(`… and ${all.length - 5} more lines`);
  });
});
