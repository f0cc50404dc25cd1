/** What people read about an incident. Names of things and people come in cleaned. */

const plural = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Where the commands go; `account` and `stack` are absent where they must not, or need not, be said. */
export interface Hub {
  readonly region: string;
  readonly account?: string;
  readonly stack?: string;
}

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

const command = ({ region, account, stack }: Hub, verb: string, id?: string) =>
  [
    'npx --no-install copy-doctor',
    verb,
    ...(id === undefined ? [] : [id]),
    `--region ${region}`,
    ...(account === undefined ? [] : [`--account ${account}`]),
    ...(stack === undefined ? [] : [`--stack ${stack}`]),
  ].join(' ');

const folder = 'in the folder Copy Doctor was deployed from';
const withHub = ({ account }: Hub) =>
  `with credentials for ${account === undefined ? 'the account it was deployed in' : `account ${account}`}`;
/** Without its account the deployment is found by a profile of its own. */
const ownerProfile = ({ owner }: Thing, { account }: Hub) =>
  account === undefined
    ? `with a profile of ${owner} in place of OWNER and one of the account of Copy Doctor in place of HUB`
    : `with a profile of ${owner} in place of OWNER`;

const copiesFail = 'The next scheduled copy fails the same way.';

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const noticed =
  'Copy Doctor notices by itself when the change is in place. The next scheduled copy then shows whether it worked.';
const nothingChanges = `Nothing changes. ${copiesFail}`;

export const incident = {
  commands: {
    approve: (hub: Hub, id: string) => command(hub, 'approve', id),
    reject: (hub: Hub, id: string) => command(hub, 'reject', id),
    show: (hub: Hub, id: string) => command(hub, 'show', id),
    showAs: (hub: Hub, id: string, form: 'cli' | 'cfn') => `${command(hub, 'show', id)} --as ${form}`,
    apply: (hub: Hub, id: string, ownedByTemplate: boolean) =>
      [
        `${command(hub, 'apply', id)} --profile OWNER`,
        ...(hub.account === undefined ? ['--hub-profile HUB'] : []),
        ...(ownedByTemplate ? ['--even-though-a-template-owns-it'] : []),
      ].join(' '),
    incidents: (hub: Hub) => command(hub, 'incidents'),
  },

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
      `[Approve] ${left} left: change to ${name}${copies > 0 ? `, ${plural(copies, 'copy', 'copies')} stopped` : ''}`,
    expired: (name: string) => `[Info] Expired undecided: change to ${name}. Copies go on failing`,
    approved: (name: string, owner: string) => `[Action] Make the approved change in ${owner}: ${name}`,
    rejected: (name: string) => `[Info] Rejected: change to ${name}. Copies go on failing`,
    stale: (name: string) => `[Action] Change to ${name} withdrawn: its policy has changed since you saw it`,
    'in-place': (name: string) => `[Info] In place: change to ${name}. The next copy is the test`,
    resolved: (title: string) => `[Info] Resolved, copied again: ${title}`,
    drill: (region: string) => `[Drill] Copy Doctor in ${region}: mails arrive`,
    digest: (count: number, asked: number, most: number) => {
      const incidents = plural(count, 'incident');
      const toDecide = asked === count ? `${incidents} to decide` : `${incidents}, ${asked} to decide`;
      return [
        asked > 0 ? `[Approve] ${toDecide}` : `[Action] ${incidents}`,
        ...(most > 0 ? [`${count === 1 ? 'it' : 'the largest'} stops ${plural(most, 'copy', 'copies')}`] : []),
      ].join('; ');
    },
    digestInfo: (count: number) => `[Info] News of ${plural(count, 'incident')}`,
    more: (subject: string, count: number) => (count === 0 ? subject : `${subject} (and ${count} more)`),
  },

  /** "3 copies of 2 resources (42 GB)" */
  counted: ({
    copies,
    resources,
    size,
  }: {
    readonly copies: number;
    readonly resources: number;
    readonly size: string;
  }) => `${plural(copies, 'copy', 'copies')} of ${plural(resources, 'resource')}${size === '' ? '' : ` (${size})`}`,
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
      `Unless ${owner}, or your role in it, is among the approvers of this deployment, add --hub-profile with a profile of account ${account ?? ''}.`,
    applyReads:
      'The command reads the policy again, shows the change, and makes it only if the policy is still the same.',
    notAsked: 'Nobody has to approve it: the settings of this deployment say to tell only.',
    otherWays: 'Or make the same change in a way of your own; this prints it (--as also takes cdk, cfn or terraform):',
    refused: (reason: string) => `No change is proposed, so there is nothing to approve. ${reason}`,
    byHand: 'By hand:',
    refusedUnseen: 'No change is proposed, so there is nothing to approve. The reason, and how to mend it by hand:',
    show: 'Read what was found and what to do:',
    elsewhere: 'This has an incident of its own already. See those that are open:',
    seeAgain: 'See how the copy stands now:',
    change: (thing: Thing) => `${capital(thing.policy)}${thing.at}`,
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
    recorded: 'Your approval is recorded, which changes nothing by itself.',
    mailed: 'A mail follows with the command by which the owner makes the change.',
    owner: (thing: Thing, hub: Hub) => `The owner of ${thing.name} then makes the change, ${ownerProfile(thing, hub)}:`,
    template: (thing: Thing, hub: Hub) =>
      `The owner of ${thing.name} then changes the template and updates the stack; or, to make it directly all the same, ${ownerProfile(thing, hub)}:`,
    noticed,
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
  inPlace: {
    happened: ({ policy, at }: Thing, when: string) =>
      `${capital(policy)}${at} now allows what the copy needs: the change was seen in place on ${when}.`,
    next: 'The next scheduled copy shows whether it worked. One more mail follows when every copy that had failed has been followed by one that succeeded.',
  },
  resolved: {
    happened: (when: string, open: string) =>
      `A later copy of every resource whose copy had failed for this cause has succeeded (seen ${when}). The incident was open for ${open}.`,
    next: 'Nothing is left to do. If copies fail for this cause again, a new mail follows.',
  },
  drill:
    'This is a drill, sent by `npx --no-install copy-doctor drill`. No copy failed and there is nothing to do. That this mail has arrived shows that the way from the queue of Copy Doctor to your mailbox works.',

  digest: {
    start: (count: number) => (count === 1 ? 'ONE INCIDENT' : 'SEVERAL INCIDENTS'),
    heading: { ask: 'TO APPROVE OR REJECT', act: 'TO DO', info: 'TO KNOW' },
    intro: (hub: Hub) => `Run the commands ${folder}, ${withHub(hub)}.`,
    asks: (inMail: boolean) =>
      inMail
        ? '`approve` shows the exact change, then asks for the 12 characters after "plan". `reject` in its place takes the same id.'
        : "`approve` shows the exact change, then asks for the first 12 characters of the plan's hash, which `show` prints. `reject` in its place takes the same id.",
    unanswered: 'Without a decision by the time that is given, nothing changes, and the copies go on failing.',
    owner: ({ account }: Hub) =>
      `OWNER stands for a profile of the account that owns the resource${account === undefined ? ', HUB for one of the account of Copy Doctor' : ''}.`,
    summary: (all: boolean) =>
      `${all ? 'This' : 'Some of this'} is about failures of the past: copies that had failed before Copy Doctor looked for them.`,
    told: {
      opened: 'new',
      reminder: 'still without a decision',
      expired: 'expired without a decision; copies go on failing',
      approved: 'approved; its owner has to make it',
      rejected: 'rejected; copies go on failing',
      stale: 'its policy has changed since you saw it',
      'in-place': 'the change is in place; the next copy shows whether it worked',
      resolved: 'resolved: copied again',
      drill: 'a drill',
    },
    until: (until: string) => `decide by ${until}`,
    plan: (characters: string) => `plan ${characters}`,
    left: (count: number) => `${plural(count, 'more incident is', 'more incidents are')} left out here. See all:`,
  },

  details: { incident: 'Incident', cause: 'Check', thing: 'Resource', opened: 'Opened', copied: 'Copy job' },
  cut: '[Cut here: the rest does not fit into one message. The command `show` prints all of an incident.]',

  minutes: (count: number) => plural(count, 'minute'),
  hours: (count: number) => plural(count, 'hour'),
  days: (count: number) => plural(count, 'day'),
};
