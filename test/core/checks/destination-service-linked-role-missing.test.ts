import { destinationServiceLinkedRoleMissing } from '../../../lambda/core/checks/destination-service-linked-role-missing';
import { DESTINATION, evidenceOf, SERVICE_LINKED_ROLE, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const answering = (response: Record<string, unknown> | undefined) =>
  evidenceOf({ responses: { 'iam:GetRole@destination': response } });

testCheck(destinationServiceLinkedRoleMissing, {
  fault: ['NoSuchEntity', 'NoSuchEntityException'].map((error) => ({
    name: error,
    evidence: answering({ error }),
    confidence: 'possible' as const,
    resource: SERVICE_LINKED_ROLE,
    because: [`IAM in account ${DESTINATION}`],
  })),
  ok: [{ name: 'the role is there', evidence: evidenceOf() }],
  notApplicable: [
    {
      name: 'within one account',
      evidence: evidenceOf({
        detail: toVault(SOURCE),
        responses: { 'iam:GetRole@destination': { error: 'NoSuchEntity' } },
      }),
    },
  ],
  unknown: [
    {
      name: 'a refused GetRole',
      evidence: answering({ error: 'AccessDenied' }),
      missing: [{ permission: 'iam:GetRole', account: DESTINATION }],
    },
    { name: 'no answer', evidence: answering(undefined), missing: [{ permission: 'iam:GetRole' }] },
    {
      name: 'no reader there',
      evidence: answering({ error: 'CredentialsNotGiven' }),
      missing: [{ account: DESTINATION }],
    },
    {
      name: 'an answer about another role',
      evidence: answering({ Role: { Arn: SERVICE_LINKED_ROLE.replace(DESTINATION, SOURCE) } }),
      because: 'another role',
    },
    { name: 'an answer without a role', evidence: answering({}), because: 'another role' },
  ],
});
