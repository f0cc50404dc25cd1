import { readFileSync, writeFileSync } from 'node:fs';
import { checks } from '../../lambda/core/checks';
import { READER_OPERATIONS, READS, type Operation } from '../../lambda/core/reads';
import { synthesizeHub } from '../../lib/synthesize';

const PAGE = 'docs/permissions.md';

/** Reads that no single check owns. */
const BESIDE_CHECKS: Partial<Record<Operation, string>> = {
  'backup:DescribeCopyJob': "every diagnosis: the job's own record, which wins over the event",
  'backup:ListCopyJobs': 'failures whose event got lost, and copies that succeeded since a failure',
  'cloudformation:DescribeStackResources': 'mails about a fix: whether a stack owns the vault or the key',
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
    '# What the reader role may do',
    '',
    'Every permission of `copy-doctor-<deployment>-reader`, the same in the source and the destination account, with the',
    'checks that need it. All are reads. A test keeps this page, the templates and the checks equal;',
    '`UPDATE_PAGES=1 npx jest test/core/permissions.test.ts` writes it anew.',
    '',
    '| permission | needed by |',
    '|---|---|',
    ...rows,
    '',
  ].join('\n');
}

describe('the permissions of the reader role', () => {
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

  it(`stand in ${PAGE}`, () => {
    if (process.env['UPDATE_PAGES']) writeFileSync(PAGE, page());
    expect(readFileSync(PAGE, 'utf8')).toBe(page());
  });
});
