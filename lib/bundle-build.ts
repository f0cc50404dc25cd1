import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, transform, type BuildOptions } from 'esbuild';
import { shorterSdk } from './bundle-sdk';

/** What bundle.ts asks of a process of its own: `node --import tsx lib/bundle-build.ts <job as JSON>`. */
export interface BundleJob {
  readonly root: string;
  readonly entry: string;
  readonly folder: string;
  readonly metafile: string;
}

/** For both steps alike: the runtime is newer, but the demo runs the same files on the oldest Node that is supported. */
const COMMON = { minify: true, platform: 'node', target: 'node20', legalComments: 'none', logLevel: 'silent' } as const;

/**
 * What a function does not need: the SDK's chain of credentials, 103 KB, since its own are in the environment; a cache
 * with an order, 13 KB, where one entry a client is kept.
 */
const STAND_INS = {
  '@aws-sdk/credential-provider-node': 'lambda/aws/credentials-from-environment.ts',
  'mnemonist/lru-cache': 'lambda/aws/endpoint-map.ts',
};

async function bundle({ root, entry, folder, metafile }: BundleJob): Promise<void> {
  const options = {
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { index: entry },
    outdir: folder,
    bundle: true,
    // Only ES modules can be split, and `import()` in one file of CommonJS makes that file bigger and slower.
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    // The packages' ES modules can be shaken; the CommonJS builds that `platform: node` prefers cannot, and load slower.
    mainFields: ['module', 'main'],
    alias: Object.fromEntries(Object.entries(STAND_INS).map(([name, file]) => [name, join(root, file)])),
    plugins: [shorterSdk],
    metafile: true,
    write: false,
  } satisfies BuildOptions;
  const made = await build(options);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The target of an `import()` that was shaken off is put out all the same: 34 KB for browsers.
  const outputs = Object.entries(made.metafile.outputs);
  const needed = new Set([
    'index.js',
    ...outputs.flatMap(([, { imports }]) => imports.map(({ path }) => basename(path))),
  ]);
  for (const { path, text } of made.outputFiles) {
    if (!needed.has(basename(path))) continue;
    // Node loads ES modules more slowly than CommonJS, and those of a function one after another.
    const { code } = await transform(text, { ...COMMON, format: 'cjs', supported: { 'dynamic-import': false } });
    writeFileSync(join(folder, basename(path)), code);
  }
  writeFileSync(metafile, JSON.stringify(made.metafile, null, 2));
}

void bundle(JSON.parse(process.argv[2] ?? '{}') as BundleJob);
