import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { READS } from '../../lambda/core/reads';
import { reportOn, resultJson } from '../../lambda/core/report';
import { readCaseFile } from '../../lambda/core/case-file';
import { eventOf, evidenceOf, JOB } from '../core/evidence-fixture';
import { cli, expectOneLine, fileOf } from './cli-harness';

const validate = addFormats(new Ajv({ allErrors: true })).compile(
  JSON.parse(readFileSync('docs/case.schema.json', 'utf8')) as object,
);
const page = readFileSync('docs/cases.md', 'utf8');
const example = JSON.parse(/```json\n([\s\S]+?)\n```/.exec(page)?.[1] ?? '') as Record<string, unknown>;
/** What evidence is made of. Which stack owns a resource is asked by the deployed readers, for no diagnosis. */
const GATHERED = Object.keys(READS).filter((operation) => operation !== 'cloudformation:DescribeStackResources');
const healthy = { event: eventOf(), responses: evidenceOf().responses };

describe('the example of docs/cases.md', () => {
  test('is valid', () => {
    expect(validate(example) || validate.errors).toBe(true);
  });

  test('is diagnosed as the page says, the same every time', async () => {
    const path = fileOf(JSON.stringify(example));
    const first = await cli('diagnose', '--case', path);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.stdout).toMatch(/^\[Action\] Copy to dr failed: /);
    expect(first.stdout).toContain('Read 2026-06-01 10:20 UTC.');
    expect(await cli('diagnose', '--case', path)).toEqual(first);
    const json = await cli('diagnose', '--case', path, '--json');
    expect(JSON.parse(json.stdout).causes[0].id).toBe('vault-policy-lacks-source');
  });

  test('the page names every read', () => {
    for (const operation of GATHERED) expect(page).toContain(`\`${operation}\``);
  });
});

test('--json is the result and nothing else', async () => {
  const path = fileOf(JSON.stringify({ ...healthy, readAt: '2026-06-01T10:20:00Z' }));
  const { code, stdout, stderr } = await cli('diagnose', '--case', path, '--json');
  const evidence = readCaseFile(healthy);
  if (!evidence.ok) throw new Error(evidence.reason);
  expect([code, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual({
    copyJobId: JOB,
    scenario: JOB,
    injected: false,
    ...(JSON.parse(JSON.stringify(resultJson(reportOn(evidence.value, '2026-06-01T10:20:00Z')))) as object),
    plans: [],
  });
});

test('the schema knows the reads, and no others', () => {
  for (const operation of GATHERED) {
    expect([operation, validate({ event: eventOf(), responses: { [operation]: {} } })]).toEqual([operation, true]);
  }
});

const event = (over: object) => ({ event: eventOf({ event: { ...over } }) });
const detail = (over: object) => ({ event: eventOf({ detail: { ...over } }) });

describe('the schema and the reader agree', () => {
  test.each<[string, unknown]>([
    ['a whole one', healthy],
    ['no responses', { event: eventOf() }],
    [
      'a key with account, Region and resource',
      { event: eventOf(), responses: { 'kms:DescribeKey@111111111111/eu-west-1#x y': {} } },
    ],
    ['a refused read', { event: eventOf(), responses: { 'iam:GetRole': { error: 'AccessDenied', message: 'no' } } }],
    ['PARTIAL', detail({ state: 'PARTIAL' })],
    ['no role', detail({ iamRoleArn: {} })],
  ])('taken: %s', (_, document) => {
    expect(validate(document) || validate.errors).toBe(true);
    expect(readCaseFile(document)).toMatchObject({ ok: true });
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['no event', { responses: {} }],
    ['another source', event({ source: 'aws.ec2' })],
    ['another kind', event({ 'detail-type': 'Backup Job State Change' })],
    ['an account of 11 digits', event({ account: '11111111111' })],
    ['no time', event({ time: undefined })],
    ['a time that is none', event({ time: 'yesterday' })],
    ['no detail', event({ detail: undefined })],
    ['a copy that did not fail', detail({ state: 'COMPLETED' })],
    ['no job id', detail({ copyJobId: undefined })],
    ['a job id with spaces', detail({ copyJobId: 'a b' })],
    ['a vault that is none', detail({ destinationBackupVaultArn: 'dr' })],
    ['a role that is no ARN', detail({ iamRoleArn: 'role' })],
    ['responses as a list', { ...healthy, responses: [] }],
    ['a key without operation', { ...healthy, responses: { DescribeKey: {} } }],
    ['a place that is none', { ...healthy, responses: { 'kms:DescribeKey@hub': {} } }],
    ['an answer that is a text', { ...healthy, responses: { 'kms:DescribeKey': 'no' } }],
  ])('refused: %s', async (_, document) => {
    const plain: unknown = JSON.parse(JSON.stringify(document));
    expect(validate(plain)).toBe(false);
    const path = fileOf(JSON.stringify(plain));
    const ran = await cli('diagnose', '--case', path);
    expect(ran.code).toBe(2);
    expectOneLine(ran, path, 'docs/cases.md');
  });
});
