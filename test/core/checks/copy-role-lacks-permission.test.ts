import { copyRoleLacksPermission } from '../../../lambda/core/checks/copy-role-lacks-permission';
import {
  COPY_ROLE,
  DESTINATION_VAULT,
  evidenceOf,
  policyText,
  RECOVERY_POINT,
  SOURCE,
  toVault,
} from '../evidence-fixture';
import { testCheck } from './check-tester';
import { copyInto, vaultPolicy } from './vault-policy-fixture';

const READ = 'iam:SimulatePrincipalPolicy@source';
const row = (action: string, EvalResourceName: string, EvalDecision: string, more: object = {}) => ({
  EvalActionName: `backup:${action}`,
  EvalResourceName,
  EvalDecision,
  ...more,
});
const into = (decision: string, more?: object) => row('CopyIntoBackupVault', DESTINATION_VAULT, decision, more);
const from = (decision: string, more?: object) => row('CopyFromBackupVault', RECOVERY_POINT, decision, more);
const simulated = (...EvaluationResults: object[]) => evidenceOf({ responses: { [READ]: { EvaluationResults } } });
const hidden = { OrganizationsDecisionDetail: { AllowedByOrganizations: false } };
const bounded = { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } };
const NEAR_VAULT = `arn:aws:backup:eu-west-3:${SOURCE}:backup-vault:dr`;
/** Within one account: no policy of the role allows it, the vault has this statement. */
const within = (statement: Record<string, unknown>, more: object = {}) =>
  evidenceOf({
    detail: toVault(SOURCE, { region: 'eu-west-3' }),
    responses: {
      ...vaultPolicy(copyInto(statement)),
      [READ]: {
        EvaluationResults: [row('CopyIntoBackupVault', NEAR_VAULT, 'implicitDeny', more), from('allowed')],
      },
    },
  });
const byRole = { Principal: { AWS: COPY_ROLE } };
const GOV_VAULT = DESTINATION_VAULT.replace('arn:aws:', 'arn:aws-us-gov:');

testCheck(copyRoleLacksPermission, {
  fault: [
    {
      name: 'no Allow into the vault',
      evidence: simulated(into('implicitDeny'), from('allowed')),
      confidence: 'likely',
      resource: COPY_ROLE,
      because: [`No policy of ${COPY_ROLE} allows backup:CopyIntoBackupVault on ${DESTINATION_VAULT}`],
    },
    {
      name: 'no Allow from the vault',
      evidence: simulated(into('allowed'), from('implicitDeny')),
      confidence: 'likely',
      because: [`allows backup:CopyFromBackupVault on ${RECOVERY_POINT}`],
    },
    {
      name: 'a Deny',
      evidence: simulated(into('explicitDeny', { MatchedStatements: [{ SourcePolicyId: 'KeepIn' }] }), from('allowed')),
      confidence: 'likely',
      because: ['denies backup:CopyIntoBackupVault', 'KeepIn'],
    },
    {
      name: 'one lacking, the other hidden by the organization',
      evidence: simulated(into('implicitDeny'), from('implicitDeny', hidden)),
      confidence: 'likely',
    },
    {
      name: 'permissions boundary',
      evidence: simulated(into('implicitDeny', bounded), from('allowed')),
      confidence: 'likely',
      because: ['The permissions boundary'],
    },
    {
      name: "the row of the copy's own vault counts",
      evidence: simulated(row('CopyIntoBackupVault', GOV_VAULT, 'allowed'), into('implicitDeny'), from('allowed')),
      confidence: 'likely',
    },
    {
      name: 'row for everything',
      evidence: simulated(into('allowed'), row('CopyFromBackupVault', '*', 'implicitDeny')),
      confidence: 'likely',
    },
    {
      name: 'one row missing, the other lacking',
      evidence: simulated(into('implicitDeny')),
      confidence: 'likely',
    },
    {
      name: 'within one account too, where the vault leaves it to the account',
      evidence: within({}),
      confidence: 'likely',
    },
    {
      name: 'within one account, where the vault lets another role in',
      evidence: within({ Principal: { AWS: `${COPY_ROLE}-2` } }),
      confidence: 'likely',
    },
    {
      name: 'within one account, where the permissions boundary binds',
      evidence: within(byRole, bounded),
      confidence: 'likely',
    },
    {
      name: 'across accounts, whatever the vault allows',
      evidence: evidenceOf({
        responses: {
          ...vaultPolicy(copyInto(byRole)),
          [READ]: { EvaluationResults: [into('implicitDeny'), from('allowed')] },
        },
      }),
      confidence: 'likely',
    },
  ],
  ok: [
    { name: 'both allowed', evidence: evidenceOf() },
    {
      name: 'another vault is denied',
      evidence: simulated(row('CopyIntoBackupVault', GOV_VAULT, 'explicitDeny'), into('allowed'), from('allowed')),
    },
    {
      name: 'action in other capitals',
      evidence: simulated({ ...into('allowed'), EvalActionName: 'backup:copyintobackupvault' }, from('allowed')),
    },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'within one account, where the vault lets the role in',
      evidence: within(byRole),
      because: 'the access policy of vault dr does',
    },
    {
      name: 'within one account, where the vault lets everyone in',
      evidence: within({ Principal: '*' }),
      because: 'within one account either can be enough',
    },
    {
      name: 'the source vault lets the role copy out of it',
      evidence: evidenceOf({
        responses: {
          'backup:GetBackupVaultAccessPolicy@source': {
            Policy: policyText(copyInto({ ...byRole, Action: 'backup:CopyFromBackupVault' })),
          },
          [READ]: { EvaluationResults: [into('allowed'), from('implicitDeny')] },
        },
      }),
      because: 'the access policy of vault prod does',
    },
    {
      name: 'only another vault is denied',
      evidence: simulated(row('CopyIntoBackupVault', GOV_VAULT, 'implicitDeny'), from('allowed')),
      because: 'backup:CopyIntoBackupVault',
    },
    {
      name: 'hidden by the organization',
      evidence: simulated(into('implicitDeny', hidden), from('allowed')),
      because: 'A policy of the organization',
    },
    { name: 'no row into', evidence: simulated(from('allowed')), because: 'backup:CopyIntoBackupVault' },
    { name: 'no row from', evidence: simulated(into('allowed')), because: 'backup:CopyFromBackupVault' },
    {
      name: 'a condition key that was not given',
      evidence: simulated(into('implicitDeny', { MissingContextValues: ['aws:PrincipalTag/team'] }), from('allowed')),
      because: 'aws:PrincipalTag/team',
    },
    {
      name: 'a decision that is not known',
      evidence: simulated(into('perhaps'), from('allowed')),
      because: 'no decision',
    },
    {
      name: 'refused',
      evidence: evidenceOf({ responses: { [READ]: { error: 'AccessDenied' } } }),
      missing: [{ permission: 'iam:SimulatePrincipalPolicy', account: SOURCE, reason: 'AccessDenied' }],
    },
    { name: 'no role named', evidence: evidenceOf({ detail: { iamRoleArn: undefined } }), because: 'names no role' },
  ],
});

it('gives the statement and the command with real ids', () => {
  const result = copyRoleLacksPermission.evaluate(simulated(into('implicitDeny'), from('allowed')));
  const steps = result.status === 'fault' ? result.finding.fix.steps.join('\n') : '';
  expect(steps).toContain(`"Resource": "${DESTINATION_VAULT}"`);
  expect(steps).toContain(
    `aws iam put-role-policy --role-name AWSBackupDefaultServiceRole --policy-name CopyDoctorAllowCopyInto-dr-222222222222-eu-west-1 --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"backup:CopyIntoBackupVault","Resource":"${DESTINATION_VAULT}"}]}'`,
  );
});

it('offers no Allow against a Deny', () => {
  const result = copyRoleLacksPermission.evaluate(simulated(into('explicitDeny'), from('allowed')));
  expect(result.status === 'fault' && result.finding.fix.steps.join('\n')).not.toContain('put-role-policy');
});

describe('the names of the policies', () => {
  const commands = (vaultArn: string, lacking: readonly ('Into' | 'From')[], verb = 'put') => {
    const decision = (action: 'Into' | 'From') => (lacking.includes(action) ? 'implicitDeny' : 'allowed');
    const result = copyRoleLacksPermission.evaluate(
      evidenceOf({
        detail: { destinationBackupVaultArn: vaultArn },
        responses: {
          [READ]: {
            EvaluationResults: [row('CopyIntoBackupVault', vaultArn, decision('Into')), from(decision('From'))],
          },
        },
      }),
    );
    const steps = result.status === 'fault' ? result.finding.fix.steps.join('\n') : '';
    return [...steps.matchAll(new RegExp(`aws iam ${verb}-role-policy .*--policy-name (\\S+)(.*)$`, 'gm'))].map(
      ([, name = '', document = '']) => ({ name, document }),
    );
  };
  const vault = (name: string, account = '222222222222', region = 'eu-west-1') =>
    `arn:aws:backup:${region}:${account}:backup-vault:${name}`;
  const cases = [
    commands(vault('dr-a'), ['Into']),
    commands(vault('dr-b'), ['Into']),
    commands(vault('dr-a', '333333333333'), ['Into']),
    commands(vault('dr-a', '222222222222', 'eu-west-3'), ['Into']),
    commands(vault('dr-a'), ['From']),
    commands(vault('dr-a'), ['Into', 'From']),
    commands(vault('dr-b'), ['Into', 'From']),
  ];

  it('two policies with one name say the same, so none takes away what another has added', () => {
    const said = new Map<string, string>();
    for (const { name, document } of cases.flat()) {
      expect(said.get(name) ?? document).toBe(document);
      said.set(name, document);
      expect(name).toMatch(/^[\w+=,.@-]{1,128}$/);
    }
    expect(said.size).toBe(5);
  });

  it('what undoes it names the same', () => {
    const names = (verb: string) => commands(vault('dr-a'), ['Into', 'From'], verb).map(({ name }) => name);
    expect(names('delete')).toEqual(names('put'));
    expect(names('put')).toHaveLength(2);
  });

  it('the longest vault has room', () => {
    const name = `${'v'.repeat(49)}a`;
    expect(commands(vault(name, '222222222222', 'ap-southeast-4'), ['Into'])[0]?.name).toContain(name);
  });
});
