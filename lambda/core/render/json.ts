import type { Diagnosis } from '../diagnose';

/** The diagnosis for machines (SQS, HTTPS subscribers): versioned; members are only added. At most 200 KB by its caps. */
export function renderJson({ copy, causes, ruledOut, notCheckable, drill }: Diagnosis): string {
  return JSON.stringify({
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
  });
}
