import { copyOf, organization } from '../evidence';
import { simulatedCopy } from '../role-evidence';
import { text } from '../text';
import { cannotTell, fault, notApplicable, unknown, type Check } from './check';

const id = 'organization-policy-denies-copy';
const texts = text[id];

/** Never above *possible*, never `ok`: the simulator misjudges service control policies that have conditions. */
export const organizationPolicyDeniesCopy: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['iam:SimulatePrincipalPolicy@source', 'organizations:DescribeOrganization@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const home = organization(evidence, 'source');
    // Service control policies do not touch the management account.
    if (home.ok && (!home.value || home.value.managementAccount === copy.sourceAccount)) return notApplicable;

    const simulated = simulatedCopy(evidence);
    if (!simulated.ok) return unknown(simulated.missing);
    const rows = [simulated.value.into, simulated.value.from].filter((row) => row !== undefined);
    const denied = rows.filter((row) => row.allowedByOrganizations === false);
    const { roleArn } = copy;
    if (denied.length === 0 || roleArn === undefined) {
      return cannotTell(rows.some((row) => row.allowedByOrganizations) ? texts.allowed : texts.noDetail);
    }
    const management = home.ok ? home.value?.managementAccount : undefined;
    const actions = denied.map((row) => row.action);
    return fault({
      confidence: 'possible',
      resource: roleArn,
      owner: management ?? 'management account',
      because: denied.map((row) => texts.because(row.action, row.resource, roleArn)),
      fix: { kind: 'manual', steps: texts.steps(copy, roleArn, actions, management) },
    });
  },
};
