import { parseArn } from './arn';
import { organization, type Evidence, type Missing, type VaultSide } from './evidence';
import { describedAccount } from './organization-evidence';
import { describeStatement } from './policy/describe';
import { evaluate } from './policy/evaluate';
import type { PolicyDocument, PolicyRequest, RequestPrincipal, Statement, Verdict } from './policy/policy';
import { clean } from './text/clean';

/** More lines than this help nobody who reads them in a mail. */
const SHOWN = 6;

/** Somebody who asks for something, with what is known of them. */
export interface Asker {
  readonly principal: RequestPrincipal;
  readonly context: PolicyRequest['context'];
  /** Reads that failed, by the condition key that stays open without them. */
  readonly unread: Readonly<Record<string, Missing>>;
}

/** A role of the source or destination account; without an ARN only its account is known. */
export function askerOf(evidence: Evidence, side: VaultSide, account: string, roleArn: string | undefined): Asker {
  // A role of another account would be a contradiction in the evidence: then only the account counts.
  const arn = roleArn && parseArn(roleArn)?.account === account ? roleArn : undefined;
  const org = organization(evidence, side);
  const described = describedAccount(evidence, account);
  const paths = org.ok && !org.value ? null : described.ok ? described.value.paths : undefined;
  // No reader in that account: the organization knows its own.
  const home = org.ok ? (org.value?.id ?? null) : described.ok ? described.value.organization?.id : undefined;
  return {
    principal: { account, ...(arn ? { arn } : {}) },
    context: {
      ...(arn ? { 'aws:PrincipalArn': arn } : {}),
      'aws:PrincipalAccount': account,
      ...(home === undefined ? {} : { 'aws:PrincipalOrgID': home }),
      ...(paths === undefined ? {} : { 'aws:PrincipalOrgPaths': paths }),
      'aws:PrincipalIsAWSService': 'false',
      'aws:PrincipalServiceName': null,
      'aws:PrincipalType': 'AssumedRole',
    },
    unread: {
      ...(home !== undefined || org.ok ? {} : { 'aws:principalorgid': org.missing }),
      ...(paths !== undefined || described.ok ? {} : { 'aws:principalorgpaths': described.missing }),
    },
  };
}

/**
 * Missing allow and explicit deny are two causes with two fixes, so each is judged by its own statements. The index
 * in the verdict is the one in the whole document.
 */
export function judge(document: PolicyDocument, effect: Statement['Effect'], request: PolicyRequest): Verdict {
  const rows = document.Statement.flatMap((statement, index) =>
    statement.Effect === effect ? [{ statement, index }] : [],
  );
  const verdict = evaluate({ ...document, Statement: rows.map(({ statement }) => statement) }, request);
  const index = verdict.statement && rows[verdict.statement.index]?.index;
  return index === undefined ? verdict : { ...verdict, statement: { ...verdict.statement, index } };
}

/** The refused reads that would settle a verdict, if they would. */
export const unreadBehind = ({ unread }: Asker, undecided: readonly string[]): readonly Missing[] =>
  Object.entries(unread)
    .filter(([key]) => undecided.some((what) => what.toLowerCase().includes(key)))
    .map(([, missing]) => missing);

/** The document's statements, one line each, for people. */
export function statementLines({ Statement: statements }: PolicyDocument): readonly string[] {
  const lines = statements.slice(0, SHOWN).map((statement, index) => {
    const { label, effect, actions, principals } = describeStatement(statement, index);
    // Anybody's words at the start of a line, where a command of ours would stand.
    const name = statement.Sid && !/^[\w-]+$/.test(label) ? `"${label.replaceAll('"', "'")}"` : label;
    return clean(`${name}  ${effect}  ${actions}  ${principals}`, 200);
  });
  return statements.length > SHOWN ? [...lines, `… and ${statements.length - SHOWN} more`] : lines;
}

/** `"KeepBackups" (statement 2)`; statements are counted from 1. */
export const statementName = ({ index, sid }: NonNullable<Verdict['statement']>): string =>
  sid ? `"${clean(sid, 100)}" (statement ${index + 1})` : `statement ${index + 1} (it has no Sid)`;
