import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { HttpRequest } from '@smithy/core/protocols';
import type { FunctionUrlEvent, FunctionUrlResult } from '.';
import { DESTINATION, REGION, SOURCE, openWorld, type Config, type World } from './fixture';

const ARN = `arn:aws:lambda:${REGION}:${SOURCE}:function:approve`;
let world: World;
let url: string;
let events: FunctionUrlEvent[];
let result: () => FunctionUrlResult | string;
beforeEach(async () => {
  world = await openWorld();
  events = [];
  result = () => ({ statusCode: 201, headers: { 'Content-Type': 'text/plain' }, body: 'done' });
  ({ url } = await world.sandbox.addFunctionUrl({
    account: SOURCE,
    region: REGION,
    functionName: 'approve',
    invoke: async (event) => {
      events.push(event);
      return result();
    },
  }));
});
afterEach(() => world.sandbox.close());

class Sha256 {
  private readonly hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret as string | Uint8Array | undefined;
    this.hash = key === undefined ? createHash('sha256') : createHmac('sha256', key);
  }
  update(data: Uint8Array | string) {
    this.hash.update(data);
  }
  async digest() {
    return new Uint8Array(this.hash.digest());
  }
  reset() {
    throw new Error('used once');
  }
}

async function ask(
  credentials: Config | undefined,
  { region = REGION, method = 'POST', path = '', body = '{"a":1}' } = {},
) {
  const target = new URL(path, url);
  const headers = { host: target.host, 'content-type': 'application/json', 'User-Agent': 'test' };
  const request = new HttpRequest({
    method,
    hostname: target.hostname,
    port: Number(target.port),
    path: target.pathname,
    query: Object.fromEntries(target.searchParams),
    headers,
    ...(method === 'GET' ? {} : { body }),
  });
  const signed = credentials
    ? await new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 as never }).sign(request)
    : request;
  const sent = { ...signed.headers };
  delete sent.host; // fetch sets it itself
  const response = await fetch(target, { method, headers: sent, ...(method === 'GET' ? {} : { body }) });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

const both = [
  {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunctionUrl',
    Resource: ARN,
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
  },
  {
    Effect: 'Allow',
    Action: 'lambda:InvokeFunction',
    Resource: ARN,
    Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  },
];
const roleOf = (Statement: object[], name = 'approver', account = SOURCE) =>
  world.sandbox.addRole({ account, name, trust: { Statement: [] }, policies: [{ Statement }] });
const session = (Statement: object[], name?: string, account?: string): Config =>
  world.sandbox.roleCredentials(roleOf(Statement, name, account).arn, 'person');

const forbidden = {
  status: 403,
  type: 'application/json',
  text: '{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
};

test('the event is payload 2.0 with the caller, and the result is the answer', async () => {
  const credentials = session(both);
  const answer = await ask(credentials, { path: 'incidents/CD-1/decision?x=1&y=a%20b' });
  expect(answer).toEqual({ status: 201, type: 'text/plain', text: 'done' });
  const [event] = events;
  const userArn = `arn:aws:sts::${SOURCE}:assumed-role/approver/person`;
  const { id } = world.sandbox.role(`arn:aws:iam::${SOURCE}:role/approver`) ?? {};
  expect(event).toMatchObject({
    version: '2.0',
    rawPath: '/incidents/CD-1/decision',
    rawQueryString: 'x=1&y=a%20b',
    queryStringParameters: { x: '1', y: 'a b' },
    body: '{"a":1}',
    isBase64Encoded: false,
    headers: { 'content-type': 'application/json', 'user-agent': 'test' },
  });
  expect(event?.requestContext.authorizer.iam).toEqual({
    accessKey: credentials.accessKeyId,
    accountId: SOURCE,
    callerId: `${id}:person`,
    cognitoIdentity: null,
    principalOrgId: 'o-sandbox001',
    userArn,
    userId: `${id}:person`,
  });
  expect(event?.requestContext).toMatchObject({
    accountId: SOURCE,
    http: { method: 'POST', path: '/incidents/CD-1/decision', protocol: 'HTTP/1.1', userAgent: 'test' },
    time: '01/Jun/2026:00:00:00 +0000',
    timeEpoch: Date.parse('2026-06-01T00:00:00Z'),
  });
  expect(world.sandbox.calls).toMatchObject([
    { service: 'lambda', operation: 'InvokeFunctionUrl', account: SOURCE, principal: userArn },
  ]);
});

test('both permissions are needed, under their conditions', async () => {
  expect(await ask(session(both.slice(0, 1), 'one'))).toEqual(forbidden);
  expect(await ask(session(both.slice(1), 'other'))).toEqual(forbidden);
  const none = both.map((one) => ({ ...one, Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } } }));
  expect(await ask(session(none, 'none'))).toEqual(forbidden);
  expect(events).toEqual([]);
  expect(world.sandbox.refusals.map(({ action }) => action)).toEqual([
    'lambda:InvokeFunction',
    'lambda:InvokeFunctionUrl',
    'lambda:InvokeFunctionUrl',
  ]);
  expect((await ask(session(both), { method: 'GET' })).status).toBe(201);
  expect(events[0]?.body).toBeUndefined();
});

test('unsigned, wrongly signed, expired, another account, another Region', async () => {
  const credentials = session(both);
  expect(await ask(undefined)).toEqual(forbidden);
  expect(await ask({ ...credentials, secretAccessKey: 'wrong' })).toEqual(forbidden);
  expect(await ask({ ...credentials, accessKeyId: 'AKIAUNKNOWN' })).toEqual(forbidden);
  expect(await ask(credentials, { region: 'eu-central-1' })).toEqual(forbidden);
  expect(await ask(session(both, 'foreign', DESTINATION))).toEqual(forbidden);
  expect(await ask(world.sandbox.credentials(DESTINATION))).toEqual(forbidden);
  world.sandbox.expireSessions();
  expect(await ask(credentials)).toEqual(forbidden);
  expect(events).toEqual([]);
});

test('what a function throws, and what it answers without a status', async () => {
  const credentials = session(both);
  result = () => {
    throw new Error('secret');
  };
  expect(await ask(credentials)).toMatchObject({ status: 502, text: 'Internal Server Error' });
  expect(world.sandbox.calls.at(-1)?.error).toBe('Unhandled');
  result = () => 'plain';
  expect(await ask(credentials)).toEqual({ status: 200, type: 'application/json', text: 'plain' });
});

test('an answer that is lost, after the function has run', async () => {
  world.sandbox.faults.add({ service: 'lambda', operation: 'InvokeFunctionUrl', times: 1, lostAnswer: true });
  await expect(ask(session(both))).rejects.toThrow();
  expect(events).toHaveLength(1);
});
