/** The five fields of an ARN before the resource. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const ARN = /^arn:(aws[a-z-]*):([a-z0-9-]+):([a-z0-9-]*):(\d{12}|aws|)?:(.+)$/s;

/** Parses an ARN; undefined when the text is none. Account and Region may be empty (AMIs, IAM). */
export function parseArn(text: string): Arn | undefined {
  const match = ARN.exec(text);
  if (!match) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** The vault's name in a backup vault ARN (`arn:…:backup-vault:<name>`); the whole text when it is none. */
export function vaultName(vaultArn: string): string {
  return /:backup-vault:(.+)$/s.exec(vaultArn)?.[1] ?? vaultArn;
}

/** What stands behind the last `/` or `:`, how people call the thing; a stack's name stands before its UUID. */
export function shortName(arn: string): string {
  return /:cloudformation:[^/]*:stack\/([^/]+)\//.exec(arn)?.[1] ?? (arn.split(/[/:]/).at(-1) || arn);
}
