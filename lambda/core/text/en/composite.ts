import { shortName } from '../../arn';
import type { Copy, Missing } from '../../evidence';
import { clean } from '../clean';
import { startCopy } from './playbooks';
import { plural } from './plural';
import { diagnoseAgain, notRead, withProfiles } from './unproven';

/** One nested copy that failed. */
export interface Nested {
  readonly id: string;
  readonly type: string | undefined;
  readonly resource: string | undefined;
  readonly state: string;
  readonly message: string | undefined;
  /** Causes that its message points to. */
  readonly causes: readonly string[];
}

/** So many are listed, and for so many the command is given. */
const LISTED = 20;
const COMMANDS = 5;

const line = ({ id, type, resource, state, message, causes }: Nested) =>
  [
    `${[type, resource && shortName(resource)].filter(Boolean).join(' ') || 'a resource without a name'}, copy job ${id}: ${state}`,
    ...(message === undefined ? [] : [`"${clean(message, 300)}"`]),
    ...(causes.length > 0 ? [`its text points to ${causes.join(', ')}`] : []),
  ].join('; ');

/** Texts of the check on composite jobs. */
export const composite = {
  'nested-copy-failed': {
    title: 'At least one of the nested copies of this composite job failed',
    because: (
      { copyJobId }: Copy,
      nested: readonly Nested[],
      failed: number,
      total: number,
      missing: Missing | undefined,
    ): readonly string[] => [
      [
        `Of the ${total > 0 ? plural(total, 'nested copy', 'nested copies') : 'nested copies'} of composite job ${copyJobId}, ${failed} did not succeed${nested.length > 0 ? ':' : '.'}`,
        ...nested.slice(0, LISTED).map((one) => `  ${line(one)}`),
        ...(nested.length > LISTED ? [`  and ${nested.length - LISTED} more`] : []),
      ].join('\n'),
      ...(missing ? [notRead([missing])] : []),
    ],
    noParent: 'The job ended as PARTIAL, but its record names no nested jobs.',
    noneFailed: 'None of the nested jobs on record has failed.',
    steps: (copy: Copy, nested: readonly Nested[]): readonly string[] => [
      [
        `Mend what stops each nested copy. Each has a diagnosis, an incident and a mail of its own; this shows one again${withProfiles(copy)}:`,
        ...(nested.length > 0 ? nested.slice(0, COMMANDS) : [{ id: 'NESTED' }]).map(({ id }) =>
          diagnoseAgain({ ...copy, copyJobId: id }),
        ),
      ].join('\n'),
      'Copy Doctor starts a nested copy again by itself where it can mend its cause. It does not start the composite for that: AWS Backup would copy all of its members once more.',
      `Wait for the next scheduled copy to have all of them in one composite recovery point, or start that copy once they are mended${startCopy(copy)}`,
    ],
  },
};
