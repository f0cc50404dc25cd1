import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { BundleJob } from './bundle-build';

const ROOT = resolve(__dirname, '..');

export interface BundleOptions {
  readonly entry?: string;
  /** Folder for `<name>/index.js` with its chunks, and for `<name>.meta.json`. */
  readonly outDir?: string;
}

/**
 * Bundles `lambda/<name>.handler.ts` with the SDK: index.js, and chunks that it loads at once or, what stands behind an
 * `import()`, when it is first needed. Gives their folder. The same input gives the same bytes.
 *
 * Only Apache-2.0, MIT, ISC and BSD code ships, to the deployer's own account; the licences lie in node_modules.
 *
 * A process of its own does it, since a CDK construct cannot wait, and esbuild's plugins cannot do without.
 */
export function bundleFunction(name: string, options: BundleOptions = {}): string {
  const outDir = resolve(ROOT, options.outDir ?? 'dist/lambda');
  const folder = join(outDir, name);
  const job: BundleJob = {
    root: ROOT,
    entry: options.entry ?? `lambda/${name}.handler.ts`,
    folder,
    metafile: join(outDir, `${name}.meta.json`),
  };
  const args = ['--import', 'tsx', join(__dirname, 'bundle-build.ts'), JSON.stringify(job)];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}
