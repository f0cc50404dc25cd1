import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { authenticate } from './authenticate';
import type { Identity } from './authorize';
import type { Call } from './calls';
import { carryOut, NoAnswer } from './carry-out';
import { demanding } from './demand';
import { AwsError, NotEmulatedError } from './errors';
import { eventOf, type FunctionUrlEvent } from './function-url-event';
import type { WireAnswer } from './protocol';
import type { Sandbox } from './sandbox';
import { readRequest } from './read-request';
import { readScope } from './signature';

/** What a function answers: this, or anything else, which is then the body of a 200. */
export interface FunctionUrlResult {
  statusCode?: number | undefined;
  headers?: Record<string, string | number | boolean> | undefined;
  body?: string | undefined;
  isBase64Encoded?: boolean | undefined;
}

export interface AddFunctionUrl {
  account: string;
  region: string;
  functionName: string;
  invoke: (event: FunctionUrlEvent) => Promise<FunctionUrlResult | string | undefined>;
}

const TEXT = { 'content-type': 'application/json' };
const FORBIDDEN: WireAnswer = {
  status: 403,
  headers: { ...TEXT, 'x-amzn-errortype': 'AccessDeniedException' },
  body: JSON.stringify({
    Message:
      'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
  }),
};
const THREW = {};
const FAILED: WireAnswer = { status: 502, headers: TEXT, body: 'Internal Server Error' };

/** A function URL of auth type AWS_IAM, with a listener of its own. */
export async function openFunctionUrl(
  sandbox: Sandbox,
  options: AddFunctionUrl,
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    void answer(sandbox, options, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

async function answer(
  sandbox: Sandbox,
  options: AddFunctionUrl,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedAt = performance.now();
  let record: Call | undefined;
  let answered: WireAnswer;
  try {
    const request = await readRequest(incoming);
    const scope = readScope(request.headers.authorization);
    if (scope?.service !== 'lambda' || scope.region !== options.region) throw forbidden();
    const identity = await authenticate(sandbox, request, scope, 'json');
    const { account, arn: principal } = identity;
    const { functionName, region, invoke } = options;
    record = {
      service: 'lambda',
      operation: 'InvokeFunctionUrl',
      account,
      region,
      principal,
      input: { functionName, method: request.method, path: request.url.pathname, body: request.body },
      startedAt,
      endedAt: startedAt,
    };
    sandbox.calls.push(record);
    answered = await carryOut(sandbox, record, async () => {
      authorize(sandbox, options, identity);
      if (request.body.includes('\uFFFD')) throw new NotEmulatedError('a body that is not UTF-8');
      const { accessKeyId } = scope;
      const requestId = randomUUID();
      const sourceIp = incoming.socket.remoteAddress ?? '127.0.0.1';
      const time = sandbox.clock.now();
      const event = eventOf(request, { identity, accessKeyId, requestId, sourceIp, time, sandbox });
      const result = await invoke(event).catch(() => THREW);
      return result === THREW ? FAILED : wireAnswer(result);
    });
    if (answered === FAILED) record.error = 'Unhandled';
  } catch (thrown) {
    if (record) record.endedAt = performance.now();
    if (thrown instanceof NoAnswer) {
      if (thrown.connection === 'dropped') incoming.socket.destroy();
      return;
    }
    if (record) record.error = thrown instanceof AwsError ? thrown.code : 'InternalFailure';
    answered = refusalOf(thrown);
  }
  if (record) record.endedAt = performance.now();
  const { status, headers, body } = answered;
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const forbidden = () => new AwsError('AccessDeniedException', 'Forbidden', 403);

/** Of every refusal AWS says the same; a fault that was set keeps its own status. */
function refusalOf(thrown: unknown): WireAnswer {
  if (!(thrown instanceof AwsError)) return { ...FAILED, body: `sandbox fault: ${String(thrown)}` };
  const { code, message, status } = thrown;
  if (status < 500 && !/Throttl|TooManyRequests/.test(code)) return FORBIDDEN;
  return { status, headers: { ...TEXT, 'x-amzn-errortype': code }, body: JSON.stringify({ Message: message }) };
}

/** New function URLs need both permissions since October 2025. */
function authorize(sandbox: Sandbox, { account, region, functionName }: AddFunctionUrl, identity: Identity): void {
  const resource = `arn:aws:lambda:${region}:${account}:function:${functionName}`;
  const action = 'lambda:InvokeFunctionUrl';
  if (identity.account !== account) {
    sandbox.authorizations.refused(identity, { action, resource }, 'another account, and there is no resource policy');
    throw forbidden();
  }
  const demand = demanding(sandbox, 'lambda', region, identity);
  demand(action, resource, { 'lambda:FunctionUrlAuthType': 'AWS_IAM' });
  demand('lambda:InvokeFunction', resource, { 'lambda:InvokedViaFunctionUrl': 'true' });
}

function wireAnswer(result: FunctionUrlResult | string | undefined): WireAnswer {
  if (typeof result !== 'object' || result.statusCode === undefined) {
    return { status: 200, headers: TEXT, body: typeof result === 'string' ? result : JSON.stringify(result ?? null) };
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded } = result;
  if ('cookies' in result) throw new NotEmulatedError('cookies of a function URL');
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status: statusCode,
    headers: { ...TEXT, ...(Object.fromEntries(named) as Record<string, string>) },
    body: isBase64Encoded ? Buffer.from(body, 'base64').toString() : body,
  };
}
