import { copyOf, objectAt, read, textAt } from '../evidence';
import { serviceLinkedRoleArn } from '../key-evidence';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'destination-service-linked-role-missing';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/using-service-linked-roles.html */
export const destinationServiceLinkedRoleMissing: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: ['iam:GetRole@destination'],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const roleArn = serviceLinkedRoleArn(copy);
    const found = read(evidence, 'iam:GetRole', 'destination', roleArn);
    if (found.ok) {
      const arn = textAt(objectAt(found.value, 'Role') ?? {}, 'Arn');
      return arn === roleArn ? ok : cannotTell(words.otherRole(arn));
    }
    if (!/^NoSuchEntity(Exception)?$/.test(found.error ?? '')) return unknown(found.missing);
    return fault({
      // AWS does not say what a copy does without the role, which AWS Backup makes by itself where it is first used.
      confidence: 'possible',
      resource: roleArn,
      owner: copy.destinationAccount,
      because: words.because(copy),
      fix: { kind: 'manual', steps: words.steps(copy) },
    });
  },
};
