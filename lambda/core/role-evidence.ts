import { copyOf, listOf, objectAt, read, textAt, type Evidence, type Read } from './evidence';

export const COPY_INTO = 'backup:CopyIntoBackupVault';
export const COPY_FROM = 'backup:CopyFromBackupVault';

/** What the IAM policy simulator says of one action of the copy role. */
export interface Simulated {
  readonly action: string;
  readonly resource: string;
  readonly decision: string | undefined;
  /** Undefined: the account is in no organization, or the answer leaves it out. */
  readonly allowedByOrganizations: boolean | undefined;
  readonly allowedByBoundary: boolean | undefined;
  readonly policies: readonly string[];
  readonly missingContext: readonly string[];
}

/** The simulator's rows on the two actions of a copy; undefined: the answer has no row for the action. */
export function simulatedCopy(evidence: Evidence): Read<{ into?: Simulated; from?: Simulated }> {
  const copy = copyOf(evidence);
  const found = read(evidence, 'iam:SimulatePrincipalPolicy', 'source', copy.roleArn);
  if (!found.ok) return found;
  const rows = listOf(found.value, 'EvaluationResults');
  const into = choose(rows, COPY_INTO, [copy.destinationVaultArn]);
  const from = choose(rows, COPY_FROM, [copy.recoveryPointArn, copy.sourceVaultArn, '*']);
  return { ok: true, value: { ...(into && { into }), ...(from && { from }) } };
}

type Json = Readonly<Record<string, unknown>>;

function choose(
  rows: readonly Json[],
  action: string,
  resources: readonly (string | undefined)[],
): Simulated | undefined {
  const ofAction = rows.filter((row) => textAt(row, 'EvalActionName')?.toLowerCase() === action.toLowerCase());
  const exact = resources.flatMap((resource) => ofAction.filter((row) => textAt(row, 'EvalResourceName') === resource));
  const row = exact[0] ?? ofAction.find((candidate) => !isAVault(textAt(candidate, 'EvalResourceName') ?? ''));
  return row && simulated(action, row);
}

/** A row on another vault than the copy's says nothing about the copy. */
const isAVault = (resource: string) => resource.includes(':backup-vault:') && !resource.includes('*');

function simulated(action: string, row: Json): Simulated {
  const flag = (detail: string, name: string) => {
    const value = objectAt(row, detail)?.[name];
    return typeof value === 'boolean' ? value : undefined;
  };
  const missing = row['MissingContextValues'];
  return {
    action,
    resource: textAt(row, 'EvalResourceName') ?? '*',
    decision: textAt(row, 'EvalDecision'),
    allowedByOrganizations: flag('OrganizationsDecisionDetail', 'AllowedByOrganizations'),
    allowedByBoundary: flag('PermissionsBoundaryDecisionDetail', 'AllowedByPermissionsBoundary'),
    policies: listOf(row, 'MatchedStatements').flatMap((statement) => textAt(statement, 'SourcePolicyId') ?? []),
    missingContext: Array.isArray(missing) ? missing.filter((key): key is string => typeof key === 'string') : [],
  };
}
