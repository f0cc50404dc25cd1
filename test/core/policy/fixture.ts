import { evaluate } from '../../../lambda/core/policy/evaluate';
import type {
  Decision,
  PolicyDocument,
  PolicyRequest,
  RequestPrincipal,
  Statement,
  Verdict,
} from '../../../lambda/core/policy/policy';

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/service-role/Backup`;
export const VAULT = `arn:aws:backup:eu-central-1:${OTHER}:backup-vault:Central`;

export const role: RequestPrincipal = { arn: ROLE, account: ACCOUNT };

export function request(changes: Partial<PolicyRequest> = {}): PolicyRequest {
  return { principal: role, action: 'backup:CopyIntoBackupVault', resource: VAULT, context: {}, ...changes };
}

export function statement(changes: Partial<Statement> = {}): Statement {
  const { Principal, Action, Resource } = {
    Principal: changes.NotPrincipal === undefined ? '*' : undefined,
    Action: changes.NotAction === undefined ? 'backup:CopyIntoBackupVault' : undefined,
    Resource: changes.NotResource === undefined ? '*' : undefined,
  };
  return { Effect: 'Allow', Principal, Action, Resource, ...changes };
}

export function document(...statements: Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function judge(one: Partial<Statement>, changes: Partial<PolicyRequest> = {}): Verdict {
  return evaluate(document(statement(one)), request(changes));
}

/** Does the statement match? As an Allow on its own: yes, no or maybe. */
export function matches(one: Partial<Statement>, changes: Partial<PolicyRequest> = {}): 'yes' | 'no' | 'maybe' {
  return answer(judge(one, changes).decision);
}

export function answer(decision: Decision): 'yes' | 'no' | 'maybe' {
  if (decision === 'CannotTell') return 'maybe';
  return decision === 'ImplicitlyDenied' ? 'no' : 'yes';
}
