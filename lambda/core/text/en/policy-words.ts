import type { Statement } from '../../policy/policy';

/** Pieces that the texts about policies share. */

/** One shell argument; quoted where a shell would read more than one word in it. */
export const arg = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** One line for a shell: the first policy of a new vault. */
export const letIn = (vault: string, region: string, statement: Statement): string => {
  const policy = arg(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
  return `aws backup put-backup-vault-access-policy --backup-vault-name ${arg(vault)} --policy ${policy} --region ${arg(region)}`;
};

/** "has 2 statements. None allows X to Y:" and the statements, one a line. */
export function noneAllows(
  policy: string,
  statements: number,
  actions: readonly string[],
  whom: string,
  lines: readonly string[],
): string {
  const what = `${actions.join(', ')} to ${whom}`;
  if (statements === 0) return `${policy} has no statements, so none allows ${what}.`;
  const head = statements === 1 ? 'has 1 statement, which does not allow' : `has ${statements} statements. None allows`;
  return [`${policy} ${head} ${what}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}

export const undecided = (policy: string, what: readonly string[]): string =>
  `${policy} depends on what the evidence does not tell: ${what.join('; ')}.`;
