import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readCaseFile } from '../../lambda/core/case-file';
import { reportOn } from '../../lambda/core/report';

const READ_AT = '2026-06-01T10:16:00Z';
const names = readdirSync('test/cases')
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5));

/** Whole failures and the mail that each must give. `UPDATE_PAGES=1` writes the mails anew: read them before you commit. */
describe.each(names)('case %s', (name) => {
  const evidence = readCaseFile(JSON.parse(readFileSync(`test/cases/${name}.json`, 'utf8')));
  if (!evidence.ok) throw new Error(evidence.reason);
  const { mail } = reportOn(evidence.value, READ_AT);
  const text = `Subject: ${mail.subject}\n\n${mail.body}`;

  it('gives its mail', () => {
    if (process.env['UPDATE_PAGES']) writeFileSync(`test/cases/${name}.txt`, text);
    expect(text).toBe(readFileSync(`test/cases/${name}.txt`, 'utf8'));
  });

  it('has a subject that SNS takes', () => {
    expect(mail.subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(mail.subject).toMatch(/^\[(Action|Drill)\] /);
  });

  it('prints commands that npx cannot fetch from elsewhere', () => {
    const commands = text.match(/.*copy-doctor (diagnose|explain|drill).*/g) ?? [];
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) expect(line).toContain('npx --no-install copy-doctor');
  });
});

it('the mail in the README is the one that the case gives', () => {
  const shown = /```text mail\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];
  expect(shown).toBe(readFileSync('test/cases/vault-policy-lacks-source.txt', 'utf8'));
});
