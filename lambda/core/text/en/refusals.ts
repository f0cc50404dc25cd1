import { vaultName } from '../../arn';
import type { Incident, IncidentState } from '../../incident/incident';
import type { Plan } from '../../plan/plan';
import { clean } from '../clean';
import { capital } from './plural';
import { arg } from './policy-words';

// What people read where nobody can decide, and where a change is left for a person or not made. Each export stands by
// itself, so that a function ships only those that it tells.

type Why = (incident: Incident) => string;

const inPlace: Why = ({ id }) => `The change of incident ${id} is in place.`;

/** Why nobody can decide on an incident's change now. */
export const whyNotOpen: Readonly<Record<IncidentState, Why>> = {
  reported: ({ id, refused: why }) =>
    why
      ? `For incident ${id} no plan is offered: ${sentence(why)}`
      : `Incident ${id} is reported only: look at it to see what to do.`,
  waiting: ({ id }) => `The cause of incident ${id} passes by itself; its copies are tried again later.`,
  proposed: ({ id }) => `Incident ${id} has no plan.`,
  approved: ({ id, agenda }) =>
    agenda.apply === undefined
      ? `Incident ${id} is approved; the owner can apply the change now.`
      : `Incident ${id} is approved; the service makes the change now.`,
  applying: ({ id }) => `The service makes the change of incident ${id} now.`,
  refused: ({ id, because }) =>
    `The change of incident ${id} was not made${because ? `: ${sentence(because)}` : '.'} The next failure of the same cause proposes it again.`,
  rejected: ({ id }) => `Incident ${id} is rejected; the next failure of the same cause proposes it again.`,
  expired: ({ id }) => `Incident ${id} has expired.`,
  stale: ({ id }) => `The policy behind incident ${id} was changed since the plan was made; look at what is there now.`,
  settling: inPlace,
  canary: ({ id }) => `The change of incident ${id} is in place, and one copy is tried now.`,
  retrying: ({ id }) => `The copies of incident ${id} are tried again now.`,
  applied: inPlace,
  reopened: ({ id }) =>
    `The cause of incident ${id} is mended; its copies fail for another one, which is told by itself.`,
  'not-cured': ({ id }) => `The copies of incident ${id} were tried again and failed for the same cause.`,
  resolved: ({ id }) => `Incident ${id} is resolved: its resources were copied since.`,
  'rollback-proposed': ({ id }) =>
    `The change of incident ${id} is in place, and taking it back waits for a decision: the command \`rollback\` decides on that.`,
  'rollback-approved': ({ id }) => `The service takes the change of incident ${id} back now.`,
  'rolled-back': ({ id }) =>
    `The change of incident ${id} was taken back; the next failure of the same cause proposes it again.`,
};

/** Why the service cannot be asked to take a change back now. Absent: it can, if it made the change. */
export const whyNotBack: Readonly<Partial<Record<IncidentState, Why>>> = {
  reported: ({ id }) => `Incident ${id} is reported only: nothing was changed.`,
  waiting: ({ id }) => `Incident ${id} waits for its cause to pass: nothing was changed.`,
  proposed: ({ id }) => `The change of incident ${id} waits for a decision: nothing was changed.`,
  approved: ({ id }) => `The change of incident ${id} is approved, and not seen in place.`,
  applying: ({ id }) => `The service makes the change of incident ${id} now. Wait until it has ended.`,
  refused: ({ id }) => `The change of incident ${id} was not made.`,
  rejected: ({ id }) => `Incident ${id} is rejected: nothing was changed.`,
  expired: ({ id }) => `Incident ${id} has expired: nothing was changed.`,
  stale: ({ id }) => `The change of incident ${id} was not made: the policy is another one.`,
  settling: ({ id }) => `The change of incident ${id} takes effect now. Wait until it has settled.`,
  canary: ({ id }) => `A copy of incident ${id} is tried now. Wait until it has ended.`,
  retrying: ({ id }) => `The copies of incident ${id} are tried again now. Wait until they have ended.`,
  'rollback-proposed': ({ id }) => `The rollback of incident ${id} is proposed already, and waits for a decision.`,
  'rollback-approved': ({ id }) => `The service takes the change of incident ${id} back now.`,
  'rolled-back': ({ id }) => `The change of incident ${id} was taken back.`,
};

const sentence = (text: string) => `${clean(text, 300).replace(/[.\s]+$/, '')}.`;

export const saidNoBefore = 'A person has rejected this change before, or taken it back.';

export const onlyTold = 'The setting vaultPolicy says that vault policies are told about and not changed.';

/** Of a change, or of what takes one back. */
export const anotherPlan =
  'The policy is no longer the one that was shown, and the change for it would be another one.';

/** `byHand`: what the owner can do instead. */
export const roleLacks = (
  role: string,
  account: string,
  vault: string,
  byHand: 'make the change' | 'remove the statement',
): string =>
  `The role ${role} of account ${account} must let this service change vault ${clean(vault, 100)}: deploy the destination template there again ` +
  `with the vault in VaultNames, or let its owner ${byHand}.`;

/** Why a person is asked, although the settings name the vault in `autoApply`. */
export const unasked = {
  keyPolicy: 'A key policy is changed by its owner alone.',
  notNamed: (vault: string) => `The setting autoApply does not name ${clean(vault, 300)}.`,
  noCause: 'The plan names no cause.',
  notConfirmed: (id: string) => `The cause "${clean(id, 100)}" is not confirmed.`,
  otherCopy: 'The plan is about another copy than the one that was diagnosed.',
  organization: (source: string, destination: string) =>
    `Accounts ${source} and ${destination} were not both read as members of one organization.`,
  warned: (warning: string) => `The plan carries a warning: ${clean(warning, 400)}`,
};

/** Why the service did not make a change that was decided on. */
export const notMade = {
  ownerNotRead: (account: string) =>
    `It could not be read whether a CloudFormation stack owns the vault (cloudformation:DescribeStackResources, tag:GetResources in account ${account}).`,
  notOurs: 'The service changes vault policies alone.',
  noPlan: 'The incident has no plan.',
  carriedOut: 'What was decided on was carried out before: its rollback was asked for since.',
  noDecision: 'The incident is marked as approved, and no decision of a person is recorded for it.',
  otherDecision: 'The decision that is recorded is not an approval of this plan.',
  oldDecision: 'The decision is more than a day old. The next failure of the same cause asks again.',
  noEvidence: 'The failure that it was opened for is not kept any more, so the plan cannot be made again.',
  notReadForNow: (error: string) => `AWS could not be read for now (${clean(error, 100)}).`,
  recordGone: (copyJobId: string) =>
    `The record of copy job ${clean(copyJobId, 100)} cannot be read or is gone, so the plan cannot be made again.`,
  otherIncident: 'The plan of now is about another account than the incident.',
  tooMany: 'The policy of this vault was changed 5 times today without asking. That is the most.',
};

/** Why the plan of a change cannot be made once more. */
export const notPlannedAgain = {
  otherResource: (resource: string, other: string) =>
    `The evidence is about ${clean(other, 300)} and not about ${clean(resource, 300)}.`,
  stillThere: (id: string, why: string | undefined) =>
    `The cause "${id}" is there now, and no policy change is planned for it${because(why)}.`,
  nothingKnown: 'The incident names no cause that a policy change would mend.',
  notTold: (id: string, why: string | undefined) =>
    `With the policy as it is now, the check "${id}" gives no verdict${because(why)}.`,
};

const because = (why: string | undefined) => (why ? `: ${clean(why, 300).replace(/\.$/, '')}` : '');

/** Why a policy was not written, or is not known to be. */
export const notWritten = {
  otherAccount: (account: string, owner: string) =>
    `The credentials are of account ${account}, and account ${owner} owns the resource.`,
  changedNow: 'The policy was changed by somebody else at this very moment.',
  taken: 'AWS took the change, but it is not seen after a minute.',
  lost: (error: Told) =>
    `The answer of AWS was lost (${codeOf(error)}), so it is not known yet whether the policy is changed.`,
  asBefore: 'Read back, the policy is still as it was.',
  another: 'Read back, the policy is neither as it was nor as planned: somebody else changes it too.',
  unreadable: (error: Told) => `It cannot be read back (${codeOf(error)}).`,
  look: ({ kind, resource, region }: Plan) =>
    `Look in a few minutes: ${
      kind === 'vault-policy'
        ? `aws backup get-backup-vault-access-policy --region ${region} --backup-vault-name ${vaultName(resource)}`
        : `aws kms get-key-policy --region ${region} --key-id ${resource} --policy-name default --output text`
    }`,
};

interface Told {
  readonly name: string;
  readonly message: string;
}

const codeOf = ({ name, message }: Told) => `${name}${message ? `: ${message}` : ''}`;

/** Why the service does not take a change back. */
export const notTakenBack = {
  notOurs: 'The change was not made by this service.',
  noPlan: 'What was changed is not kept any more, so it cannot be told what is ours.',
  altered: 'The change that is kept is not the one that was decided on. Nothing is removed by it.',
  noDecision: 'No decision of a person is recorded for this rollback.',
  oldDecision: 'The decision is more than a day old. Ask for the rollback again.',
};

/** Why nothing in the policy is told to be ours, or could be removed. `name`: as `statement "Sid"`. */
export const notRemovable = {
  notOurs: 'The plan that is kept is not a change that this service makes. Nothing is removed by it.',
  unreadable: 'The policy cannot be read as one, so nothing in it is told to be ours.',
  gone: 'What this service added is no longer in the policy: there is nothing to take back.',
  twice: (name: string) => `${capital(name)} is in the policy twice. Somebody added one of them: remove it by hand.`,
  renamed: (name: string, now: string) =>
    `${capital(name)} was renamed: the policy has the same content in ${now}. It is no longer exactly ours: remove it by hand.`,
  changed: (name: string) =>
    `${capital(name)} was changed by somebody else. It is no longer exactly ours: remove it by hand.`,
  lastOne: ({ resource, region }: Plan) =>
    `It is the only statement of the policy, and AWS stores no policy without one. To delete the policy, run: ` +
    `aws backup delete-backup-vault-access-policy --region ${region} --backup-vault-name ${arg(vaultName(resource))}`,
};
