import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Api } from './api';
import { authenticate } from './authenticate';
import { backupApi } from './backup-api';
import type { Call } from './calls';
import { asAwsError, carryOut, NoAnswer } from './carry-out';
import { ec2Api } from './ec2-api';
import { cloudformationApi } from './cloudformation-api';
import { cloudtrailApi } from './cloudtrail-api';
import { demanding } from './demand';
import { dynamodbApi } from './dynamodb-api';
import { AwsError, NotEmulatedError } from './errors';
import { iamApi } from './iam-api';
import { kmsApi } from './kms-api';
import { organizationsApi } from './organizations-api';
import { decode, encode, encodeError, findOperation, protocols, type Protocol, type WireAnswer } from './protocol';
import type { Sandbox } from './sandbox';
import { readRequest } from './read-request';
import { readScope } from './signature';
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
  ec2: ec2Api,
  cloudformation: cloudformationApi,
  cloudtrail: cloudtrailApi,
  dynamodb: dynamodbApi,
};

export function createEndpoint(sandbox: Sandbox): Server {
  return createServer((request, response) => {
    void answer(sandbox, request, response);
  });
}

async function answer(sandbox: Sandbox, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedAt = performance.now();
  const requestId = randomUUID();
  let protocol: Protocol | undefined;
  let record: Call | undefined;
  let answered: WireAnswer;
  try {
    const request = await readRequest(incoming);
    const scope = readScope(request.headers.authorization);
    if (!scope) throw new AwsError('MissingAuthenticationTokenException', 'Missing Authentication Token', 403);
    const { service, region } = scope;
    const wire = protocols[service];
    if (!wire) throw new NotEmulatedError(`service ${service}`);
    protocol = wire;
    const identity = await authenticate(sandbox, request, scope, wire.kind);
    const operation = findOperation(service, wire, request);
    const { account, arn: principal } = identity;
    record = {
      service,
      operation: operation.name,
      account,
      region,
      principal,
      ...(identity.sourceIdentity === undefined ? {} : { sourceIdentity: identity.sourceIdentity }),
      input: {},
      startedAt,
      endedAt: startedAt,
    };
    sandbox.calls.push(record);
    const input = await decode(wire, operation, request);
    record.input = input;
    answered = await carryOut(sandbox, record, async () => {
      const entry = apis[service]?.[operation.name];
      if (!entry) throw new NotEmulatedError(`${service}:${operation.name}`);
      const demand = demanding(sandbox, service, region, identity);
      const call = { input, body: request.body, identity, service, account, region, sandbox, demand };
      if (entry.resource !== null) {
        demand(entry.permission ?? `${service}:${operation.name}`, entry.resource?.(call) ?? '*');
      }
      return encode(wire, operation, await entry.handle(call), requestId);
    });
    if (answered.code !== undefined) record.error = answered.code;
  } catch (thrown) {
    if (thrown instanceof NoAnswer) {
      if (record) record.endedAt = performance.now();
      if (thrown.connection === 'dropped') incoming.socket.destroy();
      return;
    }
    const error = asAwsError(thrown);
    if (record) record.error = error.code;
    answered = encodeError(protocol ?? protocols.kms ?? fail('no protocols'), error, requestId);
  }
  if (record) record.endedAt = performance.now();
  response.writeHead(answered.status, { ...answered.headers, 'content-length': Buffer.byteLength(answered.body) });
  response.end(answered.body);
}

function fail(why: string): never {
  throw new Error(why);
}
