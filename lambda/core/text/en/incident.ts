/** What people read about an incident. Names of things and people come in cleaned. */

import { commands, folder, withHub, type Hub } from './commands';
import { capital, copiesOf, plural } from './plural';

export type { Hub };

/** What an incident is about, as it may be called. */
export interface Thing {
  /** `the vault dr` */
  readonly name: string;
  /** `the access policy of the vault dr` */
  readonly policy: string;
  /** `account 222222222222`, or nobody in particular. */
  readonly owner: string;
  /** ` (account 222222222222)`, or nothing. */
  readonly at: string;
}

/** Without its account the deployment is found by a profile of its own. */
const ownerProfile = ({ owner }: Thing, { account }: Hub) =>
  account === undefined
    ? `with a profile of ${owner} in place of OWNER and one of the account of Copy Doctor in place of HUB`
    : `with a profile of ${owner} in place of OWNER`;

const copiesFail = 'The next scheduled copy fails the same way.';

const nothingChanges = `Nothing changes. ${copiesFail}`;

export const incident = {
  commands,

  headings: {
    template: 'FIRST: A CLOUDFORMATION STACK OWNS THIS',
    changed: 'CHANGED SINCE YOU SAW IT',
    change: 'THE EXACT CHANGE',
    ifApprove: 'IF YOU APPROVE',
    ifNot: 'IF YOU DO NOT',
    was: 'THE CAUSE WAS',
    next: 'WHAT HAPPENS NOW',
    more: 'NOT LISTED HERE',
    /** `THE EXACT CHANGE, 1 OF 2` */
    of: (heading: string, number: number, all: number) => (all === 1 ? heading : `${heading}, ${number} OF ${all}`),
  },

  things: {
    vault: (name: string) => `the vault ${name}`,
    key: (id: string | undefined) => (id === undefined ? 'the key' : `the key ${id}`),
    resource: (name: string | undefined) => name ?? 'the resource',
    vaultPolicy: (thing: string) => `the access policy of ${thing}`,
    policy: (thing: string) => `the policy of ${thing}`,
    account: (account: string) => `account ${account}`,
    nobody: 'the owning account',
    at: (account: string) => ` (account ${account})`,
  },

  subjects: {
    approve: (vault: string, title: string) => `[Approve] Copy to ${vault} failed: ${title}`,
    changed: (name: string, asked: boolean) =>
      asked
        ? `[Approve] New change to ${name}: it replaces the one you saw`
        : `[Action] Change to ${name} withdrawn: see the new diagnosis`,
    opened: (title: string, asked: boolean) => `[${asked ? 'Approve' : 'Action'}] Copies fail: ${title}`,
    reminder: (name: string, left: string, copies: number) =>
      `[Approve] ${left} left: change to ${name}${copies > 0 ? `, ${copiesOf(copies)} stopped` : ''}`,
    expired: (name: string) => `[Info] Expired undecided: change to ${name}. Copies go on failing`,
    approved: (name: string, owner: string) => `[Action] Make the approved change in ${owner}: ${name}`,
    rejected: (name: string) => `[Info] Rejected: change to ${name}. Copies go on failing`,
    stale: (name: string) => `[Action] Change to ${name} withdrawn: its policy has changed since you saw it`,
    drill: (region: string) => `[Drill] Copy Doctor in ${region}: mails arrive`,
    more: (subject: string, count: number) => (count === 0 ? subject : `${subject} (and ${count} more)`),
  },

  /** "3 copies of 2 resources (42.0 GiB)" */
  counted: ({
    copies,
    resources,
    size,
  }: {
    readonly copies: number;
    readonly resources: number;
    readonly size: string;
  }) => `${copiesOf(copies)} of ${plural(resources, 'resource')}${size === '' ? '' : ` (${size})`}`,
  unknownSize: (resources: number) => `${resources} of unknown size`,
  stopped: (counted: string) => `Stopped so far: ${counted}.`,
  fail: (vault: string | undefined) => (vault === undefined ? 'Copies fail.' : `Copies to the vault ${vault} fail.`),
  cause: (title: string, { name, at }: Thing) => `${title}: ${name}${at}.`,
  causeAlone: (title: string) => `${title}.`,
  by: { approved: 'approved', rejected: 'rejected' },
  reason: (quoted: string) => `Reason: ${quoted}`,

  template: ({ name }: Thing, stack: string | undefined, logicalId: string | undefined): readonly string[] => [
    `${capital(name)} belongs to ${stack === undefined ? 'a CloudFormation stack' : `the CloudFormation stack ${stack}${logicalId === undefined ? '' : ` (logical id ${logicalId})`}`}. Make the change in the template of the stack, or in the code that makes the template.`,
    'A change that is made directly is reported by drift detection, and is lost when the stack next updates that property.',
  ],

  toDo: {
    manyChanges: (until: string) => `Each change below waits for a decision of its own, open until ${until}.`,
    decide: (until: string) => `Read the change below, then approve or reject it by ${until}:`,
    decideUnseen: (until: string) => `See the change, then approve or reject it by ${until}:`,
    run: (hub: Hub, commands: 'two' | 'more') =>
      `Run ${commands === 'two' ? 'either' : 'them'} ${folder}, ${withHub(hub)}.`,
    runIt: (hub: Hub) => `Run it ${folder}, ${withHub(hub)}.`,
    asks: (characters: string | undefined) =>
      characters === undefined
        ? "Both decisions ask for the first 12 characters of the plan's hash, which stands for exactly this change. `show` prints it."
        : `It asks for the first 12 characters of the plan's hash, which stands for exactly this change: ${characters}`,
    apply: (thing: Thing, hub: Hub) =>
      `Make the change below as the owner of ${thing.name}, ${folder}, ${ownerProfile(thing, hub)}:`,
    applyUnseen: (thing: Thing, hub: Hub) =>
      `Make the change as the owner of ${thing.name}, ${folder}, ${ownerProfile(thing, hub)}:`,
    applyTemplate: 'Make the change in the template, as shown below, and update the stack.',
    applyTemplateUnseen: 'Make the change in the template and update the stack; this prints the change:',
    applyDirectly: (thing: Thing, hub: Hub) =>
      `To make it directly all the same, ${folder}, ${ownerProfile(thing, hub)}:`,
    /** Whoever owns the resource may be of an account that cannot reach the deployment. */
    hubProfile: ({ owner }: Thing, { account }: Hub) =>
      `Unless ${owner}, or your role in it, is among the approvers of this deployment, add --hub-profile to \`apply\`, with a profile of account ${account ?? ''}.`,
    applyReads: '`apply` reads the policy again, shows the change, and makes it only if the policy is still the same.',
    notAsked: 'Nobody has to approve it: the settings of this deployment say to tell only.',
    otherWays: 'Or make the same change in a way of your own; this prints it (--as also takes cdk, cfn or terraform):',
    refused: (reason: string) => `No change is proposed, so there is nothing to approve. ${reason}`,
    byHand: 'By hand:',
    refusedUnseen: 'No change is proposed, so there is nothing to approve. The reason, and how to mend it by hand:',
    show: 'Read what was found and what to do:',
    elsewhere: 'This has an incident of its own already. See those that are open:',
    seeAgain: 'See how the copy stands now',
    change: (thing: Thing) => `${capital(thing.policy)}${thing.at}`,
  },

  /** Why there is no change to decide on, where it was not refused. */
  noChange: {
    sentence: (why: string) => `Copy Doctor proposes no change for this: ${why}.`,
    byHand: (id: string) => `it is mended by hand, as \`npx --no-install copy-doctor explain ${id}\` shows`,
    unsettled: (count: number) => `it is not settled which of ${count} possible causes it is`,
    possible: (id: string) =>
      `it is not settled that this is the cause; \`npx --no-install copy-doctor explain ${id}\` shows how to look`,
    passes: 'it passes by itself',
    drill: 'it is a drill',
    unknown: 'no cause is known that matches',
    unread: 'its policy is read again when the next copy fails',
  },

  change: {
    of: (thing: Thing, region: string) => `${capital(thing.policy)}${thing.at}, ${region}:`,
    inTemplate: 'In the template:',
    inPolicy: 'What that makes of the policy:',
    whole: 'The whole change:',
    permits: (text: string) => `Permits: ${text}`,
    doesNotPermit: (text: string) => `Does not permit: ${text}`,
    undo: (text: string) => `To undo: ${text}`,
    warning: (text: string) => `Warning: ${text}`,
  },

  ifApprove: {
    /** A change to a policy that the service makes. */
    service: ({ policy, at }: Thing) =>
      `Within about a minute Copy Doctor reads ${policy}${at} again. If nothing in it has changed since it was read, it makes exactly this change and checks that it is in place. If something has, nothing is written, and a mail says so.`,
    serviceInTemplate: 'Or let Copy Doctor make it directly: add --even-though-a-template-owns-it to `approve`.',
    recorded: 'Your approval is recorded, which changes nothing by itself.',
    mailed: 'A mail follows with the command by which the owner makes the change.',
    owner: (thing: Thing, hub: Hub) => `The owner of ${thing.name} then makes the change, ${ownerProfile(thing, hub)}:`,
    template: (thing: Thing, hub: Hub) =>
      `The owner of ${thing.name} then changes the template and updates the stack; or, to make it directly all the same, ${ownerProfile(thing, hub)}:`,
  },
  ifNot: {
    asked: (nothing: string, expires: string) =>
      `${nothing} Reminders come after 24 and 48 hours; the time to decide ends ${expires}.`,
    expires: (expires: string) => `${nothingChanges} The time to decide ends ${expires}.`,
    nothingChanges,
    unreminded: `${nothingChanges} No reminder follows.`,
  },

  opened: {
    changed: ({ policy, at }: Thing) =>
      `The change to ${policy}${at} that you were shown is withdrawn, and so is any decision on it: the policy, or what the copies need, has changed since. This is the new diagnosis.`,
  },
  reminder: ({ policy, at }: Thing, open: string, left: string) =>
    `A change to ${policy}${at} has waited for a decision for ${open}. Time left: ${left}.`,
  expired: {
    happened: ({ policy, at }: Thing, until: string) =>
      `The time to decide on the change to ${policy}${at} ended ${until} without a decision. Nothing was changed, and this change can no longer be approved.`,
    next: `${copiesFail} It is then diagnosed again, and a new mail asks again.`,
  },
  decided: ({ policy, at }: Thing, who: string | undefined, did: string, when: string) =>
    who === undefined
      ? `The change to ${policy}${at} was ${did} on ${when}.`
      : `${who} ${did} the change to ${policy}${at} on ${when}.`,
  rejected: {
    next: `Nothing is changed. ${copiesFail} It is then diagnosed again, and a new mail asks again.`,
  },
  stale: {
    happened: ({ policy, at }: Thing, when: string) =>
      `${capital(policy)}${at} is no longer the one that the change was made for (seen ${when}). The change is withdrawn and was not made.`,
    approved: (who: string | undefined, when: string) =>
      `The approval${who === undefined ? '' : ` of ${who}`} on ${when} does not hold any more.`,
    again: 'The copy was diagnosed again, and that gave no new change.',
    next: 'If the next scheduled copy fails, it is diagnosed again and a new mail follows.',
  },
  drill:
    'This is a drill, sent by `npx --no-install copy-doctor drill`. No copy failed and there is nothing to do. That this mail has arrived shows that the way from the queue of Copy Doctor to your mailbox works.',

  details: { incident: 'Incident', cause: 'Check', thing: 'Resource', opened: 'Opened', copied: 'Copy job' },
  cut: '[Cut here: the rest does not fit into one message. The command `show` prints all of an incident.]',

  minutes: (count: number) => plural(count, 'minute'),
  hours: (count: number) => plural(count, 'hour'),
  days: (count: number) => plural(count, 'day'),
};
