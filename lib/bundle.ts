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
    alias: standIns(),
    metafile: true,
    logLevel: 'silent',
  });
  writeFileSync(join(outDir, `${name}.meta.json`), JSON.stringify(metafile, null, 2));
  return folder;
}

/** What a function does not need: the SDK's chain of credentials, 100 KB, since its own are in the environment; a cache. */
function standIns(): Record<string, string> {
  const all = {
    '@aws-sdk/credential-provider-node': 'lambda/aws/credentials-from-environment.ts',
    'mnemonist/lru-cache': 'lambda/aws/endpoint-map.ts',
  };
  const there = Object.entries(all).map(([name, file]) => [name, join(ROOT, file)] as const);
  return Object.fromEntries(there.filter(([, file]) => existsSync(file)));
}
