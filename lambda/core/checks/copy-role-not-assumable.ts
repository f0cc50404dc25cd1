import { copyOf, objectAt, read, textAt, type Copy } from '../evidence';
import { evaluate } from '../policy/evaluate';
import { parsePolicy } from '../policy/parse';
import { text } from '../text';
import { cannotTell, fault, ok, unknown, type Check, type CheckResult } from './check';

const id = 'copy-role-not-assumable';
const texts = text[id];
const NOT_FOUND = ['NoSuchEntityException', 'NoSuchEntity'];
const BACKUP = 'backup.amazonaws.com';

export const copyRoleNotAssumable: Check = {
  id,
  title: texts.title,
  fix: 'manual',
  reads: ['iam:GetRole@source'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    const { roleArn } = copy;
    if (roleArn === undefined) return cannotTell(texts.noRole);
    const found = read(evidence, 'iam:GetRole', 'source', roleArn);
    if (!found.ok) {
      if (!NOT_FOUND.includes(found.error ?? '')) return unknown(found.missing);
      return notAssumable(copy, roleArn, texts.notFound(roleArn), texts.stepsNotFound(copy, roleArn));
    }
    const role = objectAt(found.value, 'Role') ?? {};
    const arn = textAt(role, 'Arn') ?? roleArn;
    if (arn !== roleArn) return cannotTell(texts.otherRole(arn));
    return judge(copy, roleArn, role['AssumeRolePolicyDocument']);
  },
};

function judge(copy: Copy, roleArn: string, trust: unknown): CheckResult {
  if (trust === undefined) return cannotTell(texts.noDocument(roleArn));
  const parsed = parsePolicy(decoded(trust));
  if (!parsed.ok) return cannotTell(texts.unreadable(roleArn, parsed.problem));
  // A trust policy has no Resource: it is about its own role.
  const Statement = parsed.document.Statement.map((statement) => ({ ...statement, Resource: '*' }));
  const verdict = evaluate(
    { ...parsed.document, Statement },
    {
      principal: { account: '', service: BACKUP },
      action: 'sts:AssumeRole',
      resource: roleArn,
      context: { 'aws:SourceAccount': copy.sourceAccount },
    },
  );
  switch (verdict.decision) {
    case 'Allowed':
      return ok;
    case 'CannotTell':
      return cannotTell(texts.undecided(verdict.undecided));
    case 'ImplicitlyDenied':
      return notAssumable(
        copy,
        roleArn,
        texts.doesNotAllow(roleArn, Statement.length),
        texts.steps(copy, roleArn, false),
      );
    case 'ExplicitlyDenied':
      return notAssumable(copy, roleArn, texts.denies(roleArn, verdict.statement), texts.steps(copy, roleArn, true));
  }
}

const notAssumable = (copy: Copy, roleArn: string, because: string, steps: readonly string[]) =>
  fault({
    confidence: 'confirmed',
    resource: roleArn,
    owner: copy.sourceAccount,
    because: [because],
    fix: { kind: 'manual', steps },
  });

/** IAM sends the document URL-encoded; some tools store it decoded. */
function decoded(trust: unknown): unknown {
  if (typeof trust !== 'string' || !/^\s*%7B/i.test(trust)) return trust;
  try {
    return decodeURIComponent(trust);
  } catch {
    return trust;
  }
}
