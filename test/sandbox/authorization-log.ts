import type { Identity } from './authorize';
import { applies, statementsOf, type PolicyRequest } from './matcher';
import type { Role } from './model';

export interface Refusal {
  action: string;
  resource: string;
  /** The caller's ARN. */
  principal: string;
  reason: string;
}

/** What was refused, and which statement of which role allowed the rest. */
export class AuthorizationLog {
  readonly refusals: Refusal[] = [];
  /** By role: `<index of the policy>/<Sid, or index of the statement>/<action>`, of the first Allow that fits. */
  readonly allowedBy = new Map<string, Set<string>>();

  refused(identity: Identity, { action, resource }: Pick<PolicyRequest, 'action' | 'resource'>, reason: string): void {
    this.refusals.push({ action, resource, principal: identity.arn, reason });
  }

  /** A role whose policies are undefined may do everything: no statement allowed it. */
  allowed(role: Role | undefined, request: PolicyRequest): void {
    if (!role?.policies) return;
    for (const [index, policy] of role.policies.entries()) {
      if (this.note(role.arn, String(index), policy, request)) return;
    }
  }

  trusted(role: Role, request: PolicyRequest): void {
    this.note(role.arn, 'trust', role.trust, request);
  }

  private note(roleArn: string, policy: string, document: string | object, request: PolicyRequest): boolean {
    const statements = statementsOf(document);
    const index = statements.findIndex((one) => one.Effect === 'Allow' && applies(one, request));
    if (index < 0) return false;
    const known = this.allowedBy.get(roleArn) ?? new Set();
    this.allowedBy.set(roleArn, known.add(`${policy}/${String(statements[index]?.Sid ?? index)}/${request.action}`));
    return true;
  }
}
