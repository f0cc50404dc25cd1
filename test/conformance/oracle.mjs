// Builds what is compared with esbuild, and runs it beside the engine, which breaks when it is bundled.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import * as engine from '@cloud-copilot/iam-simulate';

const here = dirname(fileURLToPath(import.meta.url));
const outfile = join(here, '../../dist/conformance/oracle.mjs');
buildSync({
  entryPoints: [join(here, 'oracle/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  logLevel: 'error',
});
const { main } = await import(pathToFileURL(outfile).href);
process.exitCode = main(engine) ? 0 : 1;
