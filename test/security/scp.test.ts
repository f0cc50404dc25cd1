import { readFileSync } from 'node:fs';
import { evaluate } from '../../lambda/core/policy/evaluate';
import { parsePolicy } from '../../lambda/core/policy/parse';

const text = readFileSync(`${__dirname}/../../docs/scp/only-the-writer-puts.json`, 'utf8');

/** A service control policy has no principal: it holds for everybody in the account. */
function sample() {
  const document = JSON.parse(text) as { Statement: object[] };
  const parsed = parsePolicy(
    JSON.stringify({ ...document, Statement: document.Statement.map((one) => ({ ...one, Principal: '*' })) }),
  );
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.document;
}

const WRITER = 'arn:aws:iam::222222222222:role/copy-doctor-eu-west-1-vault-writer';
const BREAK_GLASS = 'arn:aws:iam::222222222222:role/BreakGlassBackupAdmin';
const VAULT = 'arn:aws:backup:eu-west-1:222222222222:backup-vault:dr';

const decisionFor = (arn: string, action: string, resource: string) =>
  evaluate(sample(), {
    principal: { account: '222222222222', arn },
    action,
    resource,
    context: { 'aws:PrincipalArn': arn },
  }).decision;

/** What, who, action, resource, decision. */
type Row = [string, string, string, string, string];

describe('the sample service control policy', () => {
  const DENIED = 'ExplicitlyDenied';
  const LEFT = 'ImplicitlyDenied';
  it.each<Row>([
    ['the vault writer', WRITER, 'backup:PutBackupVaultAccessPolicy', VAULT, LEFT],
    ['the role for emergencies', BREAK_GLASS, 'backup:PutBackupVaultAccessPolicy', VAULT, LEFT],
    ['an administrator', 'arn:aws:iam::222222222222:role/Admin', 'backup:PutBackupVaultAccessPolicy', VAULT, DENIED],
    [
      'an administrator who deletes',
      'arn:aws:iam::222222222222:role/Admin',
      'backup:DeleteBackupVaultAccessPolicy',
      VAULT,
      DENIED,
    ],
    ['the root user', 'arn:aws:iam::222222222222:root', 'backup:PutBackupVaultAccessPolicy', VAULT, DENIED],
    [
      'a role of nearly that name',
      'arn:aws:iam::222222222222:role/x/copy-doctor-eu-west-1-vault-writer',
      'backup:PutBackupVaultAccessPolicy',
      VAULT,
      DENIED,
    ],
    ...[WRITER, BREAK_GLASS].flatMap((role) =>
      ['iam:CreateRole', 'iam:UpdateAssumeRolePolicy', 'iam:PutRolePolicy'].map((action): Row => [
        `an administrator: ${action} of ${role}`,
        'arn:aws:iam::222222222222:role/Admin',
        action,
        role,
        DENIED,
      ]),
    ),
    ['the role for emergencies makes the writer', BREAK_GLASS, 'iam:CreateRole', WRITER, LEFT],
    ['the writer, of itself', WRITER, 'iam:PutRolePolicy', WRITER, DENIED],
    ['anybody else’s work', 'arn:aws:iam::222222222222:role/Admin', 'backup:StartBackupJob', VAULT, LEFT],
  ])('%s', (_, arn, action, resource, decision) => {
    expect(decisionFor(arn, action, resource)).toBe(decision);
  });
});
