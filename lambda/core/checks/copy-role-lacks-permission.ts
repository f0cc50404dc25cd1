import { copyOf, type Copy, type Evidence } from '../evidence';
import { COPY_FROM, COPY_INTO, simulatedCopy, type Simulated } from '../role-evidence';
import { text } from '../text';
import { vaultThatAllows } from '../vault-questions';
import { cannotTell, fault, ok, unknown, type Check } from './check';

const id = 'copy-role-lacks-permission';
const texts = text[id];

export const copyRoleLacksPermission: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: [
    'iam:SimulatePrincipalPolicy@source',
    'backup:GetBackupVaultAccessPolicy@source',
    'backup:GetBackupVaultAccessPolicy@destination',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const { roleArn } = copy;
    if (roleArn === undefined) return cannotTell(texts.noRole);
    const simulated = simulatedCopy(evidence);
    if (!simulated.ok) return unknown(simulated.missing);
    const { into, from } = simulated.value;
    const rows = [into, from].filter((row) => row !== undefined);

    const byVault = rows.flatMap((row) => byVaultPolicy(evidence, row));
    const lacking = rows.filter(
      (row) => isDenied(row) && row.missingContext.length === 0 && !byVault.some(({ action }) => action === row.action),
    );
    if (lacking.length > 0) {
      const missing = lacking.filter((row) => row.decision === 'implicitDeny');
      const denied = lacking.filter((row) => row.decision === 'explicitDeny');
      const bounded = lacking.filter((row) => row.allowedByBoundary === false);
      return fault({
        confidence: 'likely',
        resource: roleArn,
        owner: copy.sourceAccount,
        because: [
          ...missing.map((row) => texts.doesNotAllow(roleArn, row.action, row.resource)),
          ...denied.map((row) => texts.denies(roleArn, row.action, row.resource, row.policies)),
          ...bounded.map((row) => texts.boundary(roleArn, row.action)),
        ],
        fix: {
          kind: 'manual',
          steps: texts.steps(copy, roleArn, {
            missing: missing.map((row) => ({ action: row.action, resource: resourceFor(row, copy) })),
            denied: denied.map((row) => row.action),
            bounded: bounded.length > 0,
          }),
        },
      });
    }
    // What is not lacking is allowed, hidden, undecided or not there.
    if (!into) return cannotTell(texts.noRow(COPY_INTO, copy.destinationVaultArn));
    if (!from) return cannotTell(texts.noRow(COPY_FROM, copy.recoveryPointArn ?? copy.sourceVaultArn));
    const hidden = rows.find((row) => row.decision !== 'allowed' && row.allowedByOrganizations === false);
    if (hidden) return cannotTell(texts.hidden(hidden.action));
    const [allowed] = byVault;
    if (allowed) return cannotTell(text.vaultPolicies.allowsRole(allowed.action, allowed.vaultArn));
    const undecided = rows.find((row) => row.decision !== 'allowed');
    if (undecided) return cannotTell(texts.undecided(undecided.action, undecided.missingContext));
    return ok;
  },
};

/** The vault whose own policy allows what no policy of the role does; a boundary and the organization bind all the same. */
function byVaultPolicy(evidence: Evidence, { action, decision, ...row }: Simulated) {
  if (decision !== 'implicitDeny' || row.allowedByBoundary === false || row.allowedByOrganizations === false) return [];
  const vaultArn = vaultThatAllows(evidence, action);
  return vaultArn === undefined ? [] : [{ action, vaultArn }];
}

const isDenied = ({ decision, allowedByOrganizations }: Simulated) =>
  (decision === 'implicitDeny' || decision === 'explicitDeny') && allowedByOrganizations !== false;

// As in AWS's own policy for the role: the vault for CopyInto, everything for CopyFrom (its recovery points have ARNs of
// many services). https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html
const resourceFor = (row: Simulated, copy: Copy) => (row.action === COPY_INTO ? copy.destinationVaultArn : '*');
