import { evidenceOf, KEY_STATEMENTS, policyText, SOURCE, toVault } from '../evidence-fixture';

export const KMS_TEXT =
  'The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it';
export const OTHER_TEXT = 'Access Denied trying to call AWS Backup service';

/** The policy of the source key has these statements. */
export const keyPolicy = (...statements: readonly unknown[]) => ({
  'kms:GetKeyPolicy@source': { Policy: policyText(...statements) },
});

/** A type that AWS Backup manages fully, where either role may be the one that uses the key. */
export const efs = (statusMessage: string) => ({ resourceType: 'EFS', statusMessage });
export const notByCopyRole = { ...KEY_STATEMENTS.owner, Principal: { AWS: `arn:aws:iam::${SOURCE}:user/admin` } };

/** Copies that share no key of the source with another account, whatever its policy says. */
export const sharingNoKey = (...statements: readonly unknown[]) => [
  {
    name: 'a copy within one account',
    evidence: evidenceOf({ detail: toVault(SOURCE), responses: keyPolicy(...statements) }),
  },
  {
    name: 'an unencrypted recovery point',
    evidence: evidenceOf({ responses: { 'backup:DescribeRecoveryPoint@source': { IsEncrypted: false } } }),
  },
  {
    name: 'a key that does not exist',
    evidence: evidenceOf({ responses: { 'kms:DescribeKey@source': { error: 'NotFoundException' } } }),
  },
];
