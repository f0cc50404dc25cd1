/** What people read about a plan, and why none is offered. */

const list = (ids: readonly string[]) => ids.join(', ');

export const text = {
  refused: {
    notAdditive: 'The extended policy does not keep every old statement as it is.',
    alreadyThere: (resource: string) => `The policy of ${resource} already has this statement.`,
    defaultVault: 'The vault named Default takes no copies from other accounts, so a policy does not open it.',
    notListed: (vaultArn: string) =>
      `${vaultArn} is not on the list of destinations of this deployment. Nothing is planned for a vault that nobody named.`,
    notSource: (account: string) =>
      `Account ${account} is no source account of this deployment. Nothing is planned for an account that nobody named.`,
    otherOrganizations: (source: string, destination: string) =>
      `Accounts ${source} and ${destination} are in different organizations. No policy opens a copy between them.`,
    otherPartition: (source: string, destination: string) =>
      `AWS copies nothing from ${source} to ${destination}: they belong to different partitions. No policy opens a copy between them.`,
    neverCopied: (type: string) => `AWS Backup does not copy ${type} on this route. No policy opens it.`,
    neverTaken: (vault: string, type: string) =>
      `${vault} is a logically air-gapped vault, which takes no copies of ${type}. No policy opens it.`,
    replacedVault: (vault: string) =>
      `${vault} is under a key that AWS manages, and the key of a vault cannot be changed. The copy needs another vault.`,
    unreadable: (problem: string) => `The policy cannot be extended. ${problem}`,
    notJudged: (resource: string) => `The evidence does not tell what the policy of ${resource} says.`,
    denied: (resource: string, statement: string) =>
      `In the policy of ${resource}, ${statement} denies the copy. A statement that allows does not outweigh one that denies.`,
    mayBeDenied: (resource: string, statement: string, what: readonly string[]) =>
      `In the policy of ${resource}, ${statement} may deny the copy. That depends on: ${what.join('; ')}.`,
    someDeny: 'one of the statements with the effect Deny',
    locked: (resource: string, statement: string, action: string, owner: string) =>
      `In the policy of ${resource}, ${statement} denies ${action} to everyone in account ${owner}: the policy forbids its own change.`,
    awsManaged: (keyArn: string) => `${keyArn} is managed by AWS. Its policy cannot be changed.`,
    keyMissing: (keyArn: string) => `${keyArn} is not there.`,
    keyState: (keyArn: string, state: string) =>
      `${keyArn} is in the state ${state}. A policy does not help a key that is not enabled.`,
    tooLarge: (bytes: number, most: number) =>
      `The policy would have ${bytes} bytes. AWS KMS takes at most ${most} bytes. First take out statements that nobody needs.`,
    lockedOut: (owner: string) =>
      `After the change, nobody in account ${owner} is allowed kms:PutKeyPolicy by this policy for certain.`,
    notStorable: (statement: string, why: string) => `AWS does not take ${statement} back as it is: ${why}.`,
    uniqueId: (id: string) => `its principal ${id} no longer exists`,
    elementMissing: (element: string) => `it has no ${element}`,
    keyResource: 'a statement of a key policy has the Resource "*", this one has another',
    crossAccountAction: (what: string) =>
      `it allows ${what} to other accounts, and a vault policy allows them only backup:CopyIntoBackupVault`,
    notCured: (id: string) => `With the change in place, the check ${id} still does not pass.`,
    otherGains: (who: string, action: string) =>
      `The change would also give ${who} another answer for ${action}. Only the account in question may gain.`,
    manual: 'The check says that this is mended by hand.',
    failed: 'The change cannot be worked out for this policy.',
  },
  warnings: {
    organizations: (source: string, destination: string) =>
      `Whether accounts ${source} and ${destination} are in one organization could not be read. Allow it only if you know that they are.`,
    mayBeLocked: (statement: string, action: string, what: readonly string[]) =>
      `In this policy, ${statement} may deny ${action} to the person or role that makes the change. That depends on: ${what.join('; ')}.`,
  },
  vault: {
    permits: (source: string, vault: string) => `Account ${source} to copy recovery points into ${vault}.`,
    doesNotPermit: (source: string, vault: string) => [
      `Account ${source} to read, restore or delete anything in ${vault}.`,
      'Any other account to do what it could not do before.',
    ],
  },
  key: {
    permitsUse: (who: string, key: string) => `${who} to use ${key} to read and copy what it encrypts.`,
    permitsGrants: (who: string, key: string) =>
      `${who} to let AWS services that work for it use ${key}, and to take that back.`,
    serviceLinkedRole: (account: string) => `The AWS Backup service-linked role of account ${account}`,
    account: (account: string) =>
      `Every principal of account ${account} to which that account's own policies give the same`,
    doesNotPermit: (account: string, onlyRole: boolean) => [
      `Account ${account} to change, disable or delete the key or its policy.`,
      ...(onlyRole ? [`Other roles and users of account ${account} to use the key.`] : []),
      'Any other account to do what it could not do before.',
    ],
  },
  undo: (sids: readonly string[], isNew: boolean) => {
    if (isNew) {
      return `Delete the access policy: there was none before. If it has other statements by then, remove ${list(sids)} only.`;
    }
    return `Remove the ${sids.length === 1 ? 'statement' : 'statements'} ${list(sids)}.`;
  },
  diff: {
    before: 'policy as read',
    after: 'policy as planned',
    cut: (lines: number) => `… and ${lines} more ${lines === 1 ? 'line' : 'lines'}`,
  },
  render: {
    asRead: 'The policy below is the one that was read, with the new statements behind the others.',
    credentials: (account: string, region: string) => `With credentials for account ${account}, Region ${region}.`,
    save: 'First save the policy as it is. It is only replaced if it is still the one that was diagnosed.',
    none: 'There was no policy. It is only set if there is still none.',
    differs:
      'Not changed: the policy is not written as it was when it was diagnosed, or it could not be read. The command `apply` compares what it means, and makes the change.',
    cdk: (resource: string, variable: string) =>
      `In the CDK stack that owns ${resource}; \`${variable}\` is its construct.`,
    cfn: (resource: string, type: string, isNew: boolean) =>
      `In the ${type} that owns ${resource}, ${isNew ? 'set' : 'append to the statements that are there'}:`,
    terraform: (resource: string) => `The policy of ${resource}, in the resource that holds it.`,
  },
};
