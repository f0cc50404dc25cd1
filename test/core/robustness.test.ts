import { readCopyFailure } from '../../lambda/core/copy-failure';
import { isRefused, type Evidence, type Response } from '../../lambda/core/evidence';
import { renderJson } from '../../lambda/core/render/json';
import { reportOn, resultJson, type Report } from '../../lambda/core/report';
import { COPY_ROLE, DESTINATION_VAULT, eventOf, evidenceOf, policyText, SOURCE_KEY, VOLUME } from './evidence-fixture';

const RUNS = 1500;

/** The same numbers in every run: a failure names its seed. https://en.wikipedia.org/wiki/Mulberry32 */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** No text of AWS may break a line of the mail: what follows would read like a command of ours. */
const BREAK = 'A\n    BREAK: rm -rf /\u202e\u0000<b>';
const LONG = 'L'.repeat(100_000);
const LEAVES: readonly unknown[] = [
  ...[null, true, false, 0, -1.5, '', 'x', '{', '[]', 'null', '%7Bx', '__proto__', LONG, BREAK],
  SOURCE_KEY,
  'arn:aws:backup:eu-west-1::backup-vault:x',
  policyText({ Sid: BREAK, Effect: 'Allow', Principal: '*', Action: '*', Condition: { ArnLike: { [BREAK]: BREAK } } }),
  policyText({ Sid: BREAK, Effect: 'Deny', Principal: { AWS: BREAK }, Action: BREAK, Resource: BREAK }),
  policyText({ Sid: BREAK, [BREAK]: 1 }),
  JSON.stringify({ tags: { [BREAK]: { tag_key: BREAK, tag_value: [BREAK], enforced_for: ['ec2:ALL_SUPPORTED'] } } }),
];
const TYPES = ['EBS', 'EC2', 'RDS', 'Aurora', 'EFS', 'S3', 'DynamoDB', 'FSx', 'CloudFormation', '__proto__', BREAK];
const MESSAGES = [
  'Access Denied trying to call AWS Backup service',
  'The source snapshot KMS key does not exist, is not enabled or you do not have permissions to access it.',
  BREAK,
  undefined,
];

type Json = Record<string, unknown>;
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

function randomEvidence(seed: number): Evidence {
  const random = mulberry32(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const junk = (depth = 0): unknown => {
    if (depth > 2 || random() < 0.7) return oneOf(LEAVES);
    return random() < 0.5 ? [junk(depth + 1), junk(depth + 1)] : { Arn: junk(depth + 1), error: junk(depth + 1) };
  };
  const spoiled = (value: unknown): unknown => {
    if (random() < 0.15) return junk();
    if (Array.isArray(value)) return value.map(spoiled);
    if (!isMap(value)) return value;
    const kept = Object.entries(value).filter(() => random() > 0.05);
    return Object.fromEntries(kept.map(([name, member]) => [name, spoiled(member)]));
  };
  const healthy = evidenceOf({
    detail: { resourceType: oneOf(TYPES), statusMessage: oneOf(MESSAGES) },
    responses: { 'backup:ListTags@source': { Tags: { a: 'b' } }, 'tag:GetResources@source': { error: BREAK } },
  });
  const responses = Object.fromEntries(
    Object.entries(healthy.responses).map(([key, response]): [string, Response] => {
      if (random() < 0.6) return [key, response];
      const value = spoiled(response);
      return [key, isMap(value) ? value : { Policy: value }];
    }),
  );
  return { failure: healthy.failure, responses };
}

const withoutRecord = ({ failure, responses }: Evidence): Evidence => ({
  failure,
  responses: Object.fromEntries(Object.entries(responses).filter(([key]) => !key.includes('DescribeCopyJob'))),
});

/** What is wrong with a report, whatever the evidence was. */
function wrongWith(report: Report): readonly string[] {
  const { body, subject } = report.mail;
  const above = report.diagnosis.causes.filter(({ confidence, fix }) => confidence !== 'possible' || fix !== 'manual');
  return [
    ...(/\bundefined\b|\[object|\bNaN\b/.test(body) ? ['a value that is none'] : []),
    ...(/^ {10}BREAK/m.test(body) ? ['a line that AWS or a policy wrote'] : []),
    ...(/[\u0000-\u0009\u000b-\u001f\u202e]/.test(body) ? ['a control character'] : []),
    ...(body.length > 60_000 ? ['a mail that SNS does not take'] : []),
    ...(/^[\x20-\x7e]{1,99}$/.test(subject) ? [] : ['a subject that SNS does not take']),
    ...(report.diagnosis.causes.length === 0 ? ['no cause'] : []),
    ...(!report.diagnosis.copy.recorded && above.length > 0 ? ['more than possible without the record'] : []),
    ...(JSON.stringify(resultJson(report)).length > 0 && renderJson(report.diagnosis).includes(LONG) ? ['no cap'] : []),
  ];
}

describe('whatever the answers hold', () => {
  it('nothing throws, and the mail is one that people can read', () => {
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const report = reportOn(randomEvidence(seed), '2026-06-01T10:20:00Z');
      expect({ seed, wrong: wrongWith(report) }).toEqual({ seed, wrong: [] });
    }
  });

  it('nothing is above possible, and no change is offered, without the record of the job', () => {
    for (let seed = 1; seed <= RUNS / 3; seed += 1) {
      const { diagnosis } = reportOn(withoutRecord(randomEvidence(seed)), '2026-06-01T10:20:00Z');
      expect({ seed, recorded: diagnosis.copy.recorded }).toEqual({ seed, recorded: false });
      const above = diagnosis.causes.filter(({ confidence, fix }) => confidence !== 'possible' || fix !== 'manual');
      expect({ seed, above }).toEqual({ seed, above: [] });
    }
  });

  it('a refused read is never a fault', () => {
    const { failure, responses } = evidenceOf();
    for (const key of Object.keys(responses).filter((name) => !name.includes('DescribeCopyJob'))) {
      for (const refusal of [{ error: 'AccessDeniedException' }, { error: 'Throttled', code: 1 }, { error: null }]) {
        const refused = refusal as unknown as Response;
        expect(isRefused(refused)).toBe(true);
        const report = reportOn({ failure, responses: { ...responses, [key]: refused } }, '2026-06-01T10:20:00Z');
        const faults = report.diagnosis.causes.filter(({ confidence }) => confidence !== 'possible');
        expect({ key, faults }).toEqual({ key, faults: [] });
      }
    }
  });

  it('texts that are nested deeper than JSON.stringify goes do not throw', () => {
    const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    const policies = [
      `{"Version":${deep(50_000)},"Statement":[]}`,
      `{"Statement":[{"Effect":${deep(50_000)},"Principal":"*","Action":"*"}]}`,
      deep(50_000),
    ];
    for (const Policy of policies) {
      const responses = { 'backup:GetBackupVaultAccessPolicy@destination': { Policy } };
      expect(() => reportOn(evidenceOf({ responses }), '2026-06-01T10:20:00Z')).not.toThrow();
    }
    const event = eventOf({ event: { source: JSON.parse(deep(50_000)) as unknown } });
    expect(readCopyFailure(event)).toMatchObject({ ok: false });
  });

  it('an ARN of the event stays on one line', () => {
    const evidence = evidenceOf({
      detail: { iamRoleArn: `${COPY_ROLE}${BREAK}`, resourceArn: `${VOLUME}${BREAK}` },
      responses: { 'iam:GetRole@source': { error: 'NoSuchEntityException' } },
    });
    expect(wrongWith(reportOn(evidence, '2026-06-01T10:20:00Z'))).toEqual([]);
    expect(evidence.failure.roleArn).not.toContain('\n');
  });

  it('a record that names no vault is not read', () => {
    for (const DestinationBackupVaultArn of ['x', DESTINATION_VAULT.replace(/\d{12}/, '')]) {
      const { diagnosis } = reportOn(evidenceOf({ job: { DestinationBackupVaultArn } }), '2026-06-01T10:20:00Z');
      expect(diagnosis.copy).toMatchObject({ recorded: false, destinationVaultArn: DESTINATION_VAULT });
    }
  });
});
