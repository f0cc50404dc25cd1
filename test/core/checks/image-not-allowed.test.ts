import { imageNotAllowed } from '../../../lambda/core/checks/image-not-allowed';
import { diagnose } from '../../../lambda/core/diagnose';
import type { Response } from '../../../lambda/core/evidence';
import { DESTINATION, evidenceOf, SOURCE } from '../evidence-fixture';
import { testCheck } from './check-tester';

const SETTINGS = 'ec2:GetAllowedImagesSettings@destination';
const MESSAGE = 'Source AMI ami-0123456789abcdef0 not found in Region.';
const copyOf = (settings: Response | undefined, statusMessage = MESSAGE) =>
  evidenceOf({ detail: { resourceType: 'EC2', statusMessage }, responses: { [SETTINGS]: settings } });
const allowing = (...criteria: object[]) => ({ State: 'enabled', ManagedBy: 'account', ImageCriteria: criteria });

testCheck(imageNotAllowed, {
  fault: [
    {
      name: 'other accounts alone',
      evidence: copyOf(allowing({ ImageProviders: ['amazon', '333333333333'] })),
      confidence: 'likely',
      because: ['amazon, 333333333333', SOURCE],
      resource: `allowed images of account ${DESTINATION}, eu-west-1`,
    },
    { name: 'nobody', evidence: copyOf(allowing()), confidence: 'likely', because: ['nobody'] },
    {
      name: 'by a declarative policy',
      evidence: copyOf({ ...allowing({ ImageProviders: ['amazon'] }), ManagedBy: 'declarative-policy' }),
      confidence: 'likely',
    },
  ],
  ok: [
    { name: 'off', evidence: copyOf({ State: 'disabled' }) },
    { name: 'audit mode', evidence: copyOf({ ...allowing({ ImageProviders: ['amazon'] }), State: 'audit-mode' }) },
  ],
  notApplicable: [
    {
      name: 'another message',
      evidence: copyOf(allowing({ ImageProviders: ['amazon'] }), 'Access Denied trying to call AWS Backup service'),
    },
  ],
  unknown: [
    {
      name: 'the source account is among them',
      evidence: copyOf(allowing({ ImageProviders: ['amazon'] }, { ImageProviders: [SOURCE] })),
      because: 'may let this one in',
    },
    {
      name: 'the vaults of AWS Backup are',
      evidence: copyOf(allowing({ ImageProviders: ['aws-backup-vault'] })),
      because: 'may',
    },
    { name: 'a criterion for names alone', evidence: copyOf(allowing({ ImageNames: ['web-*'] })), because: 'may' },
    { name: 'no state', evidence: copyOf({}), because: 'no state' },
    {
      name: 'refused',
      evidence: copyOf({ error: 'UnauthorizedOperation' }),
      missing: [{ permission: 'ec2:GetAllowedImagesSettings', account: DESTINATION, reason: 'UnauthorizedOperation' }],
    },
    { name: 'not read', evidence: copyOf(undefined), missing: [{ account: DESTINATION, reason: 'not read' }] },
  ],
});

it.each<[string, Response | undefined, string]>([
  ['asks for the read where there was none', undefined, `account ${DESTINATION}: ec2:GetAllowedImagesSettings`],
  [
    'has the steps where the read leaves it open',
    allowing({ ImageProviders: [SOURCE] }),
    'get-allowed-images-settings --region eu-west-1',
  ],
])('told by the message, %s', (_, settings, step) => {
  const { causes } = diagnose(copyOf(settings));
  expect(causes.map(({ id, confidence }) => [id, confidence])).toEqual([['image-not-allowed', 'likely']]);
  expect(causes[0]?.steps.join('\n')).toContain(step);
});

it('sends to the declarative policy only where that manages the setting', () => {
  const stepsOf = (settings: Response) => diagnose(copyOf(settings)).causes[0]?.steps.join('\n') ?? '';
  const criteria = allowing({ ImageProviders: ['amazon'] });
  expect(stepsOf(criteria)).toMatch(
    /replace-image-criteria-in-allowed-images-settings .*--image-criteria ImageProviders=amazon,111111111111$/m,
  );
  expect(stepsOf({ ...criteria, ManagedBy: 'declarative-policy' })).not.toContain('replace-image-criteria');
});

it('breaks no line with what AWS answers', () => {
  const [cause] = diagnose(copyOf(allowing({ ImageProviders: ['amazon\n    rm -rf /', { a: 1 }, 7] }))).causes;
  expect(cause?.because.join()).toContain('only images of amazon');
  expect([...(cause?.because ?? []), ...(cause?.steps ?? [])].join('\n')).not.toMatch(/^ *rm -rf/m);
});
