import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { arg } from './policy-words';

// Tags are written by people.
const quote = (value: string) => `"${clean(value, 256)}"`;
const oneOf = (values: readonly string[]) => (values.length === 0 ? 'none' : values.map(quote).join(', '));

interface Change {
  readonly tag: { readonly key: string };
  /** As the policy spells it. */
  readonly key: string;
  readonly values: readonly string[] | undefined;
}

/** Texts of the checks on tags, by check id. */
export const tags = {
  'tag-policy-violation': {
    title: "A tag of the recovery point breaks a tag policy that is enforced for the copy's type",
    policyEnforces: (account: string, key: string, type: string) =>
      `The effective tag policy of account ${account} enforces tag key ${quote(key)} for ${type}.`,
    badValue: (key: string, value: string, allowed: readonly string[]) =>
      `The recovery point has tag ${quote(key)} with value ${quote(value)}; the allowed values are ${oneOf(allowed)}.`,
    badKey: (key: string, wanted: string) =>
      `The recovery point has tag key ${quote(key)}; the tag policy spells it ${quote(wanted)}.`,
    policyUnreadable: (account: string, problem: string) =>
      `The effective tag policy of account ${account} cannot be read: ${clean(problem, 200)}.`,
    unknownType: (type: string) => `The tag policy's name for a copy of type ${quote(type)} is not known.`,
    noTagsFound:
      'The Resource Groups Tagging API lists no tags for the recovery point, and it leaves out untagged resources.',
    noRecoveryPoint: 'The copy job names no recovery point.',
    incomplete: 'The list of tags is not complete.',
    steps: (copy: Copy, changes: readonly Change[]) => [
      ...changes.map(({ tag, key, values }) => {
        const what = tag.key === key ? `Change tag ${quote(key)}` : `Replace tag ${quote(tag.key)} by ${quote(key)}`;
        const where = `on ${copy.recoveryPointArn ?? 'the recovery point'} and on ${copy.resourceArn ?? 'the resource'}`;
        return `${what} ${where}${values === undefined ? '' : `, with one of the values ${oneOf(values)}`}.`;
      }),
      'Look for the same tag in the tags that the backup plan adds: these replace the tags of the resource.',
      "Or allow the present tag in the organization's tag policy, with the management account's credentials.",
      'Start the copy again.',
    ],
  },

  'too-many-tags': {
    title: 'The copy would have more than 50 tags',
    counted: (count: number, complete: boolean) =>
      `The recovery point has ${complete ? '' : 'at least '}${count} ${count === 1 ? 'tag' : 'tags'}; AWS Backup adds those of the plan and of the resource.`,
    steps: (copy: Copy): readonly string[] => [
      `Count the tags of the resource together with the tags that the backup plan adds, in account ${copy.sourceAccount}${
        copy.resourceArn
          ? `:\naws resourcegroupstaggingapi get-resources --resource-arn-list ${arg(copy.resourceArn)} --query "length(ResourceTagMappingList[0].Tags)" --region ${arg(copy.sourceRegion)}`
          : '.'
      }`,
      'Remove tags from the resource or from the backup plan until both have at most 50 together. Note them first: policies and bills may use them.',
      'Run a new backup and let it be copied: the tags of the old recovery point stay as they are.',
    ],
  },

  'tag-copy-failed': {
    title: 'AWS Backup could not write the tags on the copy',
    onlyMessage: "Only AWS's message tells of this cause; no tag policy is known to be broken.",
    steps: (copy: Copy) => [
      'Start the copy again later: AWS reports a failure of its own that passes.',
      `Look at the copies in ${copy.destinationVaultArn}, if it fails again: a copy whose tags are missing may already be there.`,
    ],
  },
};
