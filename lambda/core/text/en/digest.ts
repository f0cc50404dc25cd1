import type { Telling } from '../../incident/incident';
import { folder, withHub, type Hub } from './commands';
import { copiesOf, plural } from './plural';

/** What people read in one mail about many incidents. */

export const digest = {
  start: (count: number) => (count === 1 ? 'ONE INCIDENT' : 'SEVERAL INCIDENTS'),
  heading: { ask: 'TO APPROVE OR REJECT', act: 'TO DO', info: 'TO KNOW' },
  intro: (hub: Hub) => `Run the commands ${folder}, ${withHub(hub)}.`,
  asks: (inMail: boolean) =>
    inMail
      ? '`approve` shows the exact change, then asks for the 12 characters after "plan". `reject` in its place takes the same id.'
      : "`approve` shows the exact change, then asks for the first 12 characters of the plan's hash, which `show` prints. `reject` in its place takes the same id.",
  asksRollback:
    '`rollback` shows what would be removed, and asks in the same way; `reject` in its place takes the same id.',
  unanswered: 'Without a decision by the time that is given, nothing changes, and the copies go on failing.',
  unansweredRollback: 'Without a decision on a rollback nothing is removed.',
  owner: ({ account }: Hub) =>
    account === undefined
      ? 'OWNER stands for a profile of the account that owns the resource, HUB for one of the account of Copy Doctor.'
      : `OWNER stands for a profile of the account that owns the resource. Unless that account, or your role in it, is among the approvers of this deployment, add --hub-profile with a profile of account ${account}.`,
  summary: (all: boolean) =>
    `${all ? 'This' : 'Some of this'} is about failures of the past: copies that had failed before Copy Doctor looked for them.`,
  told: {
    opened: 'new',
    reminder: 'still without a decision',
    expired: 'expired without a decision; copies go on failing',
    approved: 'approved; its owner has to make it',
    rejected: 'rejected; copies go on failing',
    stale: 'its policy has changed since you saw it',
    applied: 'changed as approved; the next copy shows whether it worked',
    refused: 'not changed; copies go on failing',
    'in-place': 'the change is in place; the next copy shows whether it worked',
    'left-out': 'the change is in place, but not all failed copies could be started again',
    reopened: 'mended, but copies now fail for another cause',
    'not-cured': 'tried again, and still failing; nothing was undone',
    resolved: 'resolved: copied again',
    'rollback-proposed': 'somebody asks to take the change back',
    'rollback-refused': 'not taken back; nothing was removed',
    'rollback-expired': 'not taken back, as nobody decided; nothing is removed',
    'rolled-back': 'the change is taken back; copies that need it fail',
    drill: 'a drill',
  } satisfies Record<Telling, string>,
  notTried: 'not tried again; the next scheduled copy shows whether the cause is gone',
  notTriedAll: 'no more is tried again; the next scheduled copy shows whether the cause is gone',
  passed: 'copies now fail for another cause',
  notEnded: 'not all failed copies were copied again; nothing was undone',
  unasked: 'changed without asking, as the setting autoApply says',
  appliedCopies: 'changed as approved; copies are started again',
  inPlaceCopies: 'the change is in place; copies are started again',
  notSeen: 'not known whether it is changed',
  notSeenRollback: 'not known whether the change is taken back',
  waiting: (when: string | undefined) => `new; tried again by itself${when === undefined ? '' : ` at about ${when}`}`,
  resolvedWithout: (copies: number) =>
    `resolved, without ${copiesOf(copies)} that ${copies === 1 ? 'is' : 'are'} left out`,
  until: (until: string) => `decide by ${until}`,
  plan: (characters: string) => `plan ${characters}`,
  left: (count: number) => `${plural(count, 'more incident is', 'more incidents are')} left out here. See all:`,

  subject: (count: number, asked: number, most: number) => {
    const incidents = plural(count, 'incident');
    const toDecide = asked === count ? `${incidents} to decide` : `${incidents}, ${asked} to decide`;
    return [
      asked > 0 ? `[Approve] ${toDecide}` : `[Action] ${incidents}`,
      ...(most > 0 ? [`${count === 1 ? 'it' : 'the largest'} stops ${copiesOf(most)}`] : []),
    ].join('; ');
  },
  info: (count: number) => `[Info] News of ${plural(count, 'incident')}`,
};
