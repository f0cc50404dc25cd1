import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../../../lambda/core/plan/plan';
import { arg as shellArg } from '../../../lambda/core/text/en/policy-words';
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

describe('pasted into a shell', () => {
  const other = { Sid: 'Later', Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444444444444:root' } } as const;
  const pretty = (plan: Plan) => JSON.stringify(plan.before, null, 2);
  const later = (plan: Plan) =>
    JSON.stringify({ ...plan.before, Statement: [...(plan.before?.Statement ?? []), other] });

  it.each<[string, Plan, string, boolean]>([
    ['the vault policy as it was read', plans.vault, pretty(plans.vault), true],
    ['a vault policy with one more statement', plans.vault, later(plans.vault), false],
    ['a vault policy that cannot be read', plans.vault, '', false],
    ['no vault policy', plans['new vault policy'], 'ResourceNotFoundException', true],
    ['a vault policy that is new', plans['new vault policy'], later(plans['new vault policy']), false],
    ['no vault policy that can be read', plans['new vault policy'], 'AccessDeniedException', false],
    ['the key policy as it was read', plans.key, pretty(plans.key), true],
    ['a key policy with one more statement', plans.key, later(plans.key), false],
  ])('puts the policy only where it replaces what was diagnosed: %s', (_, plan, live, put) => {
    const folder = mkdtempSync(join(tmpdir(), 'render-plan-'));
    const fails = live === '' || /Exception$/.test(live);
    // In place of the AWS CLI: the live policy, and what is put.
    const aws = fails ? `get-*) echo ${shellArg(live)} >&2; return 254;;` : `get-*) printf '%s\\n' ${shellArg(live)};;`;
    const fake = `aws() { case "$2" in ${aws} put-*) for word; do :; done; printf 'PUT %s' "$word";; esac; }`;
    const ran = spawnSync('sh', ['-c', `${fake}\n${renderPlan(plan, 'cli')}`], { cwd: folder, encoding: 'utf8' });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe(put ? `PUT ${JSON.stringify(plan.after)}` : '');
    expect(ran.stderr.includes('Not changed: ')).toBe(!put);
    rmSync(folder, { recursive: true });
  });
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
