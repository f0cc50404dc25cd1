import { vaultName } from '../../arn';
import type { Plan } from '../../plan/plan';
import type { Since } from '../../plan/rollback-plan';
import { clean } from '../clean';
import type { Thing } from './incident';
import { capital, copiesOf } from './plural';

/** What people read about taking a change back. */

const kept = 'Nothing is removed.';

export const rollback = {
  headings: { removal: 'WHAT WOULD BE REMOVED', relies: 'WHAT MAY RELY ON IT' },

  subjects: {
    proposed: (name: string) => `[Approve] Take back the change to ${name}: see what would be removed`,
    refused: (name: string) => `[Action] Not taken back: change to ${name}`,
    notSeen: (name: string) => `[Action] Not known whether taken back: change to ${name}`,
    expired: (name: string) => `[Info] Expired undecided: taking back the change to ${name}`,
    rolledBack: (name: string) => `[Info] Taken back: change to ${name}. Copies that need it fail again`,
  },

  asked: (who: string | undefined, { policy, at }: Thing, when: string) =>
    `${who ?? 'Somebody'} asked on ${when} to take back what Copy Doctor has added to ${policy}${at}.`,
  made: (when: string) => `It was added on ${when}.`,

  decide: (until: string) => `Read below what would be removed, then decide by ${until}:`,
  decideUnseen: (until: string) => `See what would be removed, then decide by ${until}:`,
  run: (where: string, who: string) => `The first takes it back, the second does not. Run either ${where}, ${who}.`,
  asks: (characters: string | undefined) =>
    characters === undefined
      ? "Both show what would be removed, and ask for the first 12 characters of the plan's hash."
      : `Both ask for the first 12 characters of the plan's hash, which stands for exactly this removal: ${characters}`,
  of: (thing: Thing, region: string) => `${capital(thing.policy)}${thing.at}, ${region}:`,
  more: (count: number) => `${count} more: \`show\` prints them all.`,

  ifApprove: ({ policy, at }: Thing) =>
    `Within about a minute Copy Doctor reads ${policy}${at} again. If nothing in it has changed since it was read, exactly this is removed; all other statements stay as they are. If it has changed, nothing is removed. A mail tells the result.`,
  thenFails: 'After that, copies that need what is removed fail.',
  ifNot: (until: string) => `${kept} The time to decide ends ${until}. No reminder follows.`,

  refused: 'It was not taken back: nothing was removed.',
  notSeen: 'Copy Doctor asked AWS to remove it. Whether it is removed is not known: that was not seen.',
  byHand: (undo: string) => `To take it back by hand, as the owner: ${undo}`,
  askAgain: 'Once the reason is mended, ask again:',
  askAgainNotSeen: 'Ask again: if it is removed already, that says so.',
  show: 'Read the reason:',

  expired: `The time to decide on that ended without a decision. ${kept}`,
  askedOnce: 'Ask again, if it is still wanted:',

  done: ({ policy, at }: Thing, when: string) =>
    `On ${when} Copy Doctor removed from ${policy}${at} what it had added. All other statements are as they were.`,
  decided: (who: string, when: string) => `${who} approved that on ${when}.`,
  next: 'Copies that need what was removed fail from now on. The next one that fails is diagnosed again, and a new mail asks again.',
};

/** Of the plan that takes a change back. */
export const removal = {
  undo: (names: readonly string[]) => `Put ${names.join(' and ')} back.`,
  since: ({ grantee, resource }: Plan, { at, copies }: Since) => {
    const what = `account ${grantee} into ${clean(vaultName(resource), 100)} completed since ${at}`;
    if (copies === undefined)
      return `How many copies of ${what} cannot be told. Copies like them fail once this is taken back.`;
    if (copies === 0) return `No copy of ${what}. Later ones fail once this is taken back.`;
    return `${copiesOf(copies)} of ${what} and may rely on this. Copies like them fail once it is taken back.`;
  },
  still: (account: string, name: string) =>
    `Account ${account} can copy into the vault afterwards too: ${name} gives it the same.`,
};
