import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api, ApiCall } from './api';
import { contextOf, refusal, refuse, type Context, type Identity } from './authorize';
import { backupApi } from './backup-api';
import type { Call } from './calls';
import { cloudformationApi } from './cloudformation-api';
import { AwsError, NotEmulatedError } from './errors';
import { iamApi } from './iam-api';
import { kmsApi } from './kms-api';
import { organizationsApi } from './organizations-api';
import { decode, encode, encodeError, findOperation, protocols, type Protocol, type WireRequest } from './protocol';
import type { Sandbox } from './sandbox';
import { readScope, signatureMatches, type Scope } from './signature';
import { snsApi } from './sns-api';
import { sqsApi } from './sqs-api';
import { stsApi } from './sts-api';
import { taggingApi } from './tagging-api';

const apis: Record<string, Api> = {
  backup: backupApi,
  kms: kmsApi,
  organizations: organizationsApi,
  tagging: taggingApi,
  sqs: sqsApi,
  sts: stsApi,
  sns: snsApi,
  iam: iamApi,
  cloudformation: cloudformationApi,
};
const GLOBAL = ['iam', 'organizations'];

export function createEndpoint(sandbox: Sandbox): Server {
  return createServer((request, response) => {
    void answer(sandbox, request, response);
  });
}

async function read(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    url: new URL(request.url ?? '/', 'http://sandbox'),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  const requestId = randomUUID();
  let protocol: Protocol | undefined;
  let record: Call | undefined;
  let error: AwsError | undefined;
  let answered;
  try {
    const request = await read(incoming);
    const scope = readScope(request.headers.authorization);
    if (!scope) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
    protocol = protocols[scope.service];
    if (!protocol) throw new NotEmulatedError(`service ${scope.service}`);
    const identity = await authenticate(sandbox, request, scope, protocol);
    const operation = findOperation(scope.service, protocol, request);
    const entry = apis[scope.service]?.[operation.name];
    const { account } = identity;
    record = {
      service: scope.service,
      operation: operation.name,
      account,
      region: scope.region,
      principal: identity.arn,
      input: {},
      startedAt,
      endedAt: startedAt,
    };
    sandbox.calls.push(record);
    record.input = await decode(protocol, operation, request);
    const strike = sandbox.faults.strike(scope.service, operation.name, account);
    if (strike?.timeout) return; // the connection stays open, without an answer, until close()
    const latency = sandbox.latencyMs + (strike?.latencyMs ?? 0);
    if (latency > 0) await sleep(latency);
    if (strike?.error) throw strike.error;
    if (!entry) throw new NotEmulatedError(`${scope.service}:${operation.name}`);
    const call = apiCall(sandbox, scope, identity, record.input);
    if (entry.resource !== null) {
      call.demand(entry.permission ?? `${scope.service}:${operation.name}`, entry.resource?.(call) ?? '*');
    }
    answered = encode(protocol, operation, await entry.handle(call), requestId);
  } catch (thrown) {
    error =
      thrown instanceof AwsError
        ? thrown
        : new AwsError(
            'InternalFailure',
            `sandbox fault: ${String(thrown instanceof Error ? thrown.stack : thrown)}`,
            500,
          );
    answered = encodeError(protocol ?? protocols.kms ?? fail('no protocols'), error, requestId);
  }
  if (record) {
    record.endedAt = performance.now();
    if (error) record.error = error.code;
  }
  response.writeHead(answered.status, { ...answered.headers, 'content-length': Buffer.byteLength(answered.body) });
  response.end(answered.body);
}

function fail(why: string): never {
  throw new Error(why);
}

function apiCall(sandbox: Sandbox, scope: Scope, identity: Identity, input: ApiCall['input']): ApiCall {
  return {
    input,
    identity,
    account: identity.account,
    region: scope.region,
    sandbox,
    demand(action: string, resource: string, context: Context = {}) {
      const known = { ...contextOf(sandbox.state, identity), 'aws:RequestedRegion': scope.region, ...context };
      const reason = refusal(sandbox.state, identity, { action, resource, context: known });
      if (reason) throw refuse(scope.service, reason);
    },
  };
}

/** JSON services and Query services have different codes for the same refusals. */
async function authenticate(
  sandbox: Sandbox,
  request: WireRequest,
  scope: Scope,
  protocol: Protocol,
): Promise<Identity> {
  const query = protocol.kind === 'query';
  const invalidToken = () =>
    new AwsError(
      query ? 'InvalidClientTokenId' : 'UnrecognizedClientException',
      'The security token included in the request is invalid.',
      query ? 403 : 400,
    );
  const credentials = sandbox.sessions.find(scope.accessKeyId);
  if (!credentials) throw invalidToken();
  if ((request.headers['x-amz-security-token'] ?? undefined) !== credentials.sessionToken) throw invalidToken();
  if (!(await signatureMatches(request, scope, credentials.secretAccessKey))) {
    throw new AwsError(
      query ? 'SignatureDoesNotMatch' : 'InvalidSignatureException',
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      403,
    );
  }
  if (credentials.expired) {
    throw new AwsError(
      query ? 'ExpiredToken' : 'ExpiredTokenException',
      'The security token included in the request is expired',
      query ? 403 : 400,
    );
  }
  const { identity } = credentials;
  // A Region that the account has not enabled does not know its keys.
  if (!GLOBAL.includes(scope.service) && !sandbox.account(identity.account).enabledRegions.has(scope.region))
    throw invalidToken();
  return identity;
}
