import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { vaultName } from '../../lambda/core/arn';
import type { Plan } from '../../lambda/core/plan/plan';
import { arg } from '../../lambda/core/text/en/policy-words';
import { clean } from '../../lambda/core/text/clean';
import { CliError, EXIT } from './io';

type Changed = Pick<Plan, 'kind' | 'resource' | 'region'>;

/** So many files of one incident, each with another policy. */
const MOST_FILES = 100;

/**
 * Keeps the policy as it was, exactly as AWS gave it, so that the AWS CLI takes the file back; where there was none, a
 * note of that. Readable by its owner only. A file that is there stays as it is: another policy gets another name.
 */
export async function keepBefore(
  folder: string,
  incident: string,
  { resource }: Changed,
  policy: string | null,
  readAt: string,
): Promise<string> {
  const text = policy ?? `${JSON.stringify({ resource, policy, readAt }, null, 2)}\n`;
  for (let number = 1; number <= MOST_FILES; number++) {
    const name = `copy-doctor-${incident}-before${number === 1 ? '' : `-${number}`}.json`;
    const path = resolve(join(folder, name));
    try {
      await writeFile(path, text, { flag: 'wx', mode: 0o600, flush: true });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw notKept(path, error);
      if (await holds(path, text, policy === null)) return path;
    }
  }
  throw notKept(folder, new Error(`there are ${MOST_FILES} files of incident ${incident} already`));
}

/** Two notes that there was no policy differ in their time only. */
async function holds(path: string, text: string, isNote: boolean): Promise<boolean> {
  try {
    const there = await readFile(path, 'utf8');
    const untimed = (note: string) => note.replace(/"readAt": "[^"]*"/, '');
    return there === text || (isNote && untimed(there) === untimed(text));
  } catch {
    return false;
  }
}

function notKept(path: string, error: unknown): CliError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new CliError(
    `not changed: the policy as it is cannot be kept in ${clean(path, 500)} (${clean(code ?? message, 200)}); name a folder that you may write to with --out`,
    EXIT.notWorking,
    { cause: error },
  );
}

/** The command that takes the change back. It puts the whole policy back, so it also undoes what others changed since. */
export function undoCommand(
  { kind, resource, region }: Changed,
  before: { readonly path: string; readonly policy: string | null },
  profile: string | undefined,
): string {
  const as = profile === undefined ? '' : ` --profile ${arg(profile)}`;
  const file = arg(`file://${before.path}`);
  if (kind === 'key-policy') {
    return `aws kms put-key-policy --region ${region} --key-id ${arg(resource)} --policy-name default --policy ${file}${as}`;
  }
  const vault = `--region ${region} --backup-vault-name ${arg(vaultName(resource))}`;
  return before.policy === null
    ? `aws backup delete-backup-vault-access-policy ${vault}${as}`
    : `aws backup put-backup-vault-access-policy ${vault} --policy ${file}${as}`;
}
