import { capital, copiesOf } from './plural';
import type { Thing } from './incident';

/** What people read about a change that was made, or not, and what came of it. */

const again = 'If a copy fails for this cause again, it is diagnosed again and a new mail follows.';

export const heal = {
  purpose: 'WHAT THE CHANGE WAS FOR',

  subjects: {
    applied: (name: string) => `[Info] Changed as approved: ${name}. The next copy is the test`,
    appliedCopies: (name: string) => `[Info] Changed as approved: ${name}. Copies are started again`,
    unasked: (name: string) => `[Info] Changed without asking, as autoApply says: ${name}`,
    refused: (name: string) => `[Action] Not changed: ${name}. Copies go on failing`,
    notSeen: (name: string) => `[Action] Not known whether changed: ${name}`,
    inPlace: (name: string) => `[Info] In place: change to ${name}. The next copy is the test`,
    inPlaceCopies: (name: string) => `[Info] In place: change to ${name}. Copies are started again`,
    leftOut: (name: string) => `[Action] In place, but nothing could be copied again: ${name}`,
    leftOutSome: (name: string) => `[Action] In place, but not all could be copied again: ${name}`,
    leftOutByPlan: (name: string) => `[Info] In place, nothing has to be copied again: ${name}`,
    notTried: (title: string) => `[Action] Not tried again: ${title}`,
    notTriedByPlan: (title: string) => `[Info] Not tried again, the next scheduled copy comes first: ${title}`,
    passed: (title: string) => `[Action] Copies now fail for another cause: ${title}`,
    reopened: (name: string) => `[Action] Mended, but copies now fail for another cause: ${name}`,
    notCured: (name: string) => `[Action] Not cured: copies still fail after the change to ${name}`,
    notEnded: (name: string) => `[Action] Not cured, not all copied after the change to ${name}`,
    triedInVain: (title: string) => `[Action] Tried again, and still failing: ${title}`,
    resolved: (title: string) => `[Info] Resolved, copied again: ${title}`,
    resolvedWithout: (copies: number, title: string) => `[Info] Resolved, without ${copiesOf(copies)}: ${title}`,
  },

  made: ({ policy, at }: Thing, when: string) =>
    `Copy Doctor changed ${policy}${at} on ${when}, and has seen the change in place.`,
  unasked: ({ policy, at }: Thing, when: string) =>
    `Copy Doctor changed ${policy}${at} on ${when} without asking, since the setting "autoApply" names this vault. It has seen the change in place.`,
  nothingToDo: 'Nothing has to be done.',
  because: (reason: string) => `Because: ${reason}${/[.!?]$/.test(reason) ? '' : '.'}`,
  takeBack:
    'To take the change back: this shows what would be removed, and nothing is removed before a person has decided on it.',
  takeBackLater:
    'To take the change back, once the copies have ended: this shows what would be removed, and nothing is removed before a person has decided on it.',

  auto: {
    asked:
      'This change was about to be made without asking (the setting "autoApply"), and was not: a person has to decide.',
  },

  refused: {
    happened: ({ policy, at }: Thing, when: string) =>
      `Copy Doctor did not change ${policy}${at}, tried on ${when}: nothing was written.`,
    notSeen: ({ policy, at }: Thing, when: string) =>
      `Copy Doctor asked AWS on ${when} to change ${policy}${at}. Whether it is changed is not known: the change was not seen in place.`,
    approvedBySetting: 'Nobody was asked, since the setting "autoApply" names this vault.',
    reason: 'Read the reason:',
    look: 'The command below says whether the change is in place, and makes it if it is not.',
    role: (account: string) =>
      `Or, if the role of Copy Doctor in account ${account} is missing or lacks the permission, deploy the destination template again, with credentials of that account. The next copy that fails then asks again:`,
    ifNot: 'Nothing changes. The next scheduled copy fails the same way. No reminder follows.',
    ifNotSeen:
      'Copy Doctor goes on looking. If the change is not in place, the next scheduled copy fails the same way. No reminder follows.',
  },

  inPlace: ({ policy, at }: Thing, when: string) =>
    `${capital(policy)}${at} now allows what the copy needs: the change was seen in place on ${when}.`,

  leftOut: {
    happened: ({ policy, at }: Thing) =>
      `The change to ${policy}${at} is in place, but none of the failed copies could be started again.`,
    some: ({ policy, at }: Thing) =>
      `The change to ${policy}${at} is in place, but not all of the failed copies could be started again.`,
    byPlan: ({ policy, at }: Thing) =>
      `The change to ${policy}${at} is in place. Copy Doctor starts none of the failed copies again.`,
    waited: (some: boolean) => `Copy Doctor starts ${some ? 'no more' : 'none'} of the failed copies again.`,
    next: `The next scheduled copy shows whether the cause is gone. ${again}`,
    list: (account: string) =>
      `Where a recovery point needs a copy before the next scheduled one, start it by hand. This lists the copies that failed, with credentials of account ${account}:`,
    show: 'Where a recovery point needs a copy before the next scheduled one, start it by hand: the copy jobs of AWS Backup in the source account say which failed. What is known here:',
  },

  reopened: {
    happened: 'The copies do not fail for this cause any more, but for another one. The change stays in place.',
    passed: 'The copies do not fail for this cause any more, but for another one.',
    others: 'What stops them now has a mail of its own. To read it:',
  },

  notCured: {
    after: ({ policy, at }: Thing) =>
      `The change to ${policy}${at} is in place. Copies that were started after it did not succeed.`,
    afterThat: 'Copies that were started after that did not succeed.',
    later: 'The failed copies were started again, and did not succeed.',
    same: 'They fail for the same cause.',
    stays: 'Nothing was undone, and nothing more is tried.',
    triedEnough: 'Nothing more is tried.',
    diagnose: 'See why the copy fails now',
    seeAgain: 'See how the copy stands now',
    show: 'See what was tried:',
    next: `If later copies of these resources succeed, a mail says so. ${again}`,
    ifNot: 'Nothing changes by itself. The next scheduled copy may fail the same way.',
    ifNotLater:
      'Nothing changes here. The next scheduled copy may succeed by itself; these recovery points have no copy.',
  },

  resolved: {
    happened: (when: string) =>
      `A later copy of every resource whose copy had failed for this cause has succeeded (seen ${when}).`,
    without: (when: string) =>
      `No failed copy waits for this cause any more (seen ${when}): each was followed by a copy that succeeded, or is left out as told below.`,
    open: (open: string) => `The incident was open for ${open}.`,
    next: 'Nothing is left to do. If copies fail for this cause again, a new mail follows.',
    nextWithout:
      'What is left out has no copy until its next scheduled one. If copies fail for this cause again, a new mail follows.',
  },

  requestId: 'AWS request',
};
