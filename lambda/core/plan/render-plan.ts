import { shortName, vaultName } from '../arn';
import { clean } from '../text/clean';
import { arg } from '../text/en/policy-words';
import { text } from '../text/en/plan';
import { visible } from './canonical-json';
import type { Plan } from './plan';

export type PlanForm = 'cli' | 'cdk' | 'cfn' | 'terraform';

const words = text.render;

/** The same change for whoever owns the resource in another way; complete, nothing to fill in. */
export function renderPlan(plan: Plan, as: PlanForm): string {
  return `${FORMS[as](plan).join('\n')}\n`;
}

/** The diff, cut to what a mail can hold. Others' texts are in it: each line is shown as one line of text. */
export function diffForMail({ diff }: Plan, maxLines = 60): string {
  const lines = diff.trimEnd().split('\n');
  if (lines.length <= maxLines) return lines.map(shown).join('\n');
  const kept = lines.slice(0, Math.max(maxLines - 1, 0));
  return [...kept.map(shown), text.diff.cut(lines.length - kept.length)].join('\n');
}

const jsonOf = (value: unknown, indent?: number) => visible(JSON.stringify(value, null, indent));
const shown = (line: string) => clean(line, 400);

const isVault = ({ kind }: Plan) => kind === 'vault-policy';
const nameOf = (plan: Plan) => (isVault(plan) ? vaultName(plan.resource) : shortName(plan.resource));

const FORMS: Readonly<Record<PlanForm, (plan: Plan) => readonly string[]>> = { cli, cdk, cfn, terraform };

/** Nothing is put in the place of a policy that nobody has looked at: it is read once more, and compared. */
function cli(plan: Plan): readonly string[] {
  const { owner, region, before, after, resource } = plan;
  const name = nameOf(plan);
  const saved = arg(`policy-of-${name}.json`);
  const policy = arg(jsonOf(after));
  const [get, put] = isVault(plan)
    ? [
        `aws backup get-backup-vault-access-policy --region ${arg(region)} --backup-vault-name ${arg(name)} --query Policy --output text`,
        `aws backup put-backup-vault-access-policy --region ${arg(region)} --backup-vault-name ${arg(name)} --policy ${policy}`,
      ]
    : [
        `aws kms get-key-policy --region ${arg(region)} --key-id ${arg(resource)} --policy-name default --query Policy --output text`,
        `aws kms put-key-policy --region ${arg(region)} --key-id ${arg(resource)} --policy-name default --policy ${policy}`,
      ];
  // White space means nothing between the elements, and a difference within a text is one outside it too.
  const condition = before
    ? [
        `# ${words.save}`,
        `${get} > ${saved}`,
        `# ${words.asRead}`,
        `if [ "$(tr -d '[:space:]' < ${saved})" = ${arg(jsonOf(before).replace(/\s/g, ''))} ]; then`,
      ]
    : [`# ${words.none}`, `if ${get} 2>&1 | grep -q ResourceNotFoundException; then`];
  return [
    `# ${words.credentials(owner, region)}`,
    ...condition,
    `  ${put}`,
    'else',
    `  echo ${arg(words.differs)} >&2`,
    'fi',
  ];
}

function cdk(plan: Plan): readonly string[] {
  const [variable, method] = isVault(plan) ? ['vault', 'addToAccessPolicy'] : ['key', 'addToResourcePolicy'];
  return [
    `// ${words.cdk(shown(plan.resource), variable ?? '')}`,
    "import * as iam from 'aws-cdk-lib/aws-iam';",
    '',
    ...plan.added.map((statement) => `${variable}.${method}(iam.PolicyStatement.fromJson(${jsonOf(statement, 2)}));`),
  ];
}

function cfn(plan: Plan): readonly string[] {
  const [type, property] = isVault(plan)
    ? ['AWS::Backup::BackupVault', 'AccessPolicy']
    : ['AWS::KMS::Key', 'KeyPolicy'];
  const { before, after, added, resource } = plan;
  return [
    `# ${words.cfn(shown(resource), type ?? '', before === null)}`,
    'Properties:',
    `  ${property}:`,
    ...yaml(before ? { Statement: added } : after, '    '),
  ];
}

/** Block YAML of plain JSON; every text is quoted, so that none reads as a number, a date or a boolean. */
function yaml(value: unknown, indent: string): readonly string[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => {
      if (!isNested(item)) return [`${indent}- ${jsonOf(item)}`];
      const [first = '', ...rest] = yaml(item, `${indent}  `);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return Object.entries(value as object).flatMap(([name, member]) => {
    const key = `${indent}${/^\w+$/.test(name) ? name : jsonOf(name)}:`;
    return isNested(member) ? [key, ...yaml(member, `${indent}  `)] : [`${key} ${jsonOf(member)}`];
  });
}

const isNested = (value: unknown) => typeof value === 'object' && value !== null;

/** HCL reads JSON as an expression; only its own `${` and `%{` have to be told apart. */
function terraform(plan: Plan): readonly string[] {
  const name = nameOf(plan);
  const label = /^[A-Za-z_]/.test(name) ? name.replace(/[^\w-]/g, '_') : `key_${name.replace(/[^\w-]/g, '_')}`;
  const hcl = (value: unknown) => jsonOf(value, 2).replace(/[$%]\{/g, (open) => `${open[0]}${open}`);
  const policy = hcl(plan.after).replaceAll('\n', '\n  ');
  const [type, id] = isVault(plan)
    ? ['aws_backup_vault_policy', `backup_vault_name = ${hcl(name)}`]
    : ['aws_kms_key_policy', `key_id = ${hcl(plan.resource)}`];
  return [
    `# ${words.terraform(shown(plan.resource))}`,
    ...(plan.before ? [`# ${words.asRead}`] : []),
    `resource "${type}" "${label}" {`,
    `  ${id}`,
    `  policy = jsonencode(${policy})`,
    '}',
  ];
}
