import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cli } from './bin/cli-harness';

const COMMANDS = [
  'apply',
  'approve',
  'backfill',
  'checks',
  'diagnose',
  'drill',
  'explain',
  'incidents',
  'reject',
  'resource-types',
  'rollback',
  'show',
  'unknown-messages',
] as const;

/** A command of its own, also one that is put together (`${`) or wrapped, without what keeps npx from fetching it. */
const BARE = new RegExp(
  `(?<!npx\\s+--no-install\\s+)copy-doctor\\s+(?:(?:${COMMANDS.join('|')}|help)\\b|--\\w|\\$\\{)[^\\n]*`,
  'g',
);

const bareIn = (text: string): readonly string[] => text.match(BARE) ?? [];

const filesIn = (pattern: RegExp, ...folders: readonly string[]) =>
  folders
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
    .filter((name) => pattern.test(name));

/** What is printed: sources without their comments, pages, and mails and screens as tests keep them. */
const printed = [
  ...filesIn(/\.(ts|mjs)$/, 'lambda', 'lib', 'bin'),
  ...filesIn(/\.md$/, 'docs'),
  ...filesIn(/\.(snap|txt)$/, 'test/core', 'test/bin', 'test/cases'),
  ...['README.md', 'SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md'],
];

test('the pattern knows every command', async () => {
  const { stdout } = await cli('--help');
  const [, list = ''] = /\nCommands:\n([^]*?)\n\n/.exec(stdout) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name);
  expect(names.filter((name) => name !== 'help').sort()).toEqual(COMMANDS);
});

test.each([
  ...COMMANDS.map((name) => `Run: copy-doctor ${name} X`),
  'copy-doctor --help',
  'npx copy-doctor drill',
  'npx  copy-doctor\n  show X',
  'npx --no-install other copy-doctor show X',
  '`copy-doctor ${command}`',
])('%j is found', (text) => {
  expect(bareIn(`before\n${text}\nafter`)).toHaveLength(1);
});

test.each([
  ...COMMANDS.map((name) => `npx --no-install copy-doctor ${name} X`),
  'npx --no-install\n  copy-doctor drill',
  'the policy copy-doctor-<deployment>-operator',
  'Copy Doctor shows it',
  'copy-doctor: unknown option',
])('%j is left', (text) => {
  expect(bareIn(text)).toEqual([]);
});

// Without `--no-install` npx would run whatever somebody registered under that name.
test.each(printed)('%s names no command that npx could fetch', (name) => {
  const text = readFileSync(name, 'utf8');
  expect(bareIn(name.endsWith('.ts') ? text.replace(/^\s*(?:\*|\/\*\*|\/\/).*$/gm, '') : text)).toEqual([]);
});
