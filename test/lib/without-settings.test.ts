import { spawn } from 'node:child_process';
import { devNull } from 'node:os';
import { startSandbox, type Sandbox } from '../sandbox';

const ACCOUNT = '111111111111';
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({});
  sandbox.addAccount({ id: ACCOUNT });
});
afterAll(() => sandbox.close());

/** The real CDK CLI against the embedded AWS; no setting is given. */
function cdk(...args: string[]): Promise<{ code: number | null; output: string }> {
  const { accessKeyId, secretAccessKey } = sandbox.credentials(ACCOUNT);
  return new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['node_modules/aws-cdk/bin/cdk', ...args, '--output', 'dist/without-settings'],
      {
        env: {
          ...process.env,
          CI: 'true',
          AWS_ENDPOINT_URL: sandbox.endpoint,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_REGION: 'eu-west-1',
          AWS_CONFIG_FILE: devNull,
          AWS_SHARED_CREDENTIALS_FILE: devNull,
          AWS_EC2_METADATA_DISABLED: 'true',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}

it('cdk destroy works without settings', async () => {
  const { code, output } = await cdk('destroy', '--force');
  expect(output).not.toMatch(/Setting \w+ is missing/);
  expect(output).toContain('destroyed');
  expect(code).toBe(0);
});

// The embedded AWS ends it where the toolkit's stack would be made; that it comes so far is the point.
it('cdk bootstrap works without settings', async () => {
  const { output } = await cdk('bootstrap');
  expect(output).not.toMatch(/Setting \w+ is missing|Synthesis finished with errors/);
  expect(output).toContain('CDKToolkit: creating CloudFormation changeset');
});
