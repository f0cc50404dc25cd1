import { parseArn, shortName, vaultName } from '../../arn';
import type { Copy } from '../../evidence';
import { clean } from '../clean';
import { startCopy } from './playbooks';
import { arg, json } from './policy-words';

const document = (value: unknown) => arg(JSON.stringify(value));
// What IAM and its tools answer is shown cleaned.
const list = (names: readonly string[]) => names.map((name) => clean(name, 200)).join(', ');

interface Lack {
  readonly action: string;
  readonly resource: string;
}

interface Lacking {
  /** No Allow: what a new statement has to say. */
  readonly missing: readonly Lack[];
  /** Actions with an explicit Deny. */
  readonly denied: readonly string[];
  readonly bounded: boolean;
}

interface Decider {
  readonly index: number;
  readonly sid?: string;
}
const nameOf = (statement: Decider | undefined) =>
  statement === undefined
    ? 'A statement'
    : statement.sid === undefined
      ? `Statement ${statement.index + 1}`
      : `Statement "${clean(statement.sid, 200)}"`;

const allowing = (...lacks: readonly Lack[]) => ({
  Version: '2012-10-17',
  Statement: lacks.map(({ action, resource }) => ({ Effect: 'Allow', Action: action, Resource: resource })),
});

/**
 * put-role-policy replaces what has the same name: the name holds all that the policy does, so that two with one name say
 * the same. IAM takes 128 characters; those of a vault come to 104 at most.
 */
function policyName({ action, resource }: Lack): string {
  const { account, region } = parseArn(resource) ?? {};
  const where = [vaultName(resource), account, region].filter((part) => part && part !== '*');
  return ['CopyDoctorAllow' + action.replace(/^.*:|BackupVault$/g, ''), ...where]
    .join('-')
    .replace(/[^\w+=,.@-]/g, '-')
    .slice(0, 128);
}

/** Texts of the checks on roles, by check id. */
export const roles = {
  'copy-role-lacks-permission': {
    title: 'The copy role lacks a permission that the copy needs',
    doesNotAllow: (roleArn: string, action: string, resource: string) =>
      `No policy of ${roleArn} allows ${action} on ${resource}: the policy simulator's decision is implicitDeny.`,
    denies: (roleArn: string, action: string, resource: string, policies: readonly string[]) =>
      `A policy of ${roleArn} denies ${action} on ${resource}: the policy simulator's decision is explicitDeny${policies.length === 0 ? '' : ` (${list(policies)})`}.`,
    boundary: (roleArn: string, action: string) => `The permissions boundary of ${roleArn} does not allow ${action}.`,
    hidden: (action: string) =>
      `A policy of the organization does not allow ${action}, which hides what the copy role's own policies say.`,
    noRow: (action: string, resource: string) => `The policy simulator gave no decision for ${action} on ${resource}.`,
    undecided: (action: string, keys: readonly string[]) =>
      keys.length === 0
        ? `The policy simulator gave no decision for ${action} that is known here.`
        : `The policy simulator's decision on ${action} depends on condition keys that were not given: ${list(keys)}.`,
    noRole: 'The copy job names no role.',
    steps: (copy: Copy, roleArn: string, { missing, denied, bounded }: Lacking) => {
      const role = shortName(roleArn);
      const policies = missing.map((lack) => ({ name: policyName(lack), document: allowing(lack) }));
      return [
        ...(denied.length === 0
          ? []
          : [
              `Narrow or remove the statement of role ${role} that denies ${denied.join(' and ')}; a further Allow changes nothing while it is there.`,
            ]),
        ...(missing.length === 0
          ? []
          : [
              `Let role ${role} in account ${copy.sourceAccount} do this:\n${json(allowing(...missing))}`,
              `Run with credentials for account ${copy.sourceAccount}; each policy has a name of its own, so that it replaces no other:\n` +
                policies
                  .map(
                    ({ name, document: policy }) =>
                      `aws iam put-role-policy --role-name ${arg(role)} --policy-name ${arg(name)} --policy-document ${document(policy)}`,
                  )
                  .join('\n'),
            ]),
        ...(bounded ? [`Allow the same actions in the permissions boundary of role ${role}.`] : []),
        'Start the copy again.',
        ...(missing.length === 0
          ? []
          : [
              `Know that this lets role ${role} do what is named there, and nothing else. To undo it:\n` +
                policies
                  .map(({ name }) => `aws iam delete-role-policy --role-name ${arg(role)} --policy-name ${arg(name)}`)
                  .join('\n'),
            ]),
      ];
    },
  },

  'copy-role-not-assumable': {
    title: 'AWS Backup cannot assume the copy role',
    notFound: (roleArn: string) => `${roleArn} does not exist.`,
    doesNotAllow: (roleArn: string, statements: number) =>
      `The trust policy of ${roleArn} has ${statements === 1 ? '1 statement' : `${statements} statements`}; none allows sts:AssumeRole to backup.amazonaws.com.`,
    denies: (roleArn: string, statement: Decider | undefined) =>
      `${nameOf(statement)} in the trust policy of ${roleArn} denies sts:AssumeRole to backup.amazonaws.com.`,
    noDocument: (roleArn: string) => `The answer on ${roleArn} contains no trust policy.`,
    unreadable: (roleArn: string, problem: string) =>
      `The trust policy of ${roleArn} cannot be judged. ${clean(problem, 300)}`,
    undecided: (what: readonly string[]) =>
      `Whether the trust policy allows AWS Backup cannot be told: ${list(what) || 'a condition'}.`,
    otherRole: (arn: string) => `The answer is about another role: ${clean(arn, 200)}.`,
    noRole: 'The copy job names no role.',
    stepsNotFound: (copy: Copy, roleArn: string) => [
      `Create role ${shortName(roleArn)} in account ${copy.sourceAccount}, trusted by backup.amazonaws.com, with AWS's policy for backups:\n` +
        `aws iam create-role ${pathOf(roleArn)}--role-name ${arg(shortName(roleArn))} --assume-role-policy-document ${document(trustDocument)}\n` +
        `aws iam attach-role-policy --role-name ${arg(shortName(roleArn))} --policy-arn arn:${copy.partition}:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup`,
      "Or name a role that exists in the backup plan's resource assignment.",
      'Start the copy again.',
    ],
    steps: (copy: Copy, roleArn: string, denied: boolean) => [
      `Read the trust policy of role ${shortName(roleArn)} with credentials of account ${copy.sourceAccount}:\n` +
        `aws iam get-role --role-name ${arg(shortName(roleArn))} --query Role.AssumeRolePolicyDocument > trust.json`,
      denied
        ? `Narrow or remove the Deny in trust.json; a further Allow changes nothing while it is there.`
        : `Add this statement to trust.json and keep the statements that it has:\n${json(trustStatement)}`,
      `Store the whole document:\naws iam update-assume-role-policy --role-name ${arg(shortName(roleArn))} --policy-document file://trust.json`,
      'Start the copy again.',
    ],
  },

  'destination-service-linked-role-missing': {
    title: 'The destination account does not have the service-linked role of AWS Backup',
    because: ({ destinationAccount }: Copy): readonly string[] => [
      `IAM in account ${destinationAccount} answers that the role AWSServiceRoleForBackup does not exist. AWS Backup copies with that role.`,
    ],
    otherRole: (arn: string | undefined) =>
      `The answer is about another role: ${clean(arn ?? 'one without a name', 200)}.`,
    steps: (copy: Copy): readonly string[] => [
      `Create the role with credentials of account ${copy.destinationAccount}:\n` +
        `aws iam create-service-linked-role --aws-service-name backup.amazonaws.com`,
      `Start the copy again${startCopy(copy)}`,
      'Know that the role costs nothing, and that its permissions are set by AWS. AWS Backup alone can take it; to undo it:\n' +
        'aws iam delete-service-linked-role --role-name AWSServiceRoleForBackup',
    ],
  },
};

const trustStatement = { Effect: 'Allow', Principal: { Service: 'backup.amazonaws.com' }, Action: 'sts:AssumeRole' };
const trustDocument = { Version: '2012-10-17', Statement: [trustStatement] };

/** `--path /service-role/ ` for a role with a path. */
function pathOf(roleArn: string): string {
  const path = /:role(\/.*\/)[^/]+$/.exec(roleArn)?.[1];
  return path === undefined ? '' : `--path ${arg(path)} `;
}
