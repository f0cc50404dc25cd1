import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { CAUSE_IDS, type CauseId } from '../../../lambda/core/cause-ids';
import { causes, checks } from '../../../lambda/core/checks';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import { scenarios } from '../../sandbox/demo/scenarios';
import { evidenceOf, type Overrides } from '../evidence-fixture';

const HEADINGS = ['What it means', 'Example', 'The fix', 'Fix safety', 'When this check is wrong', 'References'];

/** Causes without a scenario, each with what keeps the sandbox from making it. */
const NO_STATE: Partial<Record<CauseId, string>> = {
  'rds-option-group-missing': 'no read shows option groups',
  'marketplace-image': 'no read shows product codes',
  'snapshot-not-shared': 'what closed the snapshot is over when the copy has failed',
  'copy-concurrency-limit': 'AWS does not say how it counts',
  'service-quota-reached': 'AWS does not say in which account it counts',
  'job-window-expired': 'the plan is not read',
  'aws-internal-error': 'the fault is in AWS',
};

describe('every cause', () => {
  const ids: readonly string[] = causes.map(({ id }) => id);

  it('is listed, once, in the order to mend', () => expect(ids).toEqual(CAUSE_IDS));
  it('has one page, and there are no others', () =>
    expect(readdirSync('docs/checks').sort()).toEqual(ids.map((id) => `${id}.md`).sort()));
  it.each(ids)('%s has a table', (id) => expect(existsSync(`test/core/checks/${id}.test.ts`)).toBe(true));

  const played = new Set<string>(scenarios.flatMap(({ expected }) => expected.map(({ id }) => id)));
  it.each(CAUSE_IDS)('%s has a scenario, or a reason for none', (id) => {
    expect([id, played.has(id)]).toEqual([id, NO_STATE[id] === undefined]);
  });
});

/** `uncatalogued` has no check: a diagnosis tells it or not. */
function statusOf(id: string, evidence: Evidence): string {
  const check = checks.find((one) => one.id === id);
  if (check) return check.evaluate(evidence).status;
  return diagnose(evidence).causes.some((cause) => cause.id === id) ? 'fault' : 'not-applicable';
}

describe.each(causes.map((cause) => [cause.id, cause] as const))('%s', (id, { title }) => {
  const page = readFileSync(`docs/checks/${id}.md`, 'utf8');

  it('opens with its title', () => expect(page.startsWith(`# ${id}\n\n> ${title}.\n`)).toBe(true));

  it('has the standard headings, in order, each with text', () => {
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    for (const part of page.split(/^## .+$/m).slice(1)) expect(part.trim().length).toBeGreaterThan(20);
  });

  it('shows no command with a name in angle brackets, which a shell takes for a redirection', () => {
    const commands = page.match(/^(?:aws|npx) .*$|`(?:aws|npx) [^`]*`/gm) ?? [];
    for (const command of commands) expect(command.replace(/'[^']*'/g, '')).not.toContain('<');
  });

  it('links to a source of its facts', () => expect(page).toMatch(/https:\/\/docs\.aws\.amazon\.com\//));

  const examples = [...page.matchAll(/```json (fault|ok|unknown|not-applicable)\n([\s\S]*?)```/g)];
  it('has a failing and another example', () => expect(examples.length).toBeGreaterThanOrEqual(2));

  it.each(examples.map(([, status, json]) => [status, json] as const))('its example is %s', (status, json) => {
    expect(statusOf(id, evidenceOf(JSON.parse(json ?? '') as Overrides))).toBe(status);
  });
});

describe.each(
  checks.flatMap(({ id, title, stepsByMessage }) => (stepsByMessage ? [{ id, title, stepsByMessage }] : [])),
)('$id, told by a message alone', ({ title, stepsByMessage }) => {
  const { copy } = diagnose(evidenceOf());
  const nameless = { ...copy, recoveryPointArn: undefined, resourceArn: undefined, roleArn: undefined };

  it.each([
    ['with every name', copy],
    ['with few names', { ...nameless, resourceType: undefined, statusMessage: undefined }],
  ])('has steps that begin like a sentence and blame nobody, %s', (_, known) => {
    const steps = stepsByMessage(known);
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      expect(step).toMatch(/^[A-Z][a-z]+ /);
      expect(step).not.toMatch(/undefined|\[object|NaN/);
    }
    expect([title, ...steps].join(' ')).not.toMatch(
      /!|\b(?:illegal|misconfigured|insufficient|simply|just|please|we)\b/i,
    );
  });
});
