/** Names that hub and member accounts must agree on. `deployment` may be a token or a placeholder of Fn::Sub. */
export const names = (deployment: string) => ({
  stack: `copy-doctor-${deployment}`,
  diagnose: `copy-doctor-${deployment}-diagnose`,
  remediate: `copy-doctor-${deployment}-remediate`,
  approve: `copy-doctor-${deployment}-approve`,
  /** The role that people of other accounts take to decide. */
  approver: `copy-doctor-${deployment}-approver`,
  /** The managed policy for people who look at incidents. */
  operator: `copy-doctor-${deployment}-operator`,
  reader: `copy-doctor-${deployment}-reader`,
  /** Asks the organization about its accounts. */
  organizationReader: `copy-doctor-${deployment}-organization-reader`,
  /** Changes the policies of the listed vaults. */
  vaultWriter: `copy-doctor-${deployment}-vault-writer`,
  /** Starts copies. */
  retrier: `copy-doctor-${deployment}-retrier`,
  /** Of the rule, the log group's last part and the alarm: a vault's policy was changed by somebody else. */
  policyWatch: `copy-doctor-${deployment}-vault-policy-changed`,
});
