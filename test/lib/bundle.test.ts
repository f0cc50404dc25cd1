import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { bundleFunction } from '../../lib/bundle';

const outDir = mkdtempSync(join(tmpdir(), 'copy-doctor-bundle-'));
const bundle = () => bundleFunction('stub', { entry: 'test/lib/fixtures/stub.handler.ts', outDir });
const code = () => readFileSync(join(outDir, 'stub/index.js'), 'utf8');

/** What stands in for the event streams that no operation has: one line that throws. */
const EVENT_STREAMS = /^event-streams-\w{8}\.js$/;

afterAll(() => rmSync(outDir, { recursive: true, force: true }));

test('the asset is a folder of files, the same bytes every time', () => {
  const folder = bundle();
  expect(folder).toBe(join(outDir, 'stub'));
  const all = () => readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  const first = all();
  writeFileSync(join(folder, 'left-over.js'), '');
  bundle();
  expect(all()).toEqual(first);
  expect(first.map(([file]) => file)).toEqual([expect.stringMatching(EVENT_STREAMS), 'index.js']);
});

test('it brings everything along but Node itself, and names no path of the machine that built it', () => {
  bundle();
  const required = [...code().matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name?.replace(/^node:/, '') ?? '');
  // The SDK names this one in the text of an error only: nobody here signs for several Regions at once.
  const others = required.filter((name) => name !== '@aws-sdk/signature-v4-crt' && !builtinModules.includes(name));
  expect(others).toEqual([expect.stringMatching(/^\.\/event-streams-\w+\.js$/)]);
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

describe('chunks', () => {
  let folder: string;
  let server: Server;
  beforeAll(async () => {
    folder = bundleFunction('diagnose', { outDir });
    server = createServer((request, response) => {
      const body: Buffer[] = [];
      request.on('data', (part: Buffer) => body.push(part));
      request.on('end', () => {
        const asked = new URLSearchParams(Buffer.concat(body).toString());
        const [status, answer] = ANSWERS[asked.get('Action') ?? ''] ?? [500, ''];
        response.writeHead(status, { 'content-type': 'text/xml' }).end(answer);
      });
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => server.close());

  const run = async (program: string): Promise<unknown> => {
    const env = {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    };
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env, encoding: 'utf8' });
    return JSON.parse(stdout);
  };
  const files = () => readdirSync(folder);
  const ec2 = () => files().find((file) => /^ec2-reads-\w{8}\.js$/.test(file)) ?? '';

  test('are the index, what it shares with the others, and what is loaded when it is needed', () => {
    const kinds = [...new Set(files().map((file) => file.replace(/-\w{8}\.js$/, '')))];
    expect(kinds.sort()).toEqual(['chunk', 'ec2-reads', 'event-streams', 'index.js', 'read-calls', 'tag-reads']);
  });

  test('what reads is not loaded with the function, and EC2 not with the other reads', async () => {
    const program = `require(${JSON.stringify(join(folder, 'index.js'))}); console.log(JSON.stringify(Object.keys(require.cache)))`;
    const loaded = ((await run(program)) as string[]).map((file) => basename(file));
    expect(loaded).toContain('index.js');
    expect(loaded.every((file) => file === 'index.js' || file.startsWith('chunk-'))).toBe(true);
    for (const file of loaded) {
      const text = readFileSync(join(folder, file), 'utf8');
      expect([file, /com\.amazonaws\.(backup|ec2|kms|iam|resourcegroupstaggingapi)"/.test(text)]).toEqual([
        file,
        false,
      ]);
    }
    const holding = (namespace: string) =>
      files().filter((file) => readFileSync(join(folder, file), 'utf8').includes(`"com.amazonaws.${namespace}"`));
    expect(holding('ec2')).toEqual([ec2()]);
    expect(holding('backup')).toEqual([expect.stringMatching(/^read-calls-/)]);
  });

  test('the EC2 chunk loads and answers', async () => {
    const program = `
      const { ec2Read } = require(${JSON.stringify(join(folder, ec2()))});
      const ask = (operation, input) => ec2Read(operation, input, { region: 'eu-west-1', maxAttempts: 1 }).then(
        ({ $metadata, ...answer }) => answer,
        (error) => ({ name: error.name, message: error.message, isError: error instanceof Error }),
      );
      (async () => console.log(JSON.stringify([
        await ask('ec2:DescribeImages', { ImageIds: ['ami-1'] }),
        await ask('ec2:DescribeSnapshots', { SnapshotIds: ['snap-1'] }),
        await ask('ec2:GetAllowedImagesSettings', {}),
      ])))();`;
    expect(await run(program)).toEqual([
      { Images: [{ ImageId: 'ami-1', BlockDeviceMappings: [{ Ebs: { SnapshotId: 'snap-1', Encrypted: true } }] }] },
      { name: 'InvalidSnapshot.NotFound', message: "The snapshot 'snap-1' does not exist.", isError: true },
      { State: 'disabled' },
    ]);
  });
});

/** As EC2 spells them on the wire. */
const ANSWERS: Readonly<Record<string, readonly [number, string]>> = {
  DescribeImages: [
    200,
    '<DescribeImagesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId><imagesSet><item>' +
      '<imageId>ami-1</imageId><blockDeviceMapping><item><ebs><snapshotId>snap-1</snapshotId><encrypted>true</encrypted>' +
      '</ebs></item></blockDeviceMapping></item></imagesSet></DescribeImagesResponse>',
  ],
  DescribeSnapshots: [
    400,
    '<Response><Errors><Error><Code>InvalidSnapshot.NotFound</Code>' +
      "<Message>The snapshot 'snap-1' does not exist.</Message></Error></Errors><RequestID>r</RequestID></Response>",
  ],
  GetAllowedImagesSettings: [
    200,
    '<GetAllowedImagesSettingsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r</requestId>' +
      '<state>disabled</state></GetAllowedImagesSettingsResponse>',
  ],
};
