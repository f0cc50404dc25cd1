import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// A folder to build into instead of dist/ (tests).
const outfile = join(process.argv[2] ?? join(root, 'dist'), 'cli.js');

buildSync({
  absWorkingDir: root,
  entryPoints: ['bin/cli.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Installed with the package: the SDK is loaded only by the commands that call AWS.
  packages: 'external',
  banner: { js: '#!/usr/bin/env node' },
  logLevel: 'warning',
});
chmodSync(outfile, 0o755);
