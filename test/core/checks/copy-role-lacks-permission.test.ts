import { copyRoleLacksPermission } from '../../../lambda/core/checks/copy-role-lacks-permission';
import { COPY_ROLE, DESTINATION_VAULT, evidenceOf, RECOVERY_POINT, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

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
      name: 'within one account too',
      evidence: evidenceOf({
        detail: toVault(SOURCE, { region: 'eu-west-3' }),
        responses: {
          [READ]: {
            EvaluationResults: [
              row('CopyIntoBackupVault', `arn:aws:backup:eu-west-3:${SOURCE}:backup-vault:dr`, 'implicitDeny'),
              from('allowed'),
            ],
          },
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
    `aws iam put-role-policy --role-name AWSBackupDefaultServiceRole --policy-name CopyDoctorAllowCopy --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"backup:CopyIntoBackupVault","Resource":"${DESTINATION_VAULT}"}]}'`,
  );
});

it('offers no Allow against a Deny', () => {
  const result = copyRoleLacksPermission.evaluate(simulated(into('explicitDeny'), from('allowed')));
  expect(result.status === 'fault' && result.finding.fix.steps.join('\n')).not.toContain('put-role-policy');
});
