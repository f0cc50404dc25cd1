import { sourceRegionOrServiceNotEnabled } from '../../../lambda/core/checks/source-region-or-service-not-enabled';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Response } from '../../../lambda/core/evidence';
import { evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const SETTINGS = 'backup:DescribeRegionSettings@source';
const MESSAGE = 'The AWS Access Key Id needs a subscription for the service';
const copyOf = (
  resourceType: string | undefined,
  optIn: Record<string, unknown> | undefined,
  statusMessage = 'Access Denied trying to call AWS Backup service',
  response: Response = { ...(optIn ? { ResourceTypeOptInPreference: optIn } : {}) },
) => evidenceOf({ detail: { resourceType, statusMessage }, responses: { [SETTINGS]: response } });

testCheck(sourceRegionOrServiceNotEnabled, {
  fault: [
    {
      name: 'off, and the message speaks of a subscription',
      evidence: copyOf('Aurora', { Aurora: false, EBS: true }, MESSAGE),
      confidence: 'likely',
      because: ['service opt-in of AWS Backup for Aurora is off'],
      resource: `Aurora in AWS Backup, account ${SOURCE}, eu-west-1`,
    },
    {
      name: 'another spelling',
      evidence: copyOf('StorageGateway', { 'Storage Gateway': false }, MESSAGE),
      confidence: 'likely',
    },
    { name: 'DynamoDB', evidence: copyOf('DynamoDB', { DynamoDB: false }, MESSAGE), confidence: 'likely' },
  ],
  ok: [
    { name: 'on', evidence: copyOf('EBS', { EBS: true }) },
    { name: 'off for another type', evidence: copyOf('EBS', { EBS: true, EFS: false }) },
    { name: 'not named', evidence: copyOf('EBS', { EFS: false }) },
    { name: 'no types at all', evidence: copyOf('EBS', undefined) },
  ],
  notApplicable: [{ name: 'DynamoDB, without the message', evidence: copyOf('DynamoDB', { DynamoDB: false }) }],
  unknown: [
    {
      name: 'off, and another message',
      evidence: copyOf('EBS', { EBS: false }),
      because: 'does not say that it stops',
    },
    { name: 'the message, but on', evidence: copyOf('EBS', { EBS: true }, MESSAGE), because: 'is off for this type' },
    { name: 'the message, and not named', evidence: copyOf('EBS', {}, MESSAGE), because: 'is off for this type' },
    {
      name: 'the message, and no type',
      evidence: copyOf(undefined, { EBS: false }, MESSAGE),
      because: 'for this type',
    },
    {
      name: 'settings refused',
      evidence: copyOf('EBS', undefined, MESSAGE, { error: 'AccessDeniedException' }),
      missing: [{ permission: 'backup:DescribeRegionSettings', account: SOURCE, reason: 'AccessDeniedException' }],
    },
  ],
});

it('is the only cause where the switch is off, though the message names two', () => {
  const { causes } = diagnose(copyOf('EBS', { EBS: false }, MESSAGE));
  expect(causes.map(({ id }) => id)).toEqual(['source-region-or-service-not-enabled']);
  expect(causes[0]?.steps[0]).toContain('--resource-type-opt-in-preference EBS=true');
});

it('is told as possible where the switch is on, with steps that look further', () => {
  const { causes } = diagnose(copyOf('EBS', { EBS: true }, MESSAGE));
  expect(causes.map(({ id, confidence }) => [id, confidence])).toEqual([
    ['source-region-or-service-not-enabled', 'possible'],
  ]);
  expect(causes[0]?.steps.join('\n')).toContain('describe-region-settings --region eu-west-1');
});

it('quotes a name with spaces for the shell', () => {
  const { causes } = diagnose(copyOf('Storage Gateway', { 'Storage Gateway': false }, MESSAGE));
  expect(causes[0]?.steps[0]).toContain("'Storage Gateway=true'");
});
