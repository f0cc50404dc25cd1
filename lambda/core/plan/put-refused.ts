import { parseArn, shortName, vaultName } from '../arn';
import { clean } from '../text/clean';
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
const nameOf = ({ kind, resource }: Change) =>
  kind === 'vault-policy' ? `vault ${vaultName(resource)}` : `key ${shortName(resource)}`;

/** Why nothing was done, whoever asked; `next`: what whoever holds the credentials can do about it. */
export interface Refusal {
  readonly reason: string;
  readonly next?: string;
}

const refusal = (because: string, next: string | undefined, { name, message }: CallError): Refusal => {
  const said = `AWS said: ${name}${message ? `: ${clean(message, 500)}` : ''}`.replace(/[.\s]+$/, '');
  return { reason: `${because} ${said}.`, ...(next === undefined ? {} : { next }) };
};

/** Why AWS did not take the new policy, and what to do, for people. Nothing is changed after any of these. */
export function putRefused(error: CallError, change: Change): Refusal {
  const [because, next] = reasonFor(error, change);
  return refusal(because, next, error);
}

type Because = readonly [because: string, next?: string];

function reasonFor({ name, message }: CallError, change: Change): Because {
  const [action, subject] = [actionOf(change), nameOf(change)];
  if (THROTTLED.test(name)) return ['AWS takes no more calls for now.', 'Wait a minute and run it again.'];
  if (/sharing restrictions/i.test(message)) {
    return [
      `AWS Backup does not take the policy: an old statement of ${subject} gives other accounts more than backup:CopyIntoBackupVault. Mend that statement first.`,
    ];
  }
  if (/^AccessDenied|^NotAuthorized|^UnauthorizedOperation/.test(name)) return denied(message, change);
  if (
    /CredentialsProvider|TokenProvider|ExpiredToken|RequestExpired|InvalidClientToken|UnrecognizedClient/.test(name)
  ) {
    return ['The credentials cannot be used.', `Get new ones of account ${change.owner} and run it again.`];
  }
  if (/not allow you to update the key policy/i.test(message)) {
    return [
      `After this change the caller could not change the policy of ${subject} again, and the check of AWS KMS for that is never bypassed here.`,
      'Use a role that the key policy lets change it.',
    ];
  }
  if (/^MalformedPolicyDocument/.test(name) || /invalid principal/i.test(message)) return [malformed(message, change)];
  if (/LimitExceeded|PolicyLength|too (large|long)|size/i.test(`${name} ${message}`)) {
    return [
      `The policy would be larger than AWS takes. Take out of the policy of ${subject} what is no longer needed.`,
    ];
  }
  if (/NotFound/.test(name)) return [`There is no ${subject} in account ${change.owner} any more.`];
  if (/InvalidState|Disabled/.test(name)) return [`The state of ${subject} does not allow a change of its policy now.`];
  if (/^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN)$/.test(name)) return ['AWS was not reached.', 'Check the network.'];
  if (/^(InvalidParameter|MissingParameter|InvalidRequest|Validation)/.test(name)) {
    return [
      `AWS does not take the policy of ${subject} as it would be. Change it by hand, and report this: the plan should have seen it.`,
    ];
  }
  return [`AWS refused ${action} on ${subject}.`];
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
function denied(message: string, change: Change): Because {
  const [action, subject] = [actionOf(change), nameOf(change)];
  const by = (what: string) => new RegExp(`explicit deny in an? ${what}`, 'i').test(message);
  if (by('service control policy')) {
    return [
      `A service control policy (SCP) of the organization denies ${action}. Ask whoever manages the organization.`,
      'Or use the role that the SCP leaves out.',
    ];
  }
  if (by('resource control policy')) {
    return [
      `A resource control policy (RCP) of the organization denies ${action} on ${subject}. Ask whoever manages the organization.`,
    ];
  }
  if (by('resource-based policy')) {
    return [`The policy of ${subject} itself denies ${action} to this caller.`, 'Use the role that it leaves out.'];
  }
  const [anotherRole, anotherSession] = ['Use another role.', 'Open the session without it.'];
  if (by('permissions boundary')) return [`The permissions boundary of the caller denies ${action}.`, anotherRole];
  if (by('session policy')) return [`The session policy of the caller denies ${action}.`, anotherSession];
  if (by('identity-based policy')) return [`A policy of the caller denies ${action}.`, anotherRole];
  if (/no permissions boundary allows/i.test(message)) {
    return [`The permissions boundary of the caller does not allow ${action}.`, anotherRole];
  }
  if (/no session policy allows/i.test(message)) {
    return [`The session policy of the caller does not allow ${action}.`, anotherSession];
  }
  if (/no (service|resource) control policy allows/i.test(message)) {
    return [`No control policy of the organization allows ${action}. Ask whoever manages the organization.`];
  }
  if (/no resource-based policy allows/i.test(message)) {
    return [`The policy of ${subject} does not allow ${action} to this caller.`, 'Use a role that it names.'];
  }
  return [
    `The caller may not call ${action} on ${subject}.`,
    `Use a role of account ${change.owner} that may; if it should, look for a Deny in the policy of ${subject} too.`,
  ];
}

function malformed(message: string, change: Change): string {
  if (!/principal/i.test(message)) return `AWS does not take the policy of ${nameOf(change)} as it would be.`;
  const named = change.added.flatMap(({ Principal, Condition }) => [
    ...awsNames(Principal),
    ...(JSON.stringify(Condition ?? {}).match(/arn:[^"]+/g) ?? []),
  ]);
  const accounts = [...new Set(named.flatMap((name) => parseArn(name)?.account || []))].join(', ');
  return (
    `A principal in the policy does not exist: one that an old statement names was deleted, or account ${accounts} has no AWS Backup service-linked role yet ` +
    `(there: aws iam create-service-linked-role --aws-service-name backup.amazonaws.com).`
  );
}

/** Why nothing was done: the policy could not even be read. */
export function readRefused(error: CallError, change: Change): Refusal {
  const action = change.kind === 'vault-policy' ? 'backup:GetBackupVaultAccessPolicy' : 'kms:GetKeyPolicy';
  const next = /^AccessDenied/.test(error.name)
    ? `Use a role of account ${change.owner} that may call ${action}.`
    : 'Run it again.';
  const because = `The policy of ${nameOf(change)} cannot be read, and nothing is written over what is not known.`;
  return refusal(because, next, error);
}
