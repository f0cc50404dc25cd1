/** Values are text, tokens or intrinsic functions. */
export interface FunctionTrust {
  readonly hubRoot: unknown;
  /** The roles of the functions that take the role. */
  readonly functionRoles: readonly unknown[];
  /** The StringEquals block with aws:PrincipalOrgID, if there is an organization. */
  readonly organization?: unknown;
  /** True: a session says who decided on what it is opened for. */
  readonly namesDecider?: true;
}

/**
 * Who may take a role of a member account. The functions' roles are named in a condition, not as principals: a
 * principal is stored as the role's unique id and would be dead after the hub is made anew.
 */
export function functionTrust({ hubRoot, functionRoles, organization, namesDecider }: FunctionTrust) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: hubRoot },
        Action: namesDecider ? TAKING_WITH_DECIDER : 'sts:AssumeRole',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': functionRoles },
          ...(organization ? { StringEquals: organization } : {}),
        },
      },
    ],
  };
}

/** Both sides need both: a source identity that the role's trust does not allow makes AssumeRole fail. */
export const TAKING_WITH_DECIDER = ['sts:AssumeRole', 'sts:SetSourceIdentity'];
