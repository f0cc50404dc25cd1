import { diagnose } from '../../../lambda/core/diagnose';
import { planFixes } from '../../../lambda/core/plan/plan-fix';
import { copyOf, type Evidence } from '../../../lambda/core/evidence';
import { copyIntoStatement } from '../../../lambda/core/vault-questions';
import {
  DESTINATION,
  DESTINATION_KEY,
  DESTINATION_VAULT,
  evidenceOf,
  KEY_STATEMENTS,
  REGION,
  SOURCE,
  SOURCE_KEY,
  toVault,
} from '../evidence-fixture';
import { AUDIT, KEEP, keyIs, keyWith, ownerOnly, planFor, plansFor, refusalFor, THIRD, vaultWith } from './fixture';

const OURS = copyIntoStatement(copyOf(evidenceOf()));
/** Copies that AWS never makes. */
const STACK = {
  event: { resources: [`arn:aws:backup:${REGION}:${SOURCE}:recovery-point:composite:1`] },
  detail: {
    resourceType: 'CloudFormation',
    resourceArn: `arn:aws:cloudformation:${REGION}:${SOURCE}:stack/orders/1`,
  },
};
const toGovCloud = { detail: toVault(DESTINATION, { region: 'us-gov-west-1' }) };
const AIR_GAPPED = {
  detail: { resourceType: 'RDS' },
  job: { DestinationVaultType: 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT' },
};
/** One that it did not make yet at the time. */
const NOT_YET = {
  event: { resources: [`arn:aws:fsx:${REGION}:${SOURCE}:backup/backup-0123456789abcdef0`] },
  detail: { resourceType: 'FSx', resourceArn: `arn:aws:fsx:${REGION}:${SOURCE}:volume/fs-0123/fsvol-0456` },
};
const LISTED = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };

describe('no plan at all', () => {
  it.each([
    ['nothing is wrong', evidenceOf()],
    [
      'the record was not read',
      vaultWith([AUDIT], { responses: { 'backup:DescribeCopyJob': { error: 'AccessDenied' } } }),
    ],
    [
      'the policy was not read',
      vaultWith([AUDIT], {
        responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'AccessDeniedException' } },
      }),
    ],
    [
      'the vault is Default',
      vaultWith([AUDIT], {
        detail: { destinationBackupVaultArn: DESTINATION_VAULT.replace(/dr$/, 'Default') },
      }),
    ],
    ['the key is managed by AWS', keyWith(ownerOnly, { responses: keyIs({ KeyManager: 'AWS' }) })],
  ])('%s', (_, evidence) => expect(plansFor(evidence)).toEqual([]));
});

describe('refused, with the reason', () => {
  const allow = (changes: Record<string, unknown>) => ({ ...AUDIT, ...changes });
  const deny = (Action: string, Sid = 'Guard', changes = {}) => ({ ...KEEP, Sid, Action, ...changes });
  const large = Array.from({ length: 300 }, (_, index) => ({ ...KEY_STATEMENTS.owner, Sid: `Owner${index}` }));
  const elsewhere = { Organization: { Id: 'o-another', MasterAccountId: '888888888888' } };
  const apart = { responses: { 'organizations:DescribeOrganization@destination': elsewhere } };
  const onlyUser = { ...KEY_STATEMENTS.owner, Principal: { AWS: `arn:aws:iam::${THIRD}:root` } };
  const rows: readonly (readonly [string, Evidence, string])[] = [
    ['a Deny matches', vaultWith([AUDIT, deny('backup:CopyInto*')]), '"Guard" (statement 2) denies the copy'],
    [
      'a Deny may match',
      vaultWith([AUDIT, deny('backup:*', 'Net', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })]),
      '"Net" (statement 2) may deny the copy',
    ],
    ['organizations differ', vaultWith([AUDIT], apart), 'different organizations'],
    ['a type that is never copied', vaultWith([AUDIT], STACK), 'does not copy CloudFormation'],
    ['a type that is never copied, key', keyWith(ownerOnly, STACK), 'does not copy CloudFormation'],
    ['another partition', vaultWith([AUDIT], toGovCloud), 'different partitions'],
    ['a type that the air-gapped vault never takes', vaultWith([AUDIT], AIR_GAPPED), 'logically air-gapped vault'],
    [
      'the key of the vault is managed by AWS',
      vaultWith([AUDIT], {
        responses: {
          'kms:DescribeKey@destination': {
            KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'AWS', KeyState: 'Enabled' },
          },
        },
      }),
      'The copy needs another vault',
    ],
    ['organizations differ, key', keyWith(ownerOnly, apart), 'different organizations'],
    [
      'the policy forbids its change',
      vaultWith([AUDIT, deny('backup:Put*')]),
      'denies backup:PutBackupVaultAccessPolicy',
    ],
    [
      'the policy may forbid its change: the check says manual',
      vaultWith([
        AUDIT,
        deny('backup:Put*', 'Some', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      ]),
      'may deny backup:PutBackupVaultAccessPolicy',
    ],
    ['a deleted role', vaultWith([allow({ Principal: { AWS: 'AROAEXAMPLEEXAMPLE123' } })]), 'no longer exists'],
    ['a deleted user', vaultWith([KEEP, allow({ Principal: { AWS: ['AIDAEXAMPLEEXAMPLE123'] } })]), 'statement 2'],
    ['no Resource', vaultWith([allow({ Resource: undefined })]), 'it has no Resource'],
    [
      'another action across accounts',
      vaultWith([allow({ Action: 'backup:StartRestoreJob' })]),
      'backup:StartRestoreJob',
    ],
    ['a wildcard across accounts', vaultWith([allow({ Action: 'backup:CopyInto*' })]), 'backup:CopyInto*'],
    ['NotAction across accounts', vaultWith([allow({ Action: undefined, NotAction: 'backup:Copy*' })]), 'all actions'],
    ['everyone', vaultWith([allow({ Principal: '*', Action: 'backup:StartRestoreJob' })]), 'to other accounts'],
    ['a key Deny matches', keyWith([...ownerOnly, deny('kms:CreateGrant')]), '"Guard" (statement 2) denies'],
    [
      'a key Deny may match',
      keyWith([...ownerOnly, deny('kms:*', 'Net', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })]),
      '"Net" (statement 2) may deny',
    ],
    ['the key forbids its change', keyWith([...ownerOnly, deny('kms:PutKeyPolicy')]), 'denies kms:PutKeyPolicy'],
    ['the key is disabled', keyWith(ownerOnly, { responses: keyIs({ KeyState: 'Disabled' }) }), 'state Disabled'],
    [
      'a key statement with another Resource',
      keyWith([...ownerOnly, { ...KEY_STATEMENTS.owner, Sid: 'Own', Resource: SOURCE_KEY }]),
      'has the Resource "*"',
    ],
    ['the policy grows too large', keyWith(large), '32768 bytes'],
    ['nobody could change it again', keyWith([onlyUser]), 'nobody in account'],
  ];
  it.each(rows)('%s', (_, evidence, reason) => {
    const told = refusalFor(evidence);
    expect(told).toContain(reason);
    expect(told).not.toMatch(/undefined|\[object|!|please|simply|\bjust\b|invalid|illegal/i);
  });

  it('not for what AWS did not copy at the time, but does since', () => {
    expect(diagnose(vaultWith([AUDIT], NOT_YET)).causes.map(({ id }) => id)).toContain('resource-type-not-copyable');
    expect(planFor(vaultWith([AUDIT], NOT_YET)).kind).toBe('vault-policy');
    expect(planFor(keyWith(ownerOnly, NOT_YET)).kind).toBe('key-policy');
  });

  it('the key policy is planned where only the vault has to be replaced', () => {
    const managed = {
      'kms:DescribeKey@destination': { KeyMetadata: { Arn: DESTINATION_KEY, KeyManager: 'AWS', KeyState: 'Enabled' } },
    };
    expect(planFor(keyWith(ownerOnly, { responses: managed })).kind).toBe('key-policy');
  });

  it('a destination that is not on the list', () => {
    const settings = { ...LISTED, destinations: [`${DESTINATION_VAULT}-other`] };
    expect(refusalFor(vaultWith([AUDIT]), settings)).toContain('not on the list');
    expect(refusalFor(keyWith(ownerOnly), settings)).toContain('not on the list');
  });

  it('the vault named Default and a key managed by AWS, also when a diagnosis says otherwise', () => {
    const closed = vaultWith([AUDIT]);
    const toDefault = vaultWith([AUDIT], {
      detail: { destinationBackupVaultArn: DESTINATION_VAULT.replace(/dr$/, 'Default') },
    });
    expect(planFixes(toDefault, diagnose(closed))).toMatchObject([
      { ok: false, reason: expect.stringContaining('Default') },
    ]);
    const managed = keyWith(ownerOnly, { responses: keyIs({ KeyManager: 'AWS' }) });
    expect(planFixes(managed, diagnose(keyWith(ownerOnly)))).toMatchObject([
      { ok: false, reason: expect.stringContaining('managed by AWS') },
    ]);
  });

  it('a policy that cannot be read', () => {
    expect(planFixes(vaultWith([{ Effect: 'Perhaps' }]), diagnose(vaultWith([AUDIT])))).toMatchObject([
      { ok: false, reason: expect.stringContaining('cannot be extended') },
    ]);
  });

  it('what is there already', () => {
    const open = vaultWith([OURS]);
    expect(planFixes(open, diagnose(vaultWith([AUDIT])))).toMatchObject([
      { ok: false, reason: expect.stringContaining('already has') },
    ]);
  });
});
