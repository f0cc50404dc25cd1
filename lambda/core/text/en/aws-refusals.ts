import { clean } from '../clean';

// What people read where AWS does not take a policy, or does not show one.

/** Why, and what whoever holds the credentials can do about it. */
export type Because = readonly [because: string, next?: string];

const organization = 'Ask whoever manages the organization.';
const anotherRole = 'Use another role.';
const anotherSession = 'Open the session without it.';

/** `subject`: as `vault dr`; `action`: the call that changes its policy. */
export const awsRefused = {
  vault: (name: string) => `vault ${name}`,
  key: (name: string) => `key ${name}`,

  /** What AWS said, behind why nothing was done. */
  said: (because: string, { name, message }: { readonly name: string; readonly message: string }): string =>
    `${`${because} AWS said: ${name}${message ? `: ${clean(message, 500)}` : ''}`.replace(/[.\s]+$/, '')}.`,

  throttled: ['AWS takes no more calls for now.', 'Wait a minute and run it again.'] as Because,
  sharing: (subject: string): Because => [
    `AWS Backup does not take the policy: an old statement of ${subject} gives other accounts more than backup:CopyIntoBackupVault. Mend that statement first.`,
  ],
  credentials: (owner: string): Because => [
    'The credentials cannot be used.',
    `Get new ones of account ${owner} and run it again.`,
  ],
  lockout: (subject: string): Because => [
    `After this change the caller could not change the policy of ${subject} again, and the check of AWS KMS for that is never bypassed here.`,
    'Use a role that the key policy lets change it.',
  ],
  tooLarge: (subject: string): Because => [
    `The policy would be larger than AWS takes. Take out of the policy of ${subject} what is no longer needed.`,
  ],
  gone: (subject: string, owner: string): Because => [`There is no ${subject} in account ${owner} any more.`],
  state: (subject: string): Because => [`The state of ${subject} does not allow a change of its policy now.`],
  notReached: ['AWS was not reached.', 'Check the network.'] as Because,
  notTaken: (subject: string): Because => [
    `AWS does not take the policy of ${subject} as it would be. Change it by hand, and report this: the plan should have seen it.`,
  ],
  otherwise: (action: string, subject: string): Because => [`AWS refused ${action} on ${subject}.`],

  malformed: (subject: string): Because => [`AWS does not take the policy of ${subject} as it would be.`],
  principal: (accounts: readonly string[]): Because => [
    `A principal in the policy does not exist: one that an old statement names was deleted, or account ${accounts.join(', ')} has no AWS Backup service-linked role yet ` +
      `(there: aws iam create-service-linked-role --aws-service-name backup.amazonaws.com).`,
  ],

  denied: {
    scp: (action: string): Because => [
      `A service control policy (SCP) of the organization denies ${action}. ${organization}`,
      'Or use the role that the SCP leaves out.',
    ],
    rcp: (action: string, subject: string): Because => [
      `A resource control policy (RCP) of the organization denies ${action} on ${subject}. ${organization}`,
    ],
    resource: (action: string, subject: string): Because => [
      `The policy of ${subject} itself denies ${action} to this caller.`,
      'Use the role that it leaves out.',
    ],
    boundary: (action: string): Because => [`The permissions boundary of the caller denies ${action}.`, anotherRole],
    session: (action: string): Because => [`The session policy of the caller denies ${action}.`, anotherSession],
    identity: (action: string): Because => [`A policy of the caller denies ${action}.`, anotherRole],
  },
  notAllowed: {
    boundary: (action: string): Because => [
      `The permissions boundary of the caller does not allow ${action}.`,
      anotherRole,
    ],
    session: (action: string): Because => [
      `The session policy of the caller does not allow ${action}.`,
      anotherSession,
    ],
    organization: (action: string): Because => [
      `No control policy of the organization allows ${action}. ${organization}`,
    ],
    resource: (action: string, subject: string): Because => [
      `The policy of ${subject} does not allow ${action} to this caller.`,
      'Use a role that it names.',
    ],
    otherwise: (action: string, subject: string, owner: string): Because => [
      `The caller may not call ${action} on ${subject}.`,
      `Use a role of account ${owner} that may; if it should, look for a Deny in the policy of ${subject} too.`,
    ],
  },

  unread: (subject: string) =>
    `The policy of ${subject} cannot be read, and nothing is written over what is not known.`,
  mayNotRead: (owner: string, action: string) => `Use a role of account ${owner} that may call ${action}.`,
  runAgain: 'Run it again.',
};
