import { parseArn, vaultName } from './arn';
import { destinationCommand, regionOfRoles } from './destination-command';
import { copyOf, isRefused, type Copy, type Evidence } from './evidence';
import { diagnose, type Diagnosis } from './diagnose';
import type { ReadingContext } from './render/diagnosis';
import type { Mail } from './render/layout';
import { renderMail } from './render/text';

/** What the deployment knows and a case file does not. */
export interface Deployment {
  readonly name: string;
  readonly stackName: string;
  readonly region: string;
  readonly hubAccount: string;
  readonly organizationId: string;
  /** Vault ARNs that the deployment cares for. */
  readonly destinations: readonly string[];
}

export interface Report {
  readonly diagnosis: Diagnosis;
  readonly mail: Mail;
}

/** From evidence to the report that a person gets. `readAt`: ISO time at which the evidence was read. */
export function reportOn(evidence: Evidence, readAt: string, deployment?: Deployment): Report {
  const diagnosis = diagnose(evidence);
  return { diagnosis, mail: renderMail(diagnosis, readingContext(evidence, readAt, deployment)) };
}

/** What a mail about this copy says beyond its diagnosis. */
export function readingContext(evidence: Evidence, readAt: string, deployment?: Deployment): ReadingContext {
  const copy = copyOf(evidence);
  const command = deployment ? commandFor(deployment, copy) : undefined;
  return {
    readAt,
    state: evidence.failure.state,
    listed: !deployment || !copy.crossAccount || deployment.destinations.includes(copy.destinationVaultArn),
    sourceUnreadable: nothingRead(evidence, copy.sourceAccount, '@source'),
    destinationUnreadable: copy.crossAccount && nothingRead(evidence, copy.destinationAccount, '@destination'),
    ...(command ? { destinationCommand: command } : {}),
  };
}

/** True when nothing that was asked in an account was answered. */
function nothingRead({ responses }: Evidence, account: string, label: string): boolean {
  const there = Object.entries(responses).filter(([key]) => key.includes(label) || key.includes(`@${account}/`));
  return there.every(([, response]) => isRefused(response));
}

function commandFor(deployment: Deployment, copy: Copy): string {
  const vaults = deployment.destinations.filter((arn) => parseArn(arn)?.account === copy.destinationAccount);
  return destinationCommand({
    region: regionOfRoles(vaults) ?? copy.destinationRegion,
    stackName: deployment.stackName,
    hubAccount: deployment.hubAccount,
    deployment: deployment.name,
    organizationId: deployment.organizationId,
    vaultNames: vaults.map(vaultName),
  });
}

/** A result as `--json` prints it and tools read it. */
export interface ResultJson {
  readonly causes: readonly { readonly id: string; readonly confidence: string; readonly fix: string }[];
  readonly ruledOut: readonly string[];
  readonly notCheckable: readonly {
    readonly id: string;
    readonly missing: readonly { readonly permission: string; readonly account: string; readonly reason: string }[];
    readonly because?: string;
  }[];
  readonly mail: Mail;
}

export function resultJson({ diagnosis, mail }: Report): ResultJson {
  return {
    causes: diagnosis.causes.map(({ id, confidence, fix }) => ({ id, confidence, fix })),
    ruledOut: diagnosis.ruledOut,
    notCheckable: diagnosis.notCheckable.map(({ id, missing, because }) => ({
      id,
      missing,
      ...(because === undefined ? {} : { because }),
    })),
    mail,
  };
}
