import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const texts = ['lambda', 'lib', 'bin', 'docs']
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((name) => /\.(ts|md)$/.test(name));

// Without `--no-install` npx would run whatever somebody registered under that name.
it.each([...texts, 'README.md', 'SECURITY.md'])('%s names no command that npx could fetch', (name) => {
  const lines = readFileSync(name, 'utf8')
    .split('\n')
    .filter((line) => !/^\s*(\*|\/\*\*|\/\/)/.test(line));
  const bare = lines.filter((line) => /(?<!npx --no-install )copy-doctor (diagnose|explain|drill|checks)\b/.test(line));
  expect(bare).toEqual([]);
});
