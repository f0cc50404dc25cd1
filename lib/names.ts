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
});
