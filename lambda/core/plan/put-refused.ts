import { parseArn, shortName, vaultName } from '../arn';
import { awsRefused as words, type Because } from '../text/en/aws-refusals';
import type { Plan } from './plan';
import { awsNames } from './storable';

/** What AWS, or the network on the way to it, said instead of an answer. */
export interface CallError {
  readonly name: string;
  readonly message: string;
  /** HTTP status; absent: there was no answer. */
  readonly status?: number | undefined;
}

const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown|BandwidthLimit/;
/** Failed before anything was sent. */
const NOT_SENT = /^(CredentialsProviderError|TokenProviderError|ENOTFOUND|ECONNREFUSED|EAI_AGAIN)$/;

/**
 * Whether a call that changes something was made: AWS refused it, it was throttled (and not made), or nobody knows,
 * because the answer was lost or AWS failed half-way.
 */
export function callEnded({ name, status }: CallError): 'refused' | 'throttled' | 'unknown' {
  if (THROTTLED.test(name) || status === 429) return 'throttled';
  if (NOT_SENT.test(name)) return 'refused';
  return status !== undefined && status >= 400 && status < 500 ? 'refused' : 'unknown';
}

type Change = Pick<Plan, 'kind' | 'resource' | 'owner' | 'added'>;

const actionOf = ({ kind }: Change) =>
  kind === 'vault-policy' ? 'backup:PutBackupVaultAccessPolicy' : 'kms:PutKeyPolicy';
const nameOf = ({ kind, resource }: Pick<Change, 'kind' | 'resource'>) =>
  kind === 'vault-policy' ? words.vault(vaultName(resource)) : words.key(shortName(resource));

/** Why nothing was done, whoever asked; `next`: what whoever holds the credentials can do about it. */
export interface Refusal {
  readonly reason: string;
  readonly next?: string;
}

const refusal = ([because, next]: Because, error: CallError): Refusal => ({
  reason: words.said(because, error),
  ...(next === undefined ? {} : { next }),
});

/** Why AWS did not take the new policy, and what to do, for people. Nothing is changed after any of these. */
export const putRefused = (error: CallError, change: Change): Refusal => refusal(reasonFor(error, change), error);

function reasonFor({ name, message }: CallError, change: Change): Because {
  const [action, subject] = [actionOf(change), nameOf(change)];
  if (THROTTLED.test(name)) return words.throttled;
  if (/sharing restrictions/i.test(message)) return words.sharing(subject);
  if (/^AccessDenied|^NotAuthorized|^UnauthorizedOperation/.test(name)) return denied(message, change);
  if (
    /CredentialsProvider|TokenProvider|ExpiredToken|RequestExpired|InvalidClientToken|UnrecognizedClient/.test(name)
  ) {
    return words.credentials(change.owner);
  }
  if (/not allow you to update the key policy/i.test(message)) return words.lockout(subject);
  if (/^MalformedPolicyDocument/.test(name) || /invalid principal/i.test(message)) return malformed(message, change);
  if (/LimitExceeded|PolicyLength|too (large|long)|size/i.test(`${name} ${message}`)) return words.tooLarge(subject);
  if (/NotFound/.test(name)) return words.gone(subject, change.owner);
  if (/InvalidState|Disabled/.test(name)) return words.state(subject);
  if (/^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN)$/.test(name)) return words.notReached;
  if (/^(InvalidParameter|MissingParameter|InvalidRequest|Validation)/.test(name)) return words.notTaken(subject);
  return words.otherwise(action, subject);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function denied(message: string, change: Change): Because {
  const [action, subject] = [actionOf(change), nameOf(change)];
  const by = (what: string) => new RegExp(`explicit deny in an? ${what}`, 'i').test(message);
  if (by('service control policy')) return words.denied.scp(action);
  if (by('resource control policy')) return words.denied.rcp(action, subject);
  if (by('resource-based policy')) return words.denied.resource(action, subject);
  if (by('permissions boundary')) return words.denied.boundary(action);
  if (by('session policy')) return words.denied.session(action);
  if (by('identity-based policy')) return words.denied.identity(action);
  const none = (what: string) => new RegExp(`no ${what} allows`, 'i').test(message);
  if (none('permissions boundary')) return words.notAllowed.boundary(action);
  if (none('session policy')) return words.notAllowed.session(action);
  if (none('(service|resource) control policy')) return words.notAllowed.organization(action);
  if (none('resource-based policy')) return words.notAllowed.resource(action, subject);
  return words.notAllowed.otherwise(action, subject, change.owner);
}

function malformed(message: string, change: Change): Because {
  if (!/principal/i.test(message)) return words.malformed(nameOf(change));
  const named = change.added.flatMap(({ Principal, Condition }) => [
    ...awsNames(Principal),
    ...(JSON.stringify(Condition ?? {}).match(/arn:[^"]+/g) ?? []),
  ]);
  return words.principal([...new Set(named.flatMap((name) => parseArn(name)?.account || []))]);
}

/** Why nothing was done: the policy could not even be read. */
export function readRefused(error: CallError, change: Pick<Change, 'kind' | 'resource' | 'owner'>): Refusal {
  const action = change.kind === 'vault-policy' ? 'backup:GetBackupVaultAccessPolicy' : 'kms:GetKeyPolicy';
  const next = /^AccessDenied/.test(error.name) ? words.mayNotRead(change.owner, action) : words.runAgain;
  return refusal([words.unread(nameOf(change)), next], error);
}
