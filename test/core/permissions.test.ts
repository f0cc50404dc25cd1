import { readFileSync, writeFileSync } from 'node:fs';
import { checks } from '../../lambda/core/checks';
import { ORGANIZATION_OPERATIONS, READER_OPERATIONS, READS, type Operation } from '../../lambda/core/reads';
import { synthesizeHub } from '../../lib/synthesize';
import { deployedHub, statementsOf } from '../lib/hub-fixture';

const PAGE = 'docs/permissions.md';

/** Reads that no single check owns. */
const BESIDE_CHECKS: Partial<Record<Operation, string>> = {
  'backup:DescribeCopyJob': "every diagnosis: the job's own record, which wins over the event",
  'backup:ListCopyJobs': 'failures whose event got lost, and copies that succeeded since a failure',
  'cloudformation:DescribeStackResources': 'mails about a fix: whether a stack owns the vault or the key',
};

/** What the statements of the roles that change something are limited to, by their Sids. */
const LIMITED_TO: Record<string, string> = {
  ChangeListedVaults: 'the vaults in `destinations` (hub), or in the parameter `VaultNames` (destination account)',
  StartCopies: 'all recovery points: many of their ARNs are of other services, some without an account',
  PassCopyRoles: 'the roles in `copyRoles`, to backup.amazonaws.com alone',
};
const CHANGING = ['vault-writer', 'retrier'];

const changingRows = () => {
  const hub = deployedHub();
  return CHANGING.flatMap((name) =>
    statementsOf(hub.role(`-${name}`)).flatMap(({ Sid, Action }) =>
      [Action].flat().map((action) => `| \`-${name}\` | \`${action}\` | ${LIMITED_TO[Sid] ?? ''} |`),
    ),
  );
};

const checksThatRead = (operation: Operation) =>
  checks.filter(({ reads }) => reads.some((name) => name.split('@')[0] === operation)).map(({ id }) => id);

function page(): string {
  const rows = READER_OPERATIONS.map((operation) => {
    const why = [
      ...(BESIDE_CHECKS[operation] ? [BESIDE_CHECKS[operation]] : []),
      ...checksThatRead(operation).map((id) => `[${id}](checks/${id}.md)`),
    ];
    return `| \`${READS[operation]}\` | ${why.join(', ')} |`;
  });
  return [
    '# What the roles in accounts may do',
    '',
    '## Reading',
    '',
    'Every permission of `copy-doctor-<deployment>-reader`, the same in the source and the destination account, with the',
    'checks that need it. All are reads. A test keeps this page, the templates and the checks equal;',
    '`UPDATE_PAGES=1 npx jest test/core/permissions.test.ts` writes it anew.',
    '',
    '| permission | needed by |',
    '|---|---|',
    ...rows,
    '',
    '## Asking the organization',
    '',
    '`copy-doctor-<deployment>-organization-reader` is in the account of the setting `organizationAccount` alone, and only where',
    'that setting is given. Reads as well, and nothing else:',
    '',
    ...ORGANIZATION_OPERATIONS.map((operation) => `- \`${READS[operation]}\``),
    '',
    '## Changing',
    '',
    'Each of these roles is for one purpose. `remediate` alone may take them, for one change at a time, and each session says who',
    'decided on it (`sts:SourceIdentity`). `copy-doctor-<deployment>-vault-writer` is in the accounts of destinations, where the',
    "template's parameter `VaultWriter` leaves it out; `copy-doctor-<deployment>-retrier` is in the hub's account alone.",
    '',
    '| role | permission | limited to |',
    '|---|---|---|',
    ...changingRows(),
    '',
  ].join('\n');
}

describe('the permissions of roles in accounts', () => {
  it.each(READER_OPERATIONS)('%s is asked for by a check, or for a reason of its own', (operation) => {
    expect(BESIDE_CHECKS[operation] ?? checksThatRead(operation)[0]).toBeDefined();
  });

  it('hold every read that a check declares, outside the management account', () => {
    const declared = checks.flatMap(({ reads }) => reads).filter((name) => !name.endsWith('@organization'));
    for (const name of declared) expect(READER_OPERATIONS).toContain(name.split('@')[0]);
  });

  it('are exactly those of both templates', () => {
    const wanted = [...new Set(READER_OPERATIONS.map((operation) => READS[operation]))].sort();
    const { template, destinationTemplate } = synthesizeHub();
    for (const document of [template, destinationTemplate]) {
      const readers = Object.values(
        document['Resources'] as Record<string, { Type: string; Properties: Record<string, unknown> }>,
      ).filter(
        ({ Type, Properties }) =>
          Type === 'AWS::IAM::Role' && JSON.stringify(Properties['RoleName']).includes('-reader'),
      );
      expect(readers).toHaveLength(1);
      const policies = readers[0]?.Properties['Policies'] as {
        PolicyDocument: { Statement: { Action: string | string[] }[] };
      }[];
      const actions = policies.flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.flatMap(({ Action }) => Action),
      );
      expect([...actions].sort()).toEqual(wanted);
    }
  });

  it.each(CHANGING)('say what %s is limited to', (name) => {
    const statements = statementsOf(deployedHub().role(`-${name}`));
    expect(statements).not.toEqual([]);
    for (const { Sid } of statements) expect(LIMITED_TO).toHaveProperty(Sid);
  });

  it(`stand in ${PAGE}`, () => {
    if (process.env['UPDATE_PAGES']) writeFileSync(PAGE, page());
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });
});
