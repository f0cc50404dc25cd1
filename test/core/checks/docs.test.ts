import { readdirSync, readFileSync } from 'node:fs';
import { checks } from '../../../lambda/core/checks';
import { CAUSE_IDS } from '../../../lambda/core/cause-ids';
import { evidenceOf, type Overrides } from '../evidence-fixture';

const HEADINGS = ['What it means', 'Example', 'The fix', 'Fix safety', 'When this check is wrong', 'References'];

it('has one page per check, and no others', () => {
  expect(readdirSync('docs/checks').sort()).toEqual(checks.map(({ id }) => `${id}.md`).sort());
});

it('knows each id once, from the list of causes', () => {
  const ids: string[] = checks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !(CAUSE_IDS as readonly string[]).includes(id))).toEqual([]);
});

describe.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
  const page = readFileSync(`docs/checks/${id}.md`, 'utf8');

  it('opens with its title', () => expect(page.startsWith(`# ${id}\n\n> ${check.title}.\n`)).toBe(true));

  it('has the standard headings, in order, each with text', () => {
    expect([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual(HEADINGS);
    for (const part of page.split(/^## .+$/m).slice(1)) expect(part.trim().length).toBeGreaterThan(20);
  });

  it('links to a source of its facts', () => expect(page).toMatch(/https:\/\/docs\.aws\.amazon\.com\//));

  const examples = [...page.matchAll(/```json (fault|ok|unknown|not-applicable)\n([\s\S]*?)```/g)];
  it('has a failing and another example', () => expect(examples.length).toBeGreaterThanOrEqual(2));

  it.each(examples.map(([, status, json]) => [status, json] as const))('its example is %s', (status, json) => {
    const overrides = JSON.parse(json ?? '') as Overrides;
    expect(check.evaluate(evidenceOf(overrides)).status).toBe(status);
  });
});
