import { Logger } from '@aws-lambda-powertools/logger';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Incidents } from './aws/incidents';
import { hint } from './aws/outbox';
import { readApproveConfig, type ApproveConfig } from './config';
import type { Decision } from './core/incident/incident';
import {
  judgeDecision,
  judgeRollbackRequest,
  notFound,
  readWanted,
  readWantedBack,
  type Judged,
  type Refusal,
} from './core/incident/judge-decision';
import type { ShownIncident } from './core/incident/shown';

const logger = new Logger({ serviceName: 'copy-doctor-approve' });

/** What of a function URL's request counts. https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
export interface UrlRequest {
  readonly rawPath: string;
  readonly body?: string | undefined;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly http: { readonly method: string };
    readonly authorizer?: { readonly iam?: { readonly userArn?: string | undefined } | undefined } | undefined;
  };
}

type Answer = APIGatewayProxyStructuredResultV2;

interface Open {
  readonly config: ApproveConfig;
  readonly incidents: Incidents;
  readonly now: () => Date;
}

const PATH = /^\/incidents\/([A-Z2-7]{16})(?:\/(decision|rollback))?$/;
const MOST_BYTES = 10 * 1024;
const NOTHING = 'Nothing was decided. Run the same command again; the log of the function approve says more.';

/**
 * Shows one incident, or puts one decision or one request for a rollback: whoever IAM let in, by the ARN that AWS
 * verified. Nothing else is written.
 */
export const handlerWith = (now: () => Date): ((request: UrlRequest) => Promise<Answer>) => {
  let open: Open | undefined;
  return async (request) => {
    try {
      const config = open?.config ?? readApproveConfig();
      open ??= { config, incidents: new Incidents(config.tableName, config.region, now), now };
      return await answer(request, open);
    } catch (error) {
      return failed('internal', NOTHING, error);
    }
  };
};

export const handler = handlerWith(() => new Date());

async function answer(request: UrlRequest, open: Open): Promise<Answer> {
  const { http, authorizer } = request.requestContext;
  const by = authorizer?.iam?.userArn;
  // The URL itself demands a signature; a URL that somebody opened to all shows and decides nothing.
  if (typeof by !== 'string' || !by.startsWith('arn:')) {
    return json(403, {
      error: 'not-signed',
      message: 'Only requests that are signed with AWS credentials are answered.',
    });
  }
  const [, id, what] = PATH.exec(request.rawPath) ?? [];
  if (id === undefined) return json(404, { error: 'no-such-path', message: 'There is nothing at this path.' });
  const method = what ? 'POST' : 'GET';
  if (http.method !== method) {
    const message = `Only ${method} is answered here. Nothing was decided.`;
    return json(405, { error: 'no-such-method', message }, { allow: method });
  }
  if (what === 'decision') return decide(id, by, request, open);
  return what === 'rollback' ? askBack(id, by, request, open) : show(id, open);
}

async function show(id: string, { incidents, config }: Open): Promise<Answer> {
  const [incident, evidence, { counted, retried }, newest] = await Promise.all([
    incidents.head(id),
    incidents.evidence(id),
    incidents.countBoth(id),
    incidents.newest(id),
  ]);
  if (!incident) return refusal(notFound(id));
  const { revision, planHash, rollback: back } = incident;
  const planOf = (hash: string | undefined) => (hash === undefined ? undefined : incidents.plan(id, revision, hash));
  const [plan, decision, rollback, decidedBack] = await Promise.all([
    planOf(planHash),
    // Recorded a moment ago, and not yet part of the incident.
    incident.decision ?? incidents.decision(id, revision),
    planOf(back?.planHash),
    back?.decision ?? (back?.planHash && incidents.decision(id, revision, 'rollback', back.planHash)),
  ]);
  const shown: ShownIncident = {
    incident: {
      ...incident,
      decision,
      ...(back ? { rollback: { ...back, decision: decidedBack || undefined } } : {}),
    },
    plan,
    // In the order of the slots: the first one of this revision is what opened it.
    evidence: evidence.find((one) => one.revision === revision),
    counted,
    settings: config.settings,
    retried,
    newest,
    rollback,
  };
  return json(200, shown);
}

async function decide(id: string, by: string, request: UrlRequest, open: Open): Promise<Answer> {
  const read = readBody(request, readWanted);
  if (!read.ok) return refusal(read);
  const { wanted } = read;
  const incident = await open.incidents.head(id);
  const now = open.now().toISOString();
  const judged = judgeDecision(incident, { ...wanted, incident: id, by }, open.config.settings, now);
  if (judged.ok) return put(judged.decision, open);
  // Whoever asks again gets the first answer again, whatever has become of the incident since.
  if (incident?.revision !== wanted.revision || judged.code === 'another-plan') return refusal(judged);
  const decision: Decision = { ...wanted, incident: id, by, at: now };
  const earlier = await recorded(decision, open);
  return earlier ? again(earlier, decision, open) : refusal(judged);
}

/** Puts what was asked for; what exactly would be removed is planned by `remediate`, and decided then. */
async function askBack(id: string, by: string, request: UrlRequest, open: Open): Promise<Answer> {
  const read = readBody(request, readWantedBack);
  if (!read.ok) return refusal(read);
  const asked = { ...read.wanted, incident: id, by };
  const judged: Judged = judgeRollbackRequest(await open.incidents.head(id), asked, open.now().toISOString());
  return judged.ok ? put(judged.decision, open) : refusal(judged);
}

async function put(decision: Decision, open: Open): Promise<Answer> {
  let outcome: Awaited<ReturnType<Incidents['putDecision']>>;
  try {
    outcome = await open.incidents.putDecision(decision);
  } catch (error) {
    // The write may have arrived although its answer did not.
    const message = 'It is not known whether the decision was recorded. Run the same command again: it counts once.';
    return failed('not-known', message, error);
  }
  if (outcome === 'put') {
    const { incident, revision, by, about = 'change' } = decision;
    logger.info('decided', { incident, revision, decision: decision.decision, about, by });
    return passOn(201, decision, open);
  }
  const earlier = await recorded(decision, open);
  if (!earlier) throw new Error('a decision is there and cannot be read');
  return again(earlier, decision, open);
}

const recorded = ({ incident, revision, about, planHash }: Decision, { incidents }: Open) =>
  incidents.decision(incident, revision, about, planHash);

/** The same decision by the same caller is passed on once more, in case that failed before; any other one stands. */
async function again(earlier: Decision, wanted: Decision, open: Open): Promise<Answer> {
  // Whoever asks for a rollback asks for what was asked for: the request is there, and is planned again.
  if (wanted.about === 'rollback-request' || isSame(earlier, wanted)) return passOn(200, earlier, open);
  const how = earlier.decision === wanted.decision && earlier.by === wanted.by ? ', in another way' : '';
  const message = `Incident ${earlier.incident} was ${earlier.decision} by ${earlier.by} at ${earlier.at}${how}. That stands.`;
  return json(409, { error: 'decided-otherwise', message, decision: earlier });
}

const isSame = (a: Decision, b: Decision): boolean =>
  a.decision === b.decision &&
  a.planHash === b.planHash &&
  a.by === b.by &&
  (a.retry ?? false) === (b.retry ?? false) &&
  (a.evenThoughATemplateOwnsIt ?? false) === (b.evenThoughATemplateOwnsIt ?? false);

async function passOn(status: 200 | 201, decision: Decision, { config, now }: Open): Promise<Answer> {
  try {
    const at = now();
    await hint(config.workQueueUrl, config.region, decision.incident, at.toISOString(), at);
  } catch (error) {
    const what = decision.about === 'rollback-request' ? 'request' : 'decision';
    const message = `The ${what} is recorded, but it could not be passed on. Run the same command again.`;
    return failed('recorded', message, error);
  }
  return json(status, decision);
}

function readBody<T>({ body = '', isBase64Encoded }: UrlRequest, read: (body: unknown) => T | Refusal): T | Refusal {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  const bad = (message: string): Refusal => ({ ok: false, code: 'bad-request', message });
  if (bytes.length > MOST_BYTES) return bad('The body is larger than 10 KB. Nothing was decided.');
  try {
    return read(JSON.parse(bytes.toString('utf8')));
  } catch {
    return bad('The body is not JSON. Nothing was decided.');
  }
}

const STATUS: Readonly<Record<Refusal['code'], number>> = {
  'bad-request': 400,
  'not-found': 404,
  'not-proposed': 409,
  'another-plan': 409,
  expired: 409,
  'no-rollback': 409,
};

const refusal = ({ code, message }: Refusal): Answer => json(STATUS[code], { error: code, message });

function failed(code: string, message: string, error: unknown): Answer {
  logger.error(message, { error: error instanceof Error ? error : new Error(String(error)) });
  return json(500, { error: code, message });
}

function json(statusCode: number, body: object, more: Readonly<Record<string, string>> = {}): Answer {
  return {
    statusCode,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...more,
    },
    body: JSON.stringify(body),
  };
}
