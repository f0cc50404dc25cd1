import type { Identity } from './authorize';
import { AwsError } from './errors';
import type { WireRequest } from './protocol';
import type { Sandbox } from './sandbox';
import { signatureMatches, type Scope } from './signature';

const GLOBAL = ['iam', 'organizations'];

type Refusal = readonly [code: string, message: string, status: number];
type Refusals = Readonly<Record<'unknown' | 'expired' | 'signature', Refusal>>;

const INVALID = 'The security token included in the request is invalid.';
const EXPIRED = 'The security token included in the request is expired';
const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const NOT_VALIDATED = 'AWS was not able to validate the provided access credentials';

const json = (status: number): Refusals => ({
  unknown: ['UnrecognizedClientException', INVALID, status],
  expired: ['ExpiredTokenException', EXPIRED, status],
  signature: ['InvalidSignatureException', MISMATCH, 403],
});
const QUERY: Refusals = {
  unknown: ['InvalidClientTokenId', INVALID, 403],
  expired: ['ExpiredToken', EXPIRED, 403],
  signature: ['SignatureDoesNotMatch', MISMATCH, 403],
};
/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
const EC2: Refusals = {
  unknown: ['AuthFailure', NOT_VALIDATED, 401],
  expired: ['RequestExpired', 'Request has expired.', 400],
  signature: ['AuthFailure', NOT_VALIDATED, 401],
};

/** Services have different codes and statuses for the same refusals, by their protocol. */
function refusalsOf(service: string, kind: 'rest' | 'json' | 'query'): Refusals {
  if (service === 'ec2') return EC2;
  if (kind === 'query') return QUERY;
  // SQS speaks JSON with the statuses of its Query protocol.
  return json(kind === 'json' && service !== 'sqs' ? 400 : 403);
}

/** Who signed a request. */
export async function authenticate(
  sandbox: Sandbox,
  request: WireRequest,
  scope: Scope,
  kind: 'rest' | 'json' | 'query',
): Promise<Identity> {
  const refusals = refusalsOf(scope.service, kind);
  const refused = (why: keyof Refusals) => new AwsError(...refusals[why]);
  const credentials = sandbox.sessions.find(scope.accessKeyId);
  if (!credentials) throw refused('unknown');
  if ((request.headers['x-amz-security-token'] ?? undefined) !== credentials.sessionToken) throw refused('unknown');
  if (!(await signatureMatches(request, scope, credentials.secretAccessKey))) throw refused('signature');
  if (credentials.expired) throw refused('expired');
  const { identity } = credentials;
  // A Region that the account has not enabled does not know its keys.
  if (!GLOBAL.includes(scope.service) && !sandbox.account(identity.account).enabledRegions.has(scope.region))
    throw refused('unknown');
  return identity;
}
