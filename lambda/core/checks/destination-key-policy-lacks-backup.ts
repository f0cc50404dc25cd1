import { destinationKey } from '../copy-keys';
import { copyOf, recoveryPoint, type Evidence } from '../evidence';
import { isFullyManaged } from '../feature-table';
import { readKey, serviceLinkedRoleArn } from '../key-evidence';
import { grantsStatement, useStatement } from '../key-policy-lack';
import { answer, hasNot, messagePointsTo, readGrants, untold } from '../key-questions';
import { requestsFor } from '../key-requests';
import { parsePolicy } from '../policy/parse';
import { askerOf, statementLines, statementName } from '../policy-questions';
import { text } from '../text';
import { cannotTell, fault, notApplicable, ok, unknown, type Check } from './check';

const id = 'destination-key-policy-lacks-backup';
const words = text[id];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html */
const REQUIRED = ['kms:DescribeKey', 'kms:CreateGrant'];

/** A policy that delegates to its account lets the service-linked role in by that role's own policy. */
export const destinationKeyPolicyLacksBackup: Check = {
  id,
  title: words.title,
  fix: 'manual',
  reads: [
    'backup:DescribeRecoveryPoint@source',
    'backup:DescribeBackupVault@destination',
    'backup:ListBackupVaults@destination',
    'organizations:DescribeOrganization@destination',
    'kms:DescribeKey@destination',
    'kms:GetKeyPolicy@destination',
    'kms:ListGrants@destination',
  ],

  evaluate(evidence) {
    const copy = copyOf(evidence);
    if (!copy.crossAccount) return notApplicable;
    const asked = destinationKey(evidence);
    if (!asked.ok) return asked.result;
    const key = asked.value;
    // destination-key-unusable and destination-key-aws-managed tell these.
    if (!key.metadata || key.metadata.manager === 'AWS') return notApplicable;
    if (!key.metadata.manager) return cannotTell(text.keys.noManager(key.arn));
    const policy = readKey(evidence, 'kms:GetKeyPolicy', key.arn, 'destination');
    if (!policy.ok) return unknown(policy.missing);
    if (policy.value['Policy'] === undefined) return cannotTell(text.keys.noPolicy(key.arn));
    const parsed = parsePolicy(policy.value['Policy']);
    if (!parsed.ok) return cannotTell(text.keys.unreadable(key.arn, parsed.problem));

    const { document } = parsed;
    const grants = readGrants(evidence, key.arn, key.arn, copy.destinationAccount, 'destination');
    const role = askerOf(evidence, 'destination', copy.destinationAccount, serviceLinkedRoleArn(copy));
    const fullyManaged = isFullyManaged(copy.resourceType) ?? true;
    const rows = REQUIRED.map((action) =>
      answer(document, key.owner, role, requestsFor(copy, key, role, action, fullyManaged, document), grants),
    );
    const lacking = rows.filter(hasNot);
    if (lacking.length === 0) {
      const open = rows.flatMap(({ allow, deny, open: why }) => [
        ...(allow === 'yes' ? [] : [why.allow]),
        ...(deny === 'no' ? [] : [why.deny]),
      ]);
      return open.length === 0 ? ok : untold(key.arn, open, []);
    }

    const actions = lacking.map(({ action }) => action);
    const sure = !fullyManaged && isEncrypted(evidence);
    if (!sure && !messagePointsTo(copy, 'destination-key-unusable')) {
      return cannotTell(words.notSure(key.arn, copy.destinationAccount, actions));
    }
    const denied = lacking.flatMap(({ action, denying }) =>
      denying ? [{ action, statement: statementName(denying) }] : [],
    );
    const notAllowed = lacking.filter(({ allow }) => allow === 'no').map(({ action }) => action);
    const lines = statementLines(document);
    const lack = { copy, keyArn: key.arn, actions: notAllowed, lines, statements: document.Statement.length };
    return fault({
      confidence: sure ? 'confirmed' : 'likely',
      resource: key.arn,
      owner: key.owner,
      because: [
        ...text['source-key-policy-denies'].because(key.arn, copy.destinationAccount, denied),
        ...(notAllowed.length > 0 ? words.because(lack) : []),
      ],
      fix: {
        kind: 'manual',
        steps: words.steps(copy, key, [useStatement(copy, false), grantsStatement(copy, false)], denied.length > 0),
      },
    });
  },
};

/** What is not encrypted may stay so, and then the vault's key plays no part. */
function isEncrypted(evidence: Evidence): boolean {
  const point = recoveryPoint(evidence);
  return point.ok && point.value['IsEncrypted'] !== false;
}
