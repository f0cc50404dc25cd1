import type { Identity } from './authorize';
import type { WireRequest } from './protocol';
import type { Sandbox } from './sandbox';

/** Payload format 2.0, as a function URL of auth type AWS_IAM sends it. */
export interface FunctionUrlEvent {
  version: '2.0';
  routeKey: '$default';
  rawPath: string;
  rawQueryString: string;
  headers: Record<string, string>;
  queryStringParameters?: Record<string, string>;
  requestContext: {
    accountId: string;
    apiId: string;
    authorizer: {
      iam: {
        accessKey: string;
        accountId: string;
        callerId: string;
        cognitoIdentity: null;
        principalOrgId: string | null;
        userArn: string;
        userId: string;
      };
    };
    domainName: string;
    domainPrefix: string;
    http: { method: string; path: string; protocol: string; sourceIp: string; userAgent: string };
    requestId: string;
    routeKey: '$default';
    stage: '$default';
    time: string;
    timeEpoch: number;
  };
  body?: string;
  isBase64Encoded: boolean;
}

interface Caller {
  identity: Identity;
  accessKeyId: string;
  requestId: string;
  sourceIp: string;
  time: Date;
  sandbox: Sandbox;
}

const PLAIN = /^(?:text\/|application\/(?:json|xml|javascript)\b)/;

export function eventOf(request: WireRequest, caller: Caller): FunctionUrlEvent {
  const { identity, time } = caller;
  const { pathname, search, searchParams } = request.url;
  const headers = headersOf(request);
  const base64 = !PLAIN.test(headers['content-type'] ?? '');
  const parameters = [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name).join(',')]);
  const domainName = headers.host ?? '';
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: pathname,
    rawQueryString: search.slice(1),
    headers,
    ...(parameters.length > 0
      ? { queryStringParameters: Object.fromEntries(parameters) as Record<string, string> }
      : {}),
    requestContext: {
      accountId: identity.account,
      apiId: 'sandbox',
      authorizer: {
        iam: {
          accessKey: caller.accessKeyId,
          accountId: identity.account,
          callerId: identity.userId,
          cognitoIdentity: null,
          principalOrgId: caller.sandbox.account(identity.account).organization?.id ?? null,
          userArn: identity.arn,
          userId: identity.userId,
        },
      },
      domainName,
      domainPrefix: 'sandbox',
      http: {
        method: request.method,
        path: pathname,
        protocol: 'HTTP/1.1',
        sourceIp: caller.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: caller.requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(time),
      timeEpoch: time.getTime(),
    },
    ...(request.body === '' ? {} : { body: base64 ? Buffer.from(request.body).toString('base64') : request.body }),
    isBase64Encoded: request.body !== '' && base64,
  };
}

/** Lower case, several of one name joined. */
function headersOf({ headers }: WireRequest): Record<string, string> {
  const given = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || name === 'authorization' ? [] : [[name.toLowerCase(), [value].flat().join(',')]],
  );
  return Object.fromEntries(given) as Record<string, string>;
}

/** 12/Mar/2020:19:03:58 +0000 */
function logTime(time: Date): string {
  const [, day, month, year, clock] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(time.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
