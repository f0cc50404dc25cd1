import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { bundleFunction } from '../../lib/bundle';

const outDir = mkdtempSync(join(tmpdir(), 'copy-doctor-bundle-'));
const bundle = () => bundleFunction('stub', { entry: 'test/lib/fixtures/stub.handler.ts', outDir });
const code = () => readFileSync(join(outDir, 'stub/index.js'), 'utf8');

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

test('the asset is one file, the same bytes every time', () => {
  expect(bundle()).toBe(join(outDir, 'stub'));
  const first = code();
  bundle();
  expect(code()).toBe(first);
  expect(readdirSync(join(outDir, 'stub'))).toEqual(['index.js']);
});

test('it brings everything along but Node itself, and names no path of the machine that built it', () => {
  bundle();
  const required = [...code().matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name?.replace(/^node:/, '') ?? '');
  // The SDK names this one in the text of an error only: nobody here signs for several Regions at once.
  expect(
    required.filter((name) => name !== '@aws-sdk/signature-v4-crt').filter((name) => !builtinModules.includes(name)),
  ).toEqual([]);
  expect(code()).not.toContain(resolve(__dirname, '../..'));
});

test('the size report lies beside the asset, and only credentials from the environment are in it', () => {
  bundle();
  const { inputs } = JSON.parse(readFileSync(join(outDir, 'stub.meta.json'), 'utf8')) as { inputs: object };
  const packages = Object.keys(inputs).join('\n');
  expect(packages).toContain('@aws-sdk/client-sts');
  expect(existsSync(resolve(__dirname, '../../lambda/aws/credentials-from-environment.ts'))).toBe(true);
  expect(packages).not.toContain('@aws-sdk/credential-provider-ini');
});

describe('the three functions', () => {
  const bundled = (name: string) => join(bundleFunction(name, { outDir }), 'index.js');

  test.each(['diagnose', 'remediate', 'approve'])(
    '%s loads, and has an entry for Lambda and one for the demo',
    (name) => {
      const program = `const m = require(${JSON.stringify(bundled(name))}); console.log(typeof m.handler, typeof m.handlerWith)`;
      // Loading reads no variable: a missing one is named by the first invocation, in the log.
      expect(execFileSync(process.execPath, ['-e', program], { env: {}, encoding: 'utf8' })).toBe(
        'function function\n',
      );
    },
  );

  test('approve brings no reader along', () => {
    bundleFunction('approve', { outDir });
    const { inputs } = JSON.parse(readFileSync(join(outDir, 'approve.meta.json'), 'utf8')) as { inputs: object };
    expect(Object.keys(inputs).join('\n')).not.toMatch(/@aws-sdk\/client-(backup|kms|sts|sns|iam|organizations)/);
  });
});
