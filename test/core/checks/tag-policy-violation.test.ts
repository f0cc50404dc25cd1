import { tagPolicyViolation } from '../../../lambda/core/checks/tag-policy-violation';
import type { Response } from '../../../lambda/core/evidence';
import { DESTINATION, evidenceOf, MANAGEMENT, RECOVERY_POINT, REGION, SOURCE, toVault } from '../evidence-fixture';
import { testCheck } from './check-tester';

const THERE = 'organizations:DescribeEffectivePolicy@destination';
const HERE = 'organizations:DescribeEffectivePolicy@source';
const LIST = 'backup:ListTags@source';
const GET = `tag:GetResources@source#${RECOVERY_POINT}`;
const POINTS_TO_TAGS = "The tag policy does not allow the specified value for the following tag key: 'CostCenter'";
const SNAPSHOT_WITH_ACCOUNT = `arn:aws:ec2:${REGION}:${SOURCE}:snapshot/snap-0123456789abcdef0`;
const BACKUP_POINT = `arn:aws:backup:${REGION}:${SOURCE}:recovery-point:1`;

const content = (rule: object, key = 'costcenter') => JSON.stringify({ tags: { [key]: rule } });
const effective = (PolicyContent: unknown, PolicyType = 'TAG_POLICY') => ({
  EffectivePolicy: { PolicyContent, PolicyType, TargetId: DESTINATION },
});
const costCenter = (enforced: unknown = ['ec2:snapshot'], values: unknown = ['100', '200*']) =>
  effective(content({ tag_key: 'CostCenter', tag_value: values, enforced_for: enforced }));
const tagged = (Tags: Record<string, string>, ResourceARN = SNAPSHOT_WITH_ACCOUNT) => ({
  ResourceTagMappingList: [{ ResourceARN, Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })) }],
});
const copyOf = (policy: Response, tags: Response | undefined, responses: Record<string, Response | undefined> = {}) =>
  evidenceOf({ responses: { [THERE]: policy, [GET]: tags, ...responses } });
const typed = (
  resourceType: string,
  recoveryPoint: string,
  enforced: string,
  tags = tagged({ CostCenter: '3' }, recoveryPoint),
) =>
  evidenceOf({
    event: { resources: [recoveryPoint] },
    detail: { resourceType },
    responses: {
      [THERE]: costCenter([enforced]),
      'tag:GetResources@source': tags,
      [LIST]: { Tags: { CostCenter: '3' } },
    },
  });
const refused = { error: 'AccessDeniedException' };
const broken = { CostCenter: '300' };

testCheck(tagPolicyViolation, {
  fault: [
    {
      name: 'value that is not allowed',
      evidence: copyOf(costCenter(), tagged(broken)),
      confidence: 'confirmed',
      resource: 'o-exampleorg',
      because: [
        `account ${DESTINATION} enforces tag key "CostCenter" for ec2:snapshot`,
        'tag "CostCenter" with value "300"; the allowed values are "100", "200*"',
      ],
    },
    {
      name: 'key in other capitals',
      evidence: copyOf(costCenter(), tagged({ costcenter: '100' })),
      confidence: 'confirmed',
      because: ['tag key "costcenter"; the tag policy spells it "CostCenter"'],
    },
    {
      name: 'policy without values: capitals still count',
      evidence: copyOf(costCenter(['ec2:*'], null), tagged({ COSTCENTER: 'x' })),
      confidence: 'confirmed',
    },
    {
      name: 'prefix is not enough without a star',
      evidence: copyOf(costCenter(), tagged({ CostCenter: '1000' })),
      confidence: 'confirmed',
    },
    {
      name: 'star in front, another end',
      evidence: copyOf(costCenter(['ec2:snapshot'], ['*@example.com']), tagged({ CostCenter: 'a@example.org' })),
      confidence: 'confirmed',
    },
    { name: 'empty value', evidence: copyOf(costCenter(), tagged({ CostCenter: '' })), confidence: 'confirmed' },
    {
      name: 'values are compared with capitals',
      evidence: copyOf(costCenter(['ec2:snapshot'], ['Prod']), tagged({ CostCenter: 'prod' })),
      confidence: 'confirmed',
    },
    {
      name: 'all types of the service',
      evidence: copyOf(costCenter(['ec2:ALL_SUPPORTED']), tagged(broken)),
      confidence: 'confirmed',
    },
    { name: 'star for all types', evidence: copyOf(costCenter(['ec2:*']), tagged(broken)), confidence: 'confirmed' },
    {
      name: 'ARN without an account',
      evidence: copyOf(costCenter(), tagged(broken, RECOVERY_POINT)),
      confidence: 'confirmed',
    },
    {
      name: "policy of the source account, the destination's refused",
      evidence: copyOf(refused, tagged(broken), { [HERE]: costCenter() }),
      confidence: 'confirmed',
      because: [`account ${SOURCE} enforces`],
    },
    {
      name: 'policy with @@assign',
      evidence: copyOf(
        effective(
          content({
            tag_key: { '@@assign': 'CostCenter' },
            tag_value: { '@@assign': ['100'] },
            enforced_for: { '@@assign': ['ec2:snapshot'] },
          }),
        ),
        tagged(broken),
      ),
      confidence: 'confirmed',
    },
    {
      name: 'list that is not complete',
      evidence: copyOf(costCenter(), { ...tagged(broken), PaginationToken: 'x' }),
      confidence: 'confirmed',
    },
    {
      name: 'organization not readable',
      evidence: copyOf(costCenter(), tagged(broken), { 'organizations:DescribeOrganization@source': refused }),
      confidence: 'confirmed',
      resource: 'tag policy',
    },
    {
      name: 'within one account, by the source policy',
      evidence: evidenceOf({
        detail: toVault(SOURCE, { region: 'eu-west-3' }),
        responses: { [HERE]: costCenter(), [GET]: tagged(broken) },
      }),
      confidence: 'confirmed',
    },
    {
      name: 'image',
      evidence: typed('EC2', `arn:aws:ec2:${REGION}::image/ami-1`, 'ec2:image'),
      confidence: 'confirmed',
      because: ['ec2:image'],
    },
    {
      name: 'snapshots of an image',
      evidence: typed('EC2', `arn:aws:ec2:${REGION}::image/ami-1`, 'ec2:snapshot'),
      confidence: 'confirmed',
    },
    {
      name: 'database',
      evidence: typed('RDS', `arn:aws:rds:${REGION}:${SOURCE}:snapshot:awsbackup:job-1`, 'rds:snapshot'),
      confidence: 'confirmed',
    },
    {
      name: 'cluster',
      evidence: typed(
        'Aurora',
        `arn:aws:rds:${REGION}:${SOURCE}:cluster-snapshot:awsbackup:job-1`,
        'rds:cluster-snapshot',
      ),
      confidence: 'confirmed',
    },
    {
      name: 'file system of FSx',
      evidence: typed('FSx', `arn:aws:fsx:${REGION}:${SOURCE}:backup/backup-1`, 'fsx:backup'),
      confidence: 'confirmed',
    },
    {
      name: 'Storage Gateway',
      evidence: typed('Storage Gateway', RECOVERY_POINT, 'ec2:snapshot'),
      confidence: 'confirmed',
    },
    {
      name: 'fully managed type',
      evidence: typed('EFS', BACKUP_POINT, 'backup:recovery-point'),
      confidence: 'confirmed',
      because: ['backup:recovery-point'],
    },
    {
      name: 'fully managed type in China',
      evidence: typed('S3', BACKUP_POINT.replace('arn:aws:', 'arn:aws-cn:'), 'backup:*'),
      confidence: 'confirmed',
    },
  ],
  ok: [
    { name: 'allowed value', evidence: copyOf(costCenter(), tagged({ CostCenter: '100' })) },
    { name: 'value by a star', evidence: copyOf(costCenter(), tagged({ CostCenter: '2001' })) },
    { name: 'star stands for nothing, too', evidence: copyOf(costCenter(), tagged({ CostCenter: '200' })) },
    {
      name: 'star in front',
      evidence: copyOf(costCenter(['ec2:snapshot'], ['*@example.com']), tagged({ CostCenter: 'a@example.com' })),
    },
    { name: 'tag not there: enforcement does not ask for it', evidence: copyOf(costCenter(), tagged({ Name: 'x' })) },
    { name: 'any value', evidence: copyOf(costCenter(['ec2:snapshot'], null), tagged({ CostCenter: 'x' })) },
    {
      name: 'message points to tags, no policy is in effect',
      evidence: evidenceOf({ detail: { statusMessage: POINTS_TO_TAGS } }),
    },
    {
      name: 'message points to tags, in no organization',
      evidence: evidenceOf({
        detail: { statusMessage: POINTS_TO_TAGS },
        responses: { [THERE]: { error: 'AWSOrganizationsNotInUseException' } },
      }),
    },
  ],
  notApplicable: [
    { name: 'no policy', evidence: evidenceOf() },
    { name: 'policy that enforces nothing', evidence: copyOf(costCenter([]), tagged(broken)) },
    {
      name: 'policy without enforced_for',
      evidence: copyOf(effective(content({ tag_key: 'CostCenter', tag_value: ['1'] })), tagged(broken)),
    },
    { name: 'enforced for another type', evidence: copyOf(costCenter(['ec2:instance', 'rds:*']), tagged(broken)) },
    {
      name: 'unknown type, nothing enforced',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum Ledger' }, responses: { [THERE]: costCenter([]) } }),
    },
  ],
  unknown: [
    {
      name: 'policy refused, none in the other account',
      evidence: copyOf(refused, tagged(broken)),
      missing: [
        { permission: 'organizations:DescribeEffectivePolicy', account: DESTINATION, reason: 'AccessDeniedException' },
      ],
    },
    {
      name: 'policy refused, no violation of the other',
      evidence: copyOf(refused, tagged({ CostCenter: '100' }), { [HERE]: costCenter() }),
      missing: [{ account: DESTINATION }],
    },
    {
      name: 'no tags listed: untagged resources are left out',
      evidence: copyOf(costCenter(), { ResourceTagMappingList: [] }),
      because: 'leaves out untagged',
    },
    {
      name: 'tags of another resource',
      evidence: copyOf(costCenter(), tagged(broken, `${SNAPSHOT_WITH_ACCOUNT}1`)),
      because: 'leaves out untagged',
    },
    {
      name: 'tags refused',
      evidence: copyOf(costCenter(), refused),
      missing: [{ permission: 'tag:GetResources', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'list of tags not complete',
      evidence: evidenceOf({
        event: { resources: [BACKUP_POINT] },
        detail: { resourceType: 'EFS' },
        responses: {
          [THERE]: costCenter(['backup:recovery-point']),
          [LIST]: { Tags: { CostCenter: '100' }, NextToken: 'x' },
        },
      }),
      because: 'not complete',
    },
    { name: 'policy that is not JSON', evidence: copyOf(effective('{tags'), tagged(broken)), because: 'not JSON' },
    {
      name: 'policy that is no object',
      evidence: copyOf(effective('[]'), tagged(broken)),
      because: 'not a JSON object',
    },
    {
      name: 'answer without content',
      evidence: copyOf({ EffectivePolicy: {} }, tagged(broken)),
      because: 'no PolicyContent',
    },
    {
      name: 'policy of another kind',
      evidence: copyOf(effective('{}', 'BACKUP_POLICY'), tagged(broken)),
      because: 'BACKUP_POLICY',
    },
    {
      name: 'type that tag policies are not known to name',
      evidence: evidenceOf({ detail: { resourceType: 'Quantum Ledger' }, responses: { [THERE]: costCenter() } }),
      because: '"Quantum Ledger"',
    },
    {
      name: 'no recovery point named',
      evidence: evidenceOf({ event: { resources: [] }, responses: { [THERE]: costCenter() } }),
      because: 'names no recovery point',
    },
  ],
});

it('tells the owner of the policy', () => {
  const result = tagPolicyViolation.evaluate(copyOf(costCenter(), tagged(broken)));
  expect(result.status === 'fault' && result.finding.owner).toBe(MANAGEMENT);
});
