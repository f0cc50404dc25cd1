import type { Copy, Missing } from '../../evidence';
import { folder } from './commands';

// What is said of causes that nothing proves. Apart from the mail, so that who diagnoses carries no mail.

/** The management account's id may not be known. */
const named = (account: string) => (/^\d+$/.test(account) ? `account ${account}` : `the ${account}`);

/** `kms:GetKeyPolicy in account 1… (AccessDeniedException)` */
export const missingRead = ({ permission, account, reason }: Missing) =>
  `${permission} in ${named(account)} (${reason})`;

/** `keyOwner`: a third account, whose key has to be read too. */
export const diagnoseAgain = (copy: Copy, keyOwner?: string) =>
  [
    `npx --no-install copy-doctor diagnose ${copy.copyJobId} --region ${copy.sourceRegion} --account ${copy.sourceAccount}`,
    ...(copy.crossAccount ? ['--destination-profile DESTINATION'] : []),
    ...(keyOwner === undefined ? [] : ['--key-profile KEY']),
  ].join(' ');

/** Where that command runs, and what stands for its capitals. */
export const withProfiles = ({ crossAccount, sourceAccount, destinationAccount }: Copy, keyOwner?: string) =>
  [
    `, ${folder}, with credentials of account ${sourceAccount}`,
    ...(crossAccount ? [`a profile of account ${destinationAccount} in place of DESTINATION`] : []),
    ...(keyOwner === undefined ? [] : [`a profile of account ${keyOwner} in place of KEY`]),
  ].join(' and ');

const distinct = (rows: readonly string[]) => [...new Set(rows)];

export const notRead = (missing: readonly Missing[]) =>
  `Not read: ${distinct(missing.map(missingRead)).join('; ').replaceAll(' (not read)', '')}.`;

/** Reads of the management account, which no reader role enters. */
const BY_HAND: Readonly<Record<string, (copy: Copy) => string>> = {
  'backup:DescribeGlobalSettings': () => 'aws backup describe-global-settings',
  // Which of the two is open depends on the cause: the source's place for a policy, the destination's for the organization.
  'organizations:DescribeAccount': ({ sourceAccount, destinationAccount }) =>
    [sourceAccount, destinationAccount].map((id) => `aws organizations describe-account --account-id ${id}`).join('\n'),
};

const byHand = ({ permission, account }: Missing, copy: Copy) =>
  account === copy.sourceAccount || account === copy.destinationAccount ? undefined : BY_HAND[permission]?.(copy);

/** AWS answered that it is not there: no permission changes that. */
const absent = ({ reason }: Missing) => /^(NoSuchEntity|ResourceNotFound|NotFound)/.test(reason);

export const unsettled = (because: string) => `The evidence does not settle it: ${because.replace(/\.$/, '')}.`;

/** A third account, a key of which could not be read. */
const keyOwnerOf = (missing: readonly Missing[], copy: Copy) =>
  missing.find(
    (row) =>
      row.permission.startsWith('kms:') &&
      !absent(row) &&
      ![copy.sourceAccount, copy.destinationAccount].includes(row.account),
  )?.account;

/** What has to be readable, one line an account, then the command that looks again; what is read by hand, before it. */
function letRead(missing: readonly Missing[], copy: Copy): readonly string[] {
  const elsewhere = missing.filter((row) => byHand(row, copy));
  const here = missing.filter((row) => !elsewhere.includes(row) && !absent(row));
  const accounts = distinct(here.map(({ account }) => account));
  const permissions = (account: string) =>
    distinct(here.filter((row) => row.account === account).map(({ permission }) => permission)).join(', ');
  const keyOwner = keyOwnerOf(here, copy);
  return [
    ...distinct(elsewhere.map(({ account }) => account)).map((account) =>
      [
        `Read this by hand, with credentials of ${named(account)}, or diagnose again with --organization-profile and a profile of it:`,
        ...distinct(elsewhere.filter((row) => row.account === account).map((row) => byHand(row, copy) ?? '')),
      ].join('\n'),
    ),
    ...distinct(here.filter(({ reason }) => reason === 'AccountNotListed').map(({ account }) => account)).map(
      (account) =>
        `Name account ${account}, which owns a key of this copy, in the setting keyAccounts, deploy again, and run the command of the output KeyAccountTemplate${account} there.`,
    ),
    ...(accounts.length === 0
      ? []
      : [
          [
            `Let the reader role, or credentials of yours, read what is missing, then diagnose again${withProfiles(copy, keyOwner)}:`,
            ...accounts.map((account) => `${named(account)}: ${permissions(account)}`),
            diagnoseAgain(copy, keyOwner),
          ].join('\n'),
        ]),
  ];
}

export const explain = (id: string) => `npx --no-install copy-doctor explain ${id}`;

export const unproven = {
  byMessage: (missing: readonly Missing[], because: string | undefined): readonly string[] => [
    'The status message points here.',
    ...(missing.length > 0 ? [notRead(missing)] : []),
    ...(because ? [unsettled(because)] : []),
  ],
  lookYourself: (ids: readonly string[], copy: Copy, missing: readonly Missing[]): readonly string[] => [
    ...letRead(missing, copy),
    [
      ids.length === 1
        ? 'Read what this cause means and how to look for it by hand:'
        : 'Read what each cause means and how to look for it by hand:',
      ...ids.map(explain),
    ].join('\n'),
  ],

  uncatalogued: {
    title: 'No known cause matches this failure',
    because: (
      counts: { readonly ok: number; readonly unknown: number; readonly notApplicable: number },
      pointed: { readonly ruledOut: readonly string[]; readonly notApplicable: readonly string[] },
    ): readonly string[] => [
      `Not known. Of the checks that ran, ${counts.ok} found no fault, ${counts.unknown} could not be decided, ${counts.notApplicable} do not apply to this copy.`,
      ...(pointed.ruledOut.length > 0
        ? [
            `The status message points to ${pointed.ruledOut.join(', ')}, which the evidence rules out as of now: it may have been mended since.`,
          ]
        : []),
      ...(pointed.notApplicable.length > 0
        ? [
            `The status message points to ${pointed.notApplicable.join(', ')}, which Copy Doctor does not look at for such a copy.`,
          ]
        : []),
    ],
    steps: (copy: Copy, unread: readonly Missing[]): readonly string[] => {
      const keyOwner = keyOwnerOf(unread, copy);
      return [
        ...letRead(unread, copy),
        `Save the case, so that it can be reported and replayed${withProfiles(copy, keyOwner)}:\n${diagnoseAgain(copy, keyOwner)} --save-case case-${copy.copyJobId}.json`,
      ];
    },
  },
};
