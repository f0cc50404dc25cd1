import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';
import { CliError, EXIT } from './io';

const NO_CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;

const NEXT: readonly (readonly [RegExp, string])[] = [
  [NO_CREDENTIALS, 'give credentials: --profile, AWS_PROFILE, or aws sso login'],
  [/^(ExpiredToken|ExpiredTokenException|RequestExpired)$/, 'get new credentials (aws sso login) and run it again'],
  [
    /^(AuthFailure|UnrecognizedClientException|InvalidClientTokenId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature)$/,
    'check the credentials: AWS does not know them, or not in this Region',
  ],
  [
    /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|AuthorizationError|K(?:MS|ms)AccessDenied)/,
    'let the caller make this call',
  ],
  [
    /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|TooManyRequestsException|RequestLimitExceeded)$/,
    'wait a minute and run it again',
  ],
  [/^(TimeoutError|NetworkingError|E[A-Z_]{5,})$/, 'check the network and --region'],
];

const NETWORK = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)\b/;

/** The code that AWS or Node gave. */
export function errorCode(error: unknown): string {
  const { name, code, message } = error as NodeJS.ErrnoException;
  if (name !== 'Error' && name !== 'AggregateError') return name;
  return code ?? NETWORK.exec(message)?.[1] ?? name;
}

/** A profile that is not there gives the same error as one that has nothing in it. */
function checkProfile(profile: string): string {
  const { AWS_CONFIG_FILE: config = '~/.aws/config', AWS_SHARED_CREDENTIALS_FILE: shared = '~/.aws/credentials' } =
    process.env;
  return `profile ${profile} gives no credentials: check its name in ${config} and ${shared}, or run aws sso login --profile ${arg(profile)}`;
}

/** One line of what was tried, what AWS said and what to do next. `profile`: the one whose credentials are used. */
export function awsError(what: string, error: unknown, profile?: string): CliError {
  if (error instanceof CliError) return error;
  const code = errorCode(error);
  const message = clean((error as Error).message.replace(/^AWS SDK error wrapper for Error: /, ''), 500);
  const next =
    profile !== undefined && NO_CREDENTIALS.test(code)
      ? checkProfile(profile)
      : NEXT.find(([pattern]) => pattern.test(code))?.[1];
  const said = message && message !== code ? `: ${message.replace(/[.\s]+$/, '')}` : '';
  return new CliError(
    `${what}: ${message.includes(code) ? '' : code}${said}${next ? `. Next: ${next}` : ''}`.replace(': : ', ': '),
    EXIT.notWorking,
    { cause: error },
  );
}

/** Makes a call; what it throws becomes one line. */
export async function asking<T>(what: string, call: () => Promise<T>, profile?: string): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(what, error, profile);
  }
}
