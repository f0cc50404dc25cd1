import { dynamodbAdvancedFeaturesOff } from '../../../lambda/core/checks/dynamodb-advanced-features-off';
import type { Response } from '../../../lambda/core/evidence';
import { evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const SETTINGS = 'backup:DescribeRegionSettings@source';
const TABLE = `arn:aws:dynamodb:eu-west-1:${SOURCE}:table/orders`;
const PLAIN = `${TABLE}/backup/01567890123456-abcdefab`;
const ADVANCED = `arn:aws:backup:eu-west-1:${SOURCE}:recovery-point:11111111-2222-4333-8444-555555555555`;
const settings = (optIn?: boolean, management?: boolean) => ({
  ResourceTypeOptInPreference: { EBS: true, ...(optIn === undefined ? {} : { DynamoDB: optIn }) },
  ResourceTypeManagementPreference: { EFS: true, ...(management === undefined ? {} : { DynamoDB: management }) },
});
const table = (response: Response | undefined, recoveryPoint = PLAIN, resourceType = 'DynamoDB') =>
  evidenceOf({
    event: { resources: [recoveryPoint] },
    detail: { resourceType, resourceArn: TABLE },
    responses: { [SETTINGS]: response },
  });

testCheck(dynamodbAdvancedFeaturesOff, {
  fault: [
    {
      name: 'advanced features off',
      evidence: table(settings(true, false)),
      confidence: 'confirmed',
      because: ['service opt-in on, advanced features off', PLAIN],
    },
    {
      name: 'opt-in off',
      evidence: table(settings(false, true)),
      confidence: 'confirmed',
      because: ['service opt-in off'],
    },
    {
      name: 'never set',
      evidence: table(settings()),
      confidence: 'confirmed',
      because: ['off, advanced features off'],
    },
    {
      name: 'on now, but the recovery point was made before',
      evidence: table(settings(true, true)),
      confidence: 'confirmed',
      resource: PLAIN,
      because: ['are on now', PLAIN, 'Only tables under advanced DynamoDB features can be copied. Source: https://'],
    },
    {
      name: 'China',
      evidence: table(settings(true, true), PLAIN.replace('arn:aws:', 'arn:aws-cn:')),
      confidence: 'confirmed',
    },
    {
      name: 'another spelling',
      evidence: table(settings(true, false), PLAIN, 'Amazon DynamoDB'),
      confidence: 'confirmed',
    },
  ],
  ok: [{ name: 'both on and a recovery point of AWS Backup', evidence: table(settings(true, true), ADVANCED) }],
  notApplicable: [
    { name: 'another type', evidence: evidenceOf({ responses: { [SETTINGS]: settings(false, false) } }) },
    { name: 'no type', evidence: evidenceOf({ detail: { resourceType: undefined } }) },
  ],
  unknown: [
    {
      name: 'settings refused',
      evidence: table({ error: 'AccessDeniedException' }),
      missing: [{ permission: 'backup:DescribeRegionSettings', account: SOURCE, reason: 'AccessDeniedException' }],
    },
    {
      name: 'off now, though the recovery point was made with them',
      evidence: table(settings(true, false), ADVANCED),
      because: 'made with advanced features',
    },
    {
      name: 'opt-in off now, though the recovery point was made with them',
      evidence: table(settings(false, true), ADVANCED),
      because: 'made with advanced features',
    },
    { name: 'answer without the maps', evidence: table({}), because: 'do not contain the preferences' },
  ],
});
