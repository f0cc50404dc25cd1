import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { clean } from '../../lambda/core/text/clean';
import { awsError, errorCode } from './aws-errors';
import { CliError, EXIT } from './io';
import type { Session } from './sessions';

/** Longer than the function itself may take. */
const GIVE_UP_AFTER = 40_000;

export interface Answer {
  readonly status: number;
  /** Undefined: the answer is not JSON. */
  readonly json: unknown;
  readonly text: string;
}

/** One request to a Lambda function URL, signed for the caller. */
export async function signedFetch(
  url: URL,
  session: Pick<Session, 'credentials' | 'region'>,
  body?: object,
): Promise<Answer> {
  const method = body ? 'POST' : 'GET';
  const what = `${method} ${url.host}${url.pathname}`;
  if (!isAllowed(url)) {
    throw new CliError(`${url.href} is not an https address: the stack's output ApproveUrl is odd, deploy it again`);
  }
  const content = body && JSON.stringify(body);
  const { headers } = await signed(what, url, session, method, content);
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(content === undefined ? {} : { body: content }),
      // A signature is for one address.
      redirect: 'error',
      signal: AbortSignal.timeout(GIVE_UP_AFTER),
    });
    const text = await response.text();
    return { status: response.status, text, json: parsed(text) };
  } catch (error) {
    throw notReached(what, error);
  }
}

const LOOPBACK = ['127.0.0.1', 'localhost'];

/** A tool on the same computer answers without TLS; nothing else may. */
const isAllowed = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));

async function signed(
  what: string,
  url: URL,
  { credentials, region }: Pick<Session, 'credentials' | 'region'>,
  method: string,
  body: string | undefined,
) {
  const signer = new SignatureV4({ service: 'lambda', region, credentials, sha256: Sha256 });
  try {
    return await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: {},
      headers: { host: url.host, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body,
    });
  } catch (error) {
    throw awsError(`signing ${what}`, error);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What fetch throws says little; its cause is what Node says. */
function notReached(what: string, error: unknown): CliError {
  const { name, cause } = error as Error;
  if (name === 'TimeoutError') {
    const next = 'check the network and run it again; a decision counts once';
    return new CliError(`${what} gave no answer within ${GIVE_UP_AFTER / 1000} s: ${next}`, EXIT.notWorking, { cause });
  }
  const why = cause instanceof Error ? cause : (error as Error);
  const text = clean(why.message || errorCode(why), 300);
  const next = 'check the network, a proxy or firewall, and that the deployment is still there';
  return new CliError(`${what} could not be reached (${text}): ${next}`, EXIT.notWorking, { cause: error });
}
