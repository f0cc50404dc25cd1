import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readCaseFile } from '../../lambda/core/case-file';
import type { PlanSettings } from '../../lambda/core/plan/plan';
import { renderTelling } from '../../lambda/core/render/incident-mail';
import { contextOf, incidentsOf, settingsOf, storedOf } from './render/fixture';

const names = readdirSync('test/cases')
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));

/**
 * Whole failures and the mail that a deployment sends for each. `UPDATE_PAGES=1` writes the mails anew: read them
 * before you commit.
 */
describe.each(names)('case %s', (name) => {
  const document = JSON.parse(readFileSync(`test/cases/${name}.json`, 'utf8')) as { settings?: Partial<PlanSettings> };
  const evidence = readCaseFile(document);
  if (!evidence.ok) throw new Error(evidence.reason);
  const told = incidentsOf(evidence.value, settingsOf(evidence.value, document.settings));
  const { mail } = renderTelling('opened', told, storedOf(evidence.value), contextOf(evidence.value));
  const text = `Subject: ${mail.subject}\n\n${mail.body}`;

  it('gives its mail', () => {
    if (process.env['UPDATE_PAGES']) writeFileSync(`test/cases/${name}.txt`, text);
    expect(text).toBe(readFileSync(`test/cases/${name}.txt`, 'utf8'));
  });

  it('has a subject that SNS takes', () => {
    expect(mail.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(mail.subject).toMatch(/^\[(Approve|Action|Drill)\] /);
  });

  it('prints commands that npx cannot fetch from elsewhere', () => {
    const commands = text.match(/.*copy-doctor [a-z]+ .*/g) ?? [];
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) expect(line).toContain('npx --no-install copy-doctor');
  });
});

it('the mail in the README is the one that the case gives', () => {
  const shown = /```text mail\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
  expect(shown).toBe(readFileSync('test/cases/vault-policy-lacks-source.txt', 'utf8'));
});
