import type { Identity } from './authorize';
import { AwsError } from './errors';
import type { WireRequest } from './protocol';
import type { Sandbox } from './sandbox';
import { signatureMatches, type Scope } from './signature';

const GLOBAL = ['iam', 'organizations'];

/** Who signed a request. JSON services and Query services have different codes for the same refusals. */
export async function authenticate(
  sandbox: Sandbox,
  request: WireRequest,
  scope: Scope,
  kind: 'rest' | 'json' | 'query',
): Promise<Identity> {
  const query = kind === 'query';
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
