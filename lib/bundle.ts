import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';

const ROOT = resolve(__dirname, '..');

export interface BundleOptions {
  readonly entry?: string;
  /** Folder for `<name>/index.js` and `<name>.meta.json`. */
  readonly outDir?: string;
}

/** Bundles `lambda/<name>.handler.ts` with the SDK into one file; returns its folder. The same input gives the same bytes. */
export function bundleFunction(name: string, options: BundleOptions = {}): string {
  const outDir = resolve(ROOT, options.outDir ?? 'dist/lambda');
  const folder = join(outDir, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { metafile } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: [options.entry ?? `lambda/${name}.handler.ts`],
    outfile: join(folder, 'index.js'),
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The packages' ES modules can be shaken; the CJS builds that `platform: node` prefers cannot, and load slower.
    mainFields: ['module', 'main'],
    sourcemap: false,
    // Only Apache-2.0, MIT, ISC and BSD code ships, to the deployer's own account; the licences lie in node_modules.
    legalComments: 'none',
    alias: credentials(),
    metafile: true,
    logLevel: 'silent',
  });
  writeFileSync(join(outDir, `${name}.meta.json`), JSON.stringify(metafile, null, 2));
  return folder;
}

/** In a function credentials are always in the environment: the SDK's chain of other sources is 100 KB of dead code. */
function credentials(): Record<string, string> {
  const file = join(ROOT, 'lambda/aws/credentials-from-environment.ts');
  return existsSync(file) ? { '@aws-sdk/credential-provider-node': file } : {};
}
