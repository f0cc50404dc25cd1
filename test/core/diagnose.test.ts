import { checks } from '../../lambda/core/checks';
import type { Check, CheckResult } from '../../lambda/core/checks/check';
import { diagnose } from '../../lambda/core/diagnose';
import type { Confidence, FixKind } from '../../lambda/core/finding';
import { reportOn, resultJson } from '../../lambda/core/report';
import { evidenceOf, policyText, type Overrides } from './evidence-fixture';

const ACCESS_DENIED = 'Access Denied trying to call AWS Backup service';
const ORGANIZATION = 'Copy job failed. Both source and destination account must be a member of the same organization.';

const check = (id: string, result: CheckResult, more: Partial<Check> = {}): Check => ({
  id,
  title: `Title of ${id}`,
  fix: 'manual',
  reads: [],
  evaluate: () => result,
  ...more,
});
const faulty = (confidence: Confidence, kind: FixKind = 'manual'): CheckResult => ({
  status: 'fault',
  finding: { confidence, resource: 'r', owner: '111111111111', because: ['A fact.'], fix: { kind, steps: ['Do it.'] } },
});
const fine: CheckResult = { status: 'ok' };
const unread: CheckResult = {
  status: 'unknown',
  missing: [{ permission: 'x:Read', account: '222222222222', reason: 'AccessDeniedException' }],
};
const run = (rows: readonly Check[], message: string, overrides: Overrides = {}) =>
  diagnose(evidenceOf({ detail: { statusMessage: message }, ...overrides }), rows);
const told = (rows: readonly Check[], message: string, overrides: Overrides = {}) =>
  run(rows, message, overrides).causes.map(({ id, confidence, fix }) => `${id} ${confidence} ${fix}`);
const NO_RECORD: Overrides = { responses: { 'backup:DescribeCopyJob': { error: 'ResourceNotFoundException' } } };

describe('diagnose', () => {
  it('tells a proven fault with its own confidence and fix', () => {
    expect(told([check('vault-policy-lacks-source', faulty('confirmed', 'vault-policy'))], ACCESS_DENIED)).toEqual([
      'vault-policy-lacks-source confirmed vault-policy',
    ]);
  });

  it('tells nothing above possible, and no policy, when the record was not read', () => {
    const rows = [check('vault-policy-lacks-source', faulty('confirmed', 'vault-policy'))];
    expect(told(rows, ACCESS_DENIED, { detail: { statusMessage: ACCESS_DENIED }, ...NO_RECORD })).toEqual([
      'vault-policy-lacks-source possible manual',
    ]);
  });

  it('puts the gate that AWS closes first before more certain ones, then goes by confidence', () => {
    const rows = [
      check('a', faulty('likely'), { firstGate: true }),
      check('b', faulty('possible')),
      check('c', faulty('confirmed')),
      check('d', faulty('likely')),
    ];
    expect(run(rows, ACCESS_DENIED).causes.map(({ id }) => id)).toEqual(['a', 'c', 'd', 'b']);
  });

  it('tells a text that fits several unread causes as one group of possible ones', () => {
    const rows = [
      check('vault-policy-lacks-source', unread),
      check('vault-policy-denies', fine),
      check('copy-role-lacks-permission', unread),
    ];
    const { causes, notCheckable } = run(rows, ACCESS_DENIED);
    const ids = causes.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['vault-policy-lacks-source', 'copy-role-lacks-permission']));
    expect(ids).not.toContain('vault-policy-denies');
    expect(
      causes.every(
        ({ confidence, fix, byMessageOnly }) => confidence === 'possible' && fix === 'manual' && byMessageOnly,
      ),
    ).toBe(true);
    expect(notCheckable.map(({ id }) => id)).toEqual(['vault-policy-lacks-source', 'copy-role-lacks-permission']);
  });

  it('tells in the mail what leaves each cause of a group open, where no refused read does', () => {
    const root = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });
    const { mail } = reportOn(
      evidenceOf({
        detail: {
          statusMessage:
            'The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it.',
        },
        responses: {
          'kms:GetKeyPolicy@source': {
            Policy: policyText({
              Effect: 'Allow',
              Principal: root('222222222222'),
              Action: 'kms:*',
              Resource: '*',
              Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-1' } },
            }),
          },
        },
      }),
      '2026-06-01T10:20:00Z',
    );
    expect(mail.body.replace(/\s+/g, ' ')).toContain(
      'depends on what the evidence does not tell: condition key aws:SourceVpce',
    );
  });

  it("is likely by message alone only if the record's text has exactly one cause", () => {
    const rows = [check('accounts-in-different-organizations', unread)];
    expect(told(rows, ORGANIZATION)).toEqual(['accounts-in-different-organizations likely manual']);
    expect(told(rows, ORGANIZATION, { detail: { statusMessage: ORGANIZATION }, ...NO_RECORD })).toEqual([
      'accounts-in-different-organizations possible manual',
    ]);
  });

  it('does not guess from the message what a proven fault explains', () => {
    const rows = [
      check('vault-policy-lacks-source', faulty('confirmed', 'vault-policy')),
      check('copy-role-lacks-permission', unread),
    ];
    expect(told(rows, ACCESS_DENIED)).toEqual(['vault-policy-lacks-source confirmed vault-policy']);
  });

  it('tells what else the message points to beside a fault of which AWS does not say that the copy meets it', () => {
    const doubtful = faulty('likely');
    if (doubtful.status !== 'fault') throw new Error('no fault');
    const rows = [
      check('source-vault-policy-denies', { ...doubtful, finding: { ...doubtful.finding, explains: false } }),
      check('vault-policy-lacks-source', unread),
    ];
    expect(told(rows, ACCESS_DENIED)).toEqual([
      'source-vault-policy-denies likely manual',
      'vault-policy-lacks-source possible manual',
    ]);
  });

  it('keeps what the message points to beside a proven fault that does not explain it', () => {
    const rows = [
      check('accounts-in-different-organizations', unread, { firstGate: true }),
      check('vault-policy-lacks-source', faulty('confirmed', 'vault-policy')),
    ];
    expect(told(rows, ORGANIZATION)).toEqual([
      'accounts-in-different-organizations likely manual',
      'vault-policy-lacks-source confirmed vault-policy',
    ]);
  });

  it('offers a retry for a transient cause that nothing else explains', () => {
    const text = 'We are unable to copy resource tags to your backup because of the Internal Failure';
    const rows = [
      check('tag-policy-violation', fine),
      check(
        'tag-copy-failed',
        { status: 'unknown', missing: [], because: 'only the message tells' },
        { fix: 'retry-later', messageOnly: true },
      ),
    ];
    expect(told(rows, text)).toEqual(['tag-copy-failed likely retry-later']);
    expect(run(rows, text).notCheckable).toEqual([]);
  });

  it('says when no cause is known, and what the message pointed to before', () => {
    const { causes } = run([check('accounts-in-different-organizations', fine)], ORGANIZATION);
    expect(causes.map(({ id, confidence, fix }) => ({ id, confidence, fix }))).toEqual([
      { id: 'uncatalogued', confidence: 'possible', fix: 'manual' },
    ]);
    expect(causes[0]?.because.join(' ')).toContain('accounts-in-different-organizations');
  });
});

describe('with every read refused', () => {
  const evidence = evidenceOf();
  const refused = {
    failure: evidence.failure,
    responses: Object.fromEntries(
      Object.keys(evidence.responses).map((key) => [key, { error: 'AccessDeniedException' }]),
    ),
  };
  const result = resultJson(reportOn(refused, '2026-06-01T10:16:00Z'));

  it('has no confirmed and no likely cause, and only manual fixes', () => {
    expect(result.causes.length).toBeGreaterThan(0);
    for (const { confidence, fix } of result.causes) expect([confidence, fix]).toEqual(['possible', 'manual']);
    // What the event itself tells needs no read.
    expect(result.ruledOut).not.toEqual([]);
    for (const id of result.ruledOut) expect(checks.find((row) => row.id === id)?.reads).toEqual([]);
  });

  it('names each permission and account', () => {
    const missing = result.notCheckable.flatMap((row) => row.missing);
    expect(missing.map(({ permission }) => permission)).toEqual(
      expect.arrayContaining([
        'backup:GetBackupVaultAccessPolicy',
        'organizations:DescribeOrganization',
        'backup:DescribeRecoveryPoint',
      ]),
    );
    for (const { account, reason } of missing) {
      expect(account).toMatch(/^(111111111111|222222222222|management account)$/);
      expect(['AccessDeniedException', 'not read']).toContain(reason);
    }
  });
});

describe('a drill', () => {
  it('says that mails arrive and which accounts can be read, and names no cause', () => {
    const { mail } = reportOn(evidenceOf({ detail: { copyDoctorDrill: true } }), '2026-06-01T10:16:00Z');
    expect(mail.subject).toBe('[Drill] Copy Doctor in account 111111111111, eu-west-1: mails arrive');
    expect(mail.body).toContain('Account 222222222222, with the vault dr: readable.');
    expect(mail.body).not.toMatch(/WHAT TO DO|failed: /);
  });
});
