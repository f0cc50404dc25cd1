import { diagnose } from '../../../lambda/core/diagnose';
import type { Evidence } from '../../../lambda/core/evidence';
import { canonicalJson } from '../../../lambda/core/plan/canonical-json';
import type { PolicyDocument } from '../../../lambda/core/policy/policy';
import {
  DESTINATION,
  DESTINATION_VAULT,
  evidenceOf,
  KEY_STATEMENTS,
  policyText,
  SERVICE_LINKED_ROLE,
  SOURCE,
  SOURCE_KEY,
} from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, planFor, plansFor, THIRD, vaultWith } from './fixture';

const OURS = {
  Sid: `CopyDoctorAllowCopyFrom${SOURCE}`,
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${SOURCE}:root` },
  Action: 'backup:CopyIntoBackupVault',
  Resource: '*',
};
const LISTED = { destinations: [DESTINATION_VAULT], keyGrantee: 'role' as const };

describe('vault policy', () => {
  it('is made where there is none', () => {
    const plan = planFor(vaultWith([]));
    expect(plan).toMatchObject({
      kind: 'vault-policy',
      causes: ['vault-policy-lacks-source'],
      resource: DESTINATION_VAULT,
      owner: DESTINATION,
      region: 'eu-west-1',
      grantee: SOURCE,
      before: null,
      after: { Version: '2012-10-17', Statement: [OURS] },
      added: [OURS],
      warnings: [],
    });
    expect(plan.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.undo).toContain('Delete the access policy');
  });

  it('keeps what is there, in its order', () => {
    const plan = planFor(vaultWith([AUDIT, KEEP]), LISTED);
    expect(plan.before).toEqual({ Version: '2012-10-17', Statement: [AUDIT, KEEP] });
    expect(plan.after).toEqual({ Version: '2012-10-17', Statement: [AUDIT, KEEP, OURS] });
    expect(plan.diff.split('\n').filter((line) => /^-(?!--)/.test(line))).toEqual([]);
    expect(plan.undo).toBe(`Remove the statement ${OURS.Sid}.`);
  });

  it('gives a Sid that is taken a number', () => {
    const taken = { ...AUDIT, Sid: OURS.Sid };
    expect(planFor(vaultWith([taken, { ...KEEP, Sid: `${OURS.Sid}2` }])).added[0]?.Sid).toBe(`${OURS.Sid}3`);
  });

  it('shows a diff of canonical JSON', () => {
    expect(planFor(vaultWith([AUDIT])).diff).toMatchInlineSnapshot(`
     "--- policy as read
     +++ policy as planned
     @@ -8,6 +8,15 @@
            },
            "Resource": "*",
            "Sid": "AllowCopyFromAudit"
     +    },
     +    {
     +      "Action": "backup:CopyIntoBackupVault",
     +      "Effect": "Allow",
     +      "Principal": {
     +        "AWS": "arn:aws:iam::111111111111:root"
     +      },
     +      "Resource": "*",
     +      "Sid": "CopyDoctorAllowCopyFrom111111111111"
          }
        ],
        "Version": "2012-10-17"
     "
    `);
  });

  it('is the same plan for the same document, another for another', () => {
    const one = planFor(vaultWith([AUDIT]));
    const written = { ...AUDIT, Action: ['backup:copyintobackupvault'], Principal: { AWS: [THIRD] } };
    expect(planFor(vaultWith([written])).hash).toBe(one.hash);
    expect(planFor(vaultWith([AUDIT, KEEP])).hash).not.toBe(one.hash);
  });
});

it('warns where nobody could read whether both accounts are in one organization', () => {
  const unread = { 'organizations:DescribeOrganization@destination': { error: 'AccessDeniedException' } };
  const warnings = [
    expect.stringMatching(/^Whether accounts 1{12} and 2{12} are in one organization could not be read/),
  ];
  expect(planFor(vaultWith([AUDIT], { responses: unread })).warnings).toEqual(warnings);
  expect(planFor(keyWith(ownerOnly, { responses: unread })).warnings).toEqual(warnings);
});

describe('key policy', () => {
  it('cures both causes with one plan', () => {
    const plan = planFor(keyWith(ownerOnly));
    expect(plan).toMatchObject({
      kind: 'key-policy',
      causes: ['source-key-policy-lacks-destination', 'source-key-policy-lacks-grants'],
      resource: SOURCE_KEY,
      owner: SOURCE,
      grantee: DESTINATION,
    });
    expect(plan.added.map(({ Sid }) => Sid)).toEqual([
      `CopyDoctorAllowUseBy${DESTINATION}`,
      `CopyDoctorAllowGrantsBy${DESTINATION}`,
    ]);
    for (const { Condition } of plan.added) {
      expect(Condition).toMatchObject({ ArnEquals: { 'aws:PrincipalArn': SERVICE_LINKED_ROLE } });
    }
  });

  it('adds only what is missing', () => {
    const plan = planFor(keyWith([KEY_STATEMENTS.owner, KEY_STATEMENTS.use]));
    expect(plan.causes).toEqual(['source-key-policy-lacks-grants']);
    expect(plan.added.map(({ Sid }) => Sid)).toEqual([`CopyDoctorAllowGrantsBy${DESTINATION}`]);
  });

  it('takes the plain form where the setting says so', () => {
    const plan = planFor(keyWith(ownerOnly), { ...LISTED, keyGrantee: 'account' });
    expect(plan.added.map(({ Condition }) => Condition)).toEqual([
      undefined,
      { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    ]);
    expect(plan.hash).not.toBe(planFor(keyWith(ownerOnly)).hash);
  });

  it('is offered for EC2, where no check can say that all is fine', () => {
    const ec2 = { detail: { resourceType: 'EC2' } };
    expect(planFor(keyWith(ownerOnly, ec2)).added).toHaveLength(2);
  });

  it('warns of a Deny that may stop the change', () => {
    const guard = {
      Sid: 'OnlyAdmins',
      Effect: 'Deny',
      Principal: '*',
      Action: 'kms:PutKeyPolicy',
      Resource: '*',
      Condition: { ArnNotLike: { 'aws:PrincipalArn': `arn:aws:iam::${SOURCE}:role/admin` } },
    };
    const [warning] = planFor(keyWith([...ownerOnly, guard])).warnings;
    expect(warning).toContain('OnlyAdmins');
    expect(warning).toContain('kms:PutKeyPolicy');
  });

  it('comes beside a plan for the vault when both are closed', () => {
    const evidence = keyWith(ownerOnly, {
      responses: { 'backup:GetBackupVaultAccessPolicy@destination': { Policy: policyText(AUDIT) } },
    });
    expect(plansFor(evidence).map((result) => result.ok && result.plan.kind)).toEqual(['vault-policy', 'key-policy']);
  });
});

it.each([
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('works in %s', (partition, region) => {
  const moved = (evidence: Evidence) =>
    JSON.parse(
      JSON.stringify(evidence).replaceAll('arn:aws:', `arn:${partition}:`).replaceAll('eu-west-1', region),
    ) as Evidence;
  const plans = [planFor(moved(vaultWith([AUDIT]))), planFor(moved(keyWith(ownerOnly)))];
  for (const plan of plans) {
    expect(plan).toMatchObject({ partition, region });
    expect(JSON.stringify(plan)).not.toContain('arn:aws:');
  }
});

it('cures: with the plan in place the diagnosis has no such cause, and nothing more is planned', () => {
  const put = (document: PolicyDocument) => ({ Policy: canonicalJson(document) });
  const vault = planFor(vaultWith([AUDIT, KEEP])).after;
  const key = planFor(keyWith(ownerOnly)).after;
  const evidence = evidenceOf({
    responses: { 'backup:GetBackupVaultAccessPolicy@destination': put(vault), 'kms:GetKeyPolicy@source': put(key) },
  });
  expect(diagnose(evidence).ruledOut).toEqual(
    expect.arrayContaining([
      'vault-policy-lacks-source',
      'source-key-policy-lacks-destination',
      'source-key-policy-lacks-grants',
    ]),
  );
  expect(plansFor(evidence)).toEqual([]);
});
