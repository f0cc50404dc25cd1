/** Names that hub and member accounts must agree on. `deployment` may be a token or a placeholder of Fn::Sub. */
export const names = (deployment: string) => ({
  stack: `copy-doctor-${deployment}`,
  diagnose: `copy-doctor-${deployment}-diagnose`,
  reader: `copy-doctor-${deployment}-reader`,
});
