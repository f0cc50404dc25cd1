import type { Diagnosis } from '../diagnose';

/** A text of AWS or of a policy that is longer tells machines nothing more. */
const LONGEST = 4000;

/** The diagnosis for machines (SQS, HTTPS subscribers): versioned; members are only added; long texts are cut. */
export function renderJson({ copy, causes, ruledOut, notCheckable, drill }: Diagnosis): string {
  const body = {
    version: 1,
    kind: 'diagnosis',
    drill,
    copyJobId: copy.copyJobId,
    account: copy.sourceAccount,
    region: copy.sourceRegion,
    sourceBackupVaultArn: copy.sourceVaultArn,
    destinationBackupVaultArn: copy.destinationVaultArn,
    recoveryPointArn: copy.recoveryPointArn,
    resourceArn: copy.resourceArn,
    resourceType: copy.resourceType,
    statusMessage: copy.statusMessage,
    causes: causes.map(({ id, title, confidence, fix, resource, owner, because }) => ({
      id,
      title,
      confidence,
      fix,
      resource,
      owner,
      because,
    })),
    ruledOut,
    notCheckable,
  };
  return JSON.stringify(body, (_, value: unknown) => (typeof value === 'string' ? value.slice(0, LONGEST) : value));
}
