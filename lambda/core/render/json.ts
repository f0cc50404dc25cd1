import type { Diagnosis } from '../diagnose';
import { oneLine } from './layout';

/** A text of AWS or of a policy that is longer tells machines nothing more. */
const LONGEST = 4000;

/** The diagnosis for machines (SQS, HTTPS subscribers): versioned; members are only added; long texts are cut. */
export const renderJson = (diagnosis: Diagnosis): string => jsonText(diagnosisBody(diagnosis));

/** JSON with no text in it that is longer, or holds more, than what people may be shown. */
export const jsonText = (body: object): string =>
  JSON.stringify(body, (_, value: unknown) =>
    typeof value === 'string' ? cleanLines(value.slice(0, LONGEST)) : value,
  );

const cleanLines = (text: string) => text.split('\n').map(oneLine).join('\n');

export const diagnosisBody = ({ copy, causes, ruledOut, notCheckable, drill }: Diagnosis) => ({
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
