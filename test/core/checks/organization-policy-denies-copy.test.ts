import { organizationPolicyDeniesCopy } from '../../../lambda/core/checks/organization-policy-denies-copy';
import {
  COPY_ROLE,
  DESTINATION_VAULT,
  evidenceOf,
  MANAGEMENT,
  RECOVERY_POINT,
  SOURCE,
  toVault,
} from '../evidence-fixture';
import { testCheck } from './check-tester';

const SIMULATED = 'iam:SimulatePrincipalPolicy@source';
const HOME = 'organizations:DescribeOrganization@source';
const row = (action: string, resource: string, organization?: boolean) => ({
  EvalActionName: `backup:${action}`,
  EvalResourceName: resource,
  EvalDecision: organization === false ? 'implicitDeny' : 'allowed',
  ...(organization === undefined ? {} : { OrganizationsDecisionDetail: { AllowedByOrganizations: organization } }),
});
const simulated = (into?: boolean, from?: boolean) => ({
  EvaluationResults: [
    row('CopyIntoBackupVault', DESTINATION_VAULT, into),
    row('CopyFromBackupVault', RECOVERY_POINT, from),
  ],
});
const refused = { error: 'AccessDenied' };

testCheck(organizationPolicyDeniesCopy, {
  fault: [
    {
      name: 'into the vault',
      evidence: evidenceOf({ responses: { [SIMULATED]: simulated(false, true) } }),
      confidence: 'possible',
      resource: COPY_ROLE,
      because: [`backup:CopyIntoBackupVault by ${COPY_ROLE} on ${DESTINATION_VAULT}`],
    },
    {
      name: 'from the vault',
      evidence: evidenceOf({ responses: { [SIMULATED]: simulated(true, false) } }),
      confidence: 'possible',
      because: ['backup:CopyFromBackupVault'],
    },
    {
      name: 'within one account too',
      evidence: evidenceOf({
        detail: toVault(SOURCE, { region: 'eu-west-3' }),
        responses: { [SIMULATED]: simulated(false, false) },
      }),
      confidence: 'possible',
    },
    {
      name: 'organization not readable',
      evidence: evidenceOf({
        responses: {
          [SIMULATED]: simulated(false, true),
          [HOME]: refused,
          'organizations:DescribeOrganization@destination': refused,
        },
      }),
      confidence: 'possible',
    },
  ],
  ok: [],
  notApplicable: [
    {
      name: 'source is the management account, which no such policy touches',
      evidence: evidenceOf({
        responses: { [HOME]: { Organization: { Id: 'o-exampleorg', MasterAccountId: SOURCE } } },
      }),
    },
    {
      name: 'source is in no organization',
      evidence: evidenceOf({ responses: { [HOME]: { error: 'AWSOrganizationsNotInUseException' } } }),
    },
  ],
  unknown: [
    { name: 'true never rules it out', evidence: evidenceOf(), because: 'misjudges' },
    {
      name: 'no organization decision',
      evidence: evidenceOf({ responses: { [SIMULATED]: simulated() } }),
      because: 'no organization decision',
    },
    {
      name: 'simulation refused',
      evidence: evidenceOf({ responses: { [SIMULATED]: refused } }),
      missing: [{ permission: 'iam:SimulatePrincipalPolicy', account: SOURCE, reason: 'AccessDenied' }],
    },
    {
      name: 'managed by another account',
      evidence: evidenceOf({
        responses: { [HOME]: { Organization: { Id: 'o-exampleorg', MasterAccountId: MANAGEMENT } } },
      }),
    },
  ],
});
