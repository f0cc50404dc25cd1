// With query-protocol.ts all that touches the SDK's semi-internal codecs. Pinned exactly in package.json for that reason.
import { JsonCodec } from '@aws-sdk/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import * as backup from '@aws-sdk/client-backup';
import * as cloudformation from '@aws-sdk/client-cloudformation';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as organizations from '@aws-sdk/client-organizations';
import * as tagging from '@aws-sdk/client-resource-groups-tagging-api';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import * as sts from '@aws-sdk/client-sts';
import { AwsError, NotEmulatedError } from './errors';
import { FORMER_COMMON, formerCodes } from './former-codes';
import { decodeQuery, encodeQuery, encodeQueryError, scalar } from './query-protocol';

type Kind = 'rest' | 'json' | 'query';
type Schema = Parameters<typeof NormalizedSchema.of>[0];
export type Shape = ReturnType<typeof NormalizedSchema.of>;
export type Input = Record<string, unknown>;

export interface Operation {
  name: string;
  input: Shape;
  output: Shape;
  http?: { method: string; path: RegExp; labels: string[] };
}

export interface Protocol {
  kind: Kind;
  contentType: string;
  xmlNamespace: string;
  namespace: string;
  /** Services differ in how they spell the member that carries an error's text. */
  messageMember: 'message' | 'Message';
  operations: Map<string, Operation>;
  /** Bodies are passed on as they are: a handler answers a WireAnswer. */
  raw?: boolean;
  /** EC2's own kind of Query. */
  ec2?: boolean;
  /** Stands before the codes of errors. */
  errorPrefix?: string;
  /** Codes of the Query protocol that a JSON service spoke before and still tells in a header. */
  formerCodes: ReadonlyMap<string, string>;
}

export interface WireRequest {
  method: string;
  url: URL;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface WireAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Of an error, where the body was made elsewhere. */
  code?: string;
}

const HTTP_DATE = 7; // smithy's codes: 5 date-time, 6 http-date, 7 epoch-seconds
const deref = (schema: unknown): Schema => (typeof schema === 'function' ? schema() : schema) as Schema;

function httpBinding(traits: unknown): Operation['http'] {
  const http = (traits as { http?: [string, string, number] } | undefined)?.http;
  if (!http) return undefined;
  const labels: string[] = [];
  const path = (http[1].split('?')[0] ?? '').replace(/\/$/, '').replace(/\{([^}]+)\}/g, (_, label: string) => {
    labels.push(label.replace('+', ''));
    return label.endsWith('+') ? '(.+)' : '([^/]+)';
  });
  return { method: http[0], path: new RegExp(`^${path}/?$`), labels };
}

const NONE: ReadonlyMap<string, string> = new Map();

function service(client: object, kind: Kind, rest: Partial<Protocol> = {}): Protocol {
  const operations = new Map<string, Operation>();
  let namespace = '';
  for (const exported of Object.values(client) as unknown[]) {
    if (!Array.isArray(exported) || exported[0] !== 9) continue;
    const [, ns, name, traits, input, output] = exported as [9, string, string, unknown, unknown, unknown];
    namespace = ns;
    const http = kind === 'rest' ? httpBinding(traits) : undefined;
    operations.set(name, {
      name,
      input: NormalizedSchema.of(deref(input)),
      output: NormalizedSchema.of(deref(output)),
      ...(http ? { http } : {}),
    });
  }
  const contentType = { rest: 'application/json', json: 'application/x-amz-json-1.1', query: 'text/xml' }[kind];
  const told = { xmlNamespace: '', messageMember: 'message' as const, formerCodes: NONE };
  return { kind, contentType, namespace, operations, ...told, ...rest };
}

/** By the name in the signature's credential scope. */
export const protocols: Record<string, Protocol> = {
  backup: service(backup, 'rest', { messageMember: 'Message' }),
  kms: service(kms, 'json'),
  organizations: service(organizations, 'json', { messageMember: 'Message' }),
  tagging: service(tagging, 'json', { messageMember: 'Message' }),
  cloudtrail: service(cloudtrail, 'json', { messageMember: 'Message' }),
  sqs: service(sqs, 'json', {
    contentType: 'application/x-amz-json-1.0',
    errorPrefix: 'com.amazon.coral.service#',
    formerCodes: formerCodes(sqs),
  }),
  dynamodb: service(dynamodb, 'json', {
    contentType: 'application/x-amz-json-1.0',
    messageMember: 'Message',
    raw: true,
    errorPrefix: 'com.amazon.coral.service#',
  }),
  sts: service(sts, 'query', { xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/' }),
  sns: service(sns, 'query', { xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/' }),
  iam: service(iam, 'query', { xmlNamespace: 'https://iam.amazonaws.com/doc/2010-05-08/' }),
  ec2: service(ec2, 'query', { xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/', ec2: true }),
  cloudformation: service(cloudformation, 'query', {
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  }),
};

export function findOperation(serviceName: string, protocol: Protocol, request: WireRequest): Operation {
  let asked: string;
  if (protocol.kind === 'json')
    asked =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .pop() ?? '';
  else if (protocol.kind === 'query') asked = new URLSearchParams(request.body).get('Action') ?? '';
  else {
    const fitting = [...protocol.operations.values()].filter(
      ({ http }) => http?.method === request.method && http.path.test(request.url.pathname),
    );
    fitting.sort((a, b) => (a.http?.labels.length ?? 0) - (b.http?.labels.length ?? 0));
    asked = fitting[0]?.name ?? `${request.method} ${request.url.pathname}`;
  }
  const operation = protocol.operations.get(asked);
  if (!operation) throw new NotEmulatedError(`${serviceName}:${asked}`);
  return operation;
}

const codec = (kind: Kind) =>
  new JsonCodec({ timestampFormat: { useTrait: true, default: HTTP_DATE }, jsonName: kind === 'rest' });

export async function decode(protocol: Protocol, operation: Operation, request: WireRequest): Promise<Input> {
  try {
    if (protocol.kind === 'query') return decodeQuery(protocol, operation.input, new URLSearchParams(request.body));
    if (protocol.kind === 'rest') return await decodeRest(operation, request);
    if (protocol.raw) return JSON.parse(request.body) as Input;
    return (await codec('json')
      .createDeserializer()
      .read(operation.input, request.body || '{}')) as Input;
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw new AwsError('SerializationException', `Could not parse the request: ${String(error)}`);
  }
}

async function decodeRest(operation: Operation, request: WireRequest): Promise<Input> {
  const input: Input = {};
  const labels = operation.http?.path.exec(request.url.pathname) ?? [];
  const body = request.body
    ? ((await codec('rest').createDeserializer().read(operation.input, request.body)) as Input)
    : {};
  for (const [name, member] of operation.input.structIterator()) {
    const { httpLabel, httpQuery, httpHeader, httpPayload } = member.getMergedTraits();
    if (httpPayload) throw new NotEmulatedError(`payload member ${name} of ${operation.name}`);
    if (httpLabel) {
      input[name] = decodeURIComponent(labels[1 + (operation.http?.labels.indexOf(name) ?? 0)] ?? '');
    } else if (httpQuery) {
      const values = request.url.searchParams.getAll(httpQuery);
      const [first] = values;
      if (first === undefined) continue;
      input[name] = member.isListSchema() ? values : scalar(member, first);
    } else if (httpHeader) {
      const value = request.headers[httpHeader.toLowerCase()];
      if (typeof value === 'string') input[name] = scalar(member, value);
    } else if (body[name] !== undefined) {
      input[name] = body[name];
    }
  }
  return input;
}

export function encode(protocol: Protocol, operation: Operation, value: unknown, requestId: string): WireAnswer {
  const headers = { 'content-type': protocol.contentType, 'x-amzn-requestid': requestId };
  if (protocol.raw) return { ...(value as WireAnswer), headers };
  if (protocol.kind !== 'query') {
    if (operation.output.isUnitSchema()) return { status: 200, headers, body: protocol.kind === 'rest' ? '' : '{}' };
    const serializer = codec(protocol.kind).createSerializer();
    serializer.write(operation.output, value ?? {});
    return { status: 200, headers, body: String(serializer.flush()) };
  }
  return { status: 200, headers, body: encodeQuery(protocol, operation, value, requestId) };
}

export function encodeError(protocol: Protocol, error: AwsError, requestId: string): WireAnswer {
  const headers: Record<string, string> = { 'content-type': protocol.contentType, 'x-amzn-requestid': requestId };
  const { code, message, status } = error;
  if (protocol.kind === 'query') return { status, headers, body: encodeQueryError(protocol, error, requestId) };
  headers['x-amzn-errortype'] = code;
  const former = protocol.formerCodes.get(code);
  if (former) headers['x-amzn-query-error'] = `${former};${status < 500 ? 'Sender' : 'Receiver'}`;
  const prefix = former && !FORMER_COMMON.has(code) ? `${protocol.namespace}#` : (protocol.errorPrefix ?? '');
  const type = protocol.kind === 'json' ? { __type: `${prefix}${code}` } : {};
  return { status, headers, body: JSON.stringify({ ...type, [protocol.messageMember]: message }) };
}
