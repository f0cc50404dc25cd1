import { openHub, commandFor, incidentId } from '../../bin/cli/hub';
import { signedFetch } from '../../bin/cli/signed-fetch';
import { DESTINATION, REGION, SOURCE } from '../core/evidence-fixture';
import { ID } from '../aws/incidents-fixture';
import { hubFixture, type HubFixture } from './hub-fixture';

let hub: HubFixture;
beforeAll(async () => {
  hub = await hubFixture();
});
afterAll(() => hub.close());
afterEach(() => hub.sandbox.faults.clear());

const io = { stdout: { write: () => true }, stderr: { write: () => true } };
const open = (options: Parameters<typeof openHub>[1] = {}) =>
  openHub(io, { region: REGION, profile: 'prod', ...options });
const denied = { code: 'AccessDenied', message: 'no', status: 403 };
const place = { account: SOURCE, region: REGION };

test("finds a deployment by its stack's outputs, and shows an incident", async () => {
  const plan = await hub.propose();
  const found = await open();
  expect(found).toMatchObject({ ...place, deployment: REGION, stackName: `copy-doctor-${REGION}` });
  expect(found.outputs['TableName']).toBe('incidents');
  expect(found.session.account).toBe(SOURCE);
  const shown = await found.incident(ID.toLowerCase());
  expect(shown).toMatchObject({
    incident: { id: ID, state: 'proposed' },
    plan,
    counted: { copies: 2, withoutSize: 1 },
  });
});

test('every request is signed for Lambda, and the function sees who signed', async () => {
  hub.sandbox.clearCalls();
  await expect((await open()).incident('BBBBBBBBBBBBBBBB')).rejects.toMatchObject({ code: 'not-found', exitCode: 2 });
  expect(hub.sandbox.calls.filter(({ service }) => service === 'lambda')).toMatchObject([
    { operation: 'InvokeFunctionUrl', account: SOURCE, input: { method: 'GET' } },
  ]);
});

describe('another account', () => {
  test('takes the approver role', async () => {
    hub.sandbox.clearCalls();
    const { session, incident } = await open({ account: SOURCE, profile: 'stranger' });
    expect(session.account).toBe(SOURCE);
    await expect(incident('BBBBBBBBBBBBBBBB')).rejects.toMatchObject({ code: 'not-found' });
    const taken = hub.sandbox.calls.filter(({ operation }) => operation === 'AssumeRole');
    expect(taken.map(({ input }) => input)).toEqual([
      expect.objectContaining({
        RoleArn: hub.approver.arn,
        RoleSessionName: expect.stringMatching(/^333333333333\+[\w+=,.@-]{1,51}$/) as string,
      }),
    ]);
  });

  test('that may not take it hears which role and which setting', async () => {
    await expect(open({ account: SOURCE, profile: 'dr' })).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        new RegExp(`of account ${DESTINATION}.*${hub.approver.arn}.*setting "approvers".*sts:AssumeRole`),
      ) as string,
    });
  });

  test("takes the role of the deployment that the stack's name tells", async () => {
    const asked = open({ account: SOURCE, profile: 'stranger', stack: 'copy-doctor-prod' });
    await expect(asked).rejects.toThrow(/role\/copy-doctor-prod-approver/);
    await expect(open({ account: SOURCE, profile: 'stranger', deployment: 'x' })).rejects.toThrow(
      /copy-doctor-x-approver/,
    );
  });
});

describe('what is not as it should be', () => {
  test('no such stack', async () => {
    await expect(open({ stack: 'nothing' })).rejects.toMatchObject({
      exitCode: 2,
      message: `there is no stack nothing in account ${SOURCE}, Region ${REGION}: check --region, --account, --stack and --profile, or deploy it`,
    });
  });

  test('a stack of an older version', async () => {
    hub.sandbox.addStack({ ...place, name: 'old', outputs: { Deployment: 'old', TopicArn: 'x' } });
    await expect(open({ stack: 'old' })).rejects.toThrow(/has no output TableName: .*deploy it again/);
    const outputs = { Deployment: 'odd', TableName: 'x', ApproveUrl: 'x' };
    hub.sandbox.addStack({ ...place, name: 'odd', outputs });
    await expect(open({ stack: 'odd' })).rejects.toThrow(/has no output ApproveUrl/);
  });

  test('no right to look at the stack', async () => {
    hub.sandbox.faults.add({ service: 'cloudformation', operation: 'DescribeStacks', error: denied });
    await expect(open()).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /managed policy copy-doctor-eu-west-1-operator.*role copy-doctor-eu-west-1-approver, .*; or check --region and --stack/,
      ) as string,
    });
  });

  test('no right to call the function', async () => {
    hub.sandbox.faults.add({ service: 'lambda', operation: 'InvokeFunctionUrl', error: denied });
    await expect((await open()).incident(ID)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /AWS: Forbidden.*lambda:InvokeFunctionUrl and lambda:InvokeFunction; .*copy-doctor-eu-west-1-operator/,
      ) as string,
    });
  });

  test.each<[string, () => Promise<{ statusCode: number; body: string }>, RegExp]>([
    ['a function that fails', () => Promise.reject(new Error('x')), /answered 502.*Internal Server Error.*counts once/],
    [
      'too many calls',
      async () => ({ statusCode: 429, body: '{"Reason":"x","message":"Rate\\u001b exceeded"}' }),
      /429 \(AWS: Rate exceeded\): wait/,
    ],
    ['an answer that is no JSON', async () => ({ statusCode: 200, body: '<html>' }), /not JSON: deploy it again/],
  ])('%s', async (_, invoke, words) => {
    const { url } = await hub.sandbox.addFunctionUrl({ ...place, functionName: 'f', invoke });
    const name = `copy-doctor-${url.replace(/\D/g, '')}`;
    hub.sandbox.addStack({ ...place, name, outputs: { Deployment: 'f', TableName: 'x', ApproveUrl: url } });
    await expect((await open({ stack: name })).incident(ID)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(words) as string,
    });
  });
});

describe('signedFetch', () => {
  const session = () => ({ region: REGION, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

  test.each(['http://example.com/', 'http://127.0.0.1.example.com/', 'ftp://localhost/', 'file:///etc/passwd'])(
    'sends no signature to %s',
    async (url) => {
      await expect(signedFetch(new URL(url), session())).rejects.toThrow(/is not an https address/);
    },
  );

  test('explains a host that is not there', async () => {
    const asked = signedFetch(new URL('http://127.0.0.1:9/'), session());
    await expect(asked).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/^GET 127\.0\.0\.1:9\/ could not be reached \(.+\): check the network/) as string,
    });
  });

  test('explains missing credentials', async () => {
    const credentials = () => Promise.reject(Object.assign(new Error('no'), { name: 'CredentialsProviderError' }));
    const asked = signedFetch(new URL('https://127.0.0.1/'), { region: REGION, credentials });
    await expect(asked).rejects.toThrow(/CredentialsProviderError.*--profile/);
  });
});

test('commands name the stack only where its name is another', () => {
  const at = { ...place, stackName: `copy-doctor-${REGION}` };
  const plain = `npx --no-install copy-doctor show ${ID} --region ${REGION} --account ${SOURCE}`;
  expect(commandFor(at, `show ${ID}`)).toBe(plain);
  expect(commandFor({ ...at, stackName: 'mine' }, `show ${ID}`, '--json')).toBe(`${plain} --stack mine --json`);
});

test('commands carry the profile that was given, as one word', async () => {
  const { profile, region, account, stackName } = await open();
  expect(profile).toBe('prod');
  expect(commandFor({ region, account, stackName, profile: "it's prod" }, 'incidents', '--all')).toBe(
    `npx --no-install copy-doctor incidents --region ${REGION} --account ${SOURCE} --profile 'it'\\''s prod' --all`,
  );
});

test('an id is taken as it is typed, and nothing else', () => {
  expect(incidentId(' abcdefghijklmnop ')).toBe(ID);
  for (const text of ['', 'x', '../decision', `${ID}A`, 'ABCDEFGHIJKLMNO1']) {
    expect(() => incidentId(text)).toThrow(/is not an incident's id/);
  }
});
