import { copyRoleNotAssumable } from '../../../lambda/core/checks/copy-role-not-assumable';
import { COPY_ROLE, evidenceOf, policyText, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const READ = 'iam:GetRole@source';
const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'backup.amazonaws.com' },
  Action: 'sts:AssumeRole',
  ...more,
});
const role = (document: unknown, Arn = COPY_ROLE, iamRoleArn = COPY_ROLE) =>
  evidenceOf({
    detail: { iamRoleArn },
    responses: { [READ]: { Role: { Arn, ...(document === undefined ? {} : { AssumeRolePolicyDocument: document }) } } },
  });
const trust = (...statements: object[]) => role(encodeURIComponent(policyText(...statements)));
const gone = (error: string) => evidenceOf({ responses: { [READ]: { error } } });
const ec2 = statement({ Principal: { Service: 'ec2.amazonaws.com' } });
const CHINA = COPY_ROLE.replace('arn:aws:', 'arn:aws-cn:');

testCheck(copyRoleNotAssumable, {
  fault: [
    {
      name: 'role gone',
      evidence: gone('NoSuchEntityException'),
      confidence: 'confirmed',
      resource: COPY_ROLE,
      because: ['does not exist'],
    },
    { name: "role gone, IAM's other spelling", evidence: gone('NoSuchEntity'), confidence: 'confirmed' },
    {
      name: 'trusts another service',
      evidence: trust(ec2),
      confidence: 'confirmed',
      because: ['has 1 statement; none allows', 'sts:AssumeRole to backup.amazonaws.com'],
    },
    { name: 'plain JSON', evidence: role(policyText(ec2)), confidence: 'confirmed' },
    {
      name: 'a Deny beside the Allow',
      evidence: trust(statement(), statement({ Sid: 'Stop', Effect: 'Deny' })),
      confidence: 'confirmed',
      because: ['Statement "Stop"', 'denies'],
    },
    {
      name: "for another account's jobs only",
      evidence: trust(statement({ Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } } })),
      confidence: 'confirmed',
    },
    { name: 'another action', evidence: trust(statement({ Action: 'sts:TagSession' })), confidence: 'confirmed' },
    { name: 'China', evidence: role(policyText(ec2), CHINA, CHINA), confidence: 'confirmed', resource: CHINA },
  ],
  ok: [
    { name: 'trusts AWS Backup', evidence: evidenceOf() },
    { name: 'plain JSON', evidence: role(policyText(statement())) },
    {
      name: 'one of several services',
      evidence: trust(statement({ Principal: { Service: ['ec2.amazonaws.com', 'backup.amazonaws.com'] } })),
    },
    {
      name: "for this account's jobs",
      evidence: trust(statement({ Condition: { StringEquals: { 'aws:SourceAccount': SOURCE } } })),
    },
    { name: 'all of STS', evidence: trust(statement({ Action: 'sts:*' })) },
    { name: 'a Deny for another service', evidence: trust(statement(), { ...ec2, Effect: 'Deny' }) },
    { name: 'China', evidence: role(policyText(statement()), CHINA, CHINA) },
  ],
  notApplicable: [],
  unknown: [
    {
      name: 'refused',
      evidence: gone('AccessDenied'),
      missing: [{ permission: 'iam:GetRole', account: SOURCE, reason: 'AccessDenied' }],
    },
    {
      name: 'a condition that cannot be judged',
      evidence: trust(statement({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:backup:*' } } })),
      because: 'aws:SourceArn',
    },
    { name: 'document that is not JSON', evidence: role('%7Bnot json'), because: 'not JSON' },
    { name: 'broken encoding', evidence: role('%7B%zz'), because: 'cannot be judged' },
    { name: 'no document', evidence: role(undefined), because: 'no trust policy' },
    {
      name: 'answer about another role',
      evidence: role(policyText(ec2), `arn:aws:iam::${SOURCE}:role/other`),
      because: 'another role',
    },
    { name: 'no role named', evidence: evidenceOf({ detail: { iamRoleArn: undefined } }), because: 'names no role' },
  ],
});

it('quotes a role name that a shell would read otherwise', () => {
  const roleArn = `arn:aws:iam::${SOURCE}:role/a;b`;
  const evidence = evidenceOf({ detail: { iamRoleArn: roleArn }, responses: { [READ]: { error: 'NoSuchEntity' } } });
  const result = copyRoleNotAssumable.evaluate(evidence);
  expect(result.status === 'fault' && result.finding.fix.steps.join('\n')).toContain("--role-name 'a;b' ");
});
