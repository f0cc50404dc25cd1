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

const imageNotAllowedSteps = (settings: Response | undefined) =>
  settings === undefined
    ? (imageNotAllowed.stepsByMessage?.(diagnose(copyOf(settings)).copy) ?? []).join('\n')
    : stepsOf(settings);
const stepsOf = (settings: Response | undefined) => diagnose(copyOf(settings)).causes[0]?.steps.join('\n') ?? '';
/** What each command would store, in order. */
const stored = (steps: string) =>
  [...steps.matchAll(/--image-criteria '(.*)'$/gm)].map(([, list = '']) => JSON.parse(list) as object[]);
const own = { ImageProviders: [SOURCE] };

it('sends to the declarative policy only where that manages the setting', () => {
  const criteria = allowing({ ImageProviders: ['amazon'] });
  expect(stored(stepsOf(criteria))[0]).toEqual([{ ImageProviders: ['amazon'] }, own]);
  expect(stepsOf({ ...criteria, ManagedBy: 'declarative-policy' })).not.toContain('replace-image-criteria');
});

it('keeps every condition of the criteria that are there, and undoes with the old list', () => {
  const old = [
    { ImageProviders: ['amazon'], ImageNames: ["al2023-'*"], CreationDateCondition: { MaximumDaysSinceCreated: 300 } },
    { ImageProviders: ['333333333333'], ImageNames: ['golden-*'] },
  ];
  const quoted = stepsOf(allowing(...old)).replaceAll(String.raw`'\''`, "'");
  expect(stored(quoted)).toEqual([[...old, own], old]);
  expect(quoted).toContain('To undo it, store the old list again:');
});

const providers = (count: number) => Array.from({ length: count }, (_, index) => String(300000000000 + index));
it.each([
  ['was not read', undefined],
  ['is too long for a command line', allowing({ ImageProviders: providers(200) }, { ImageProviders: providers(100) })],
  ['is not there', { State: 'enabled' }],
  ['holds what is no criterion', { State: 'enabled', ImageCriteria: [{ ImageProviders: ['amazon'] }, 'golden-*'] }],
  ['holds what cannot be shown', allowing({ ImageProviders: ['amazon\u202e'] })],
])('reads the list into a file where it %s', (_, settings) => {
  const steps = imageNotAllowedSteps(settings);
  expect(stored(steps)).toEqual([]);
  expect(steps).toContain('--query ImageCriteria > criteria.json; cp criteria.json criteria-old.json');
  expect(steps).toMatch(/keep all that is there[^]*--image-criteria file:\/\/criteria\.json$/m);
  expect(steps).toMatch(/To undo it[^]*--image-criteria file:\/\/criteria-old\.json$/m);
});

it.each([
  [9, 1],
  [10, 0],
])('of %i criteria, knows whether there is room for one more', (count, commands) => {
  const steps = stepsOf(allowing(...providers(count).map((name) => ({ ImageProviders: [name] }))));
  expect(stored(steps).filter((list) => list.length === 10)).toHaveLength(commands);
  expect(steps.includes('AWS takes 10 criteria at most, and there are 10')).toBe(commands === 0);
});

it('has no old list to store again where it was empty', () => {
  expect(stored(stepsOf(allowing()))).toEqual([[own]]);
  expect(stepsOf(allowing())).toContain('The list was empty before.');
});

it('breaks no line with what AWS answers', () => {
  const [cause] = diagnose(copyOf(allowing({ ImageProviders: ['amazon\n    rm -rf /', { a: 1 }, 7] }))).causes;
  expect(cause?.because.join()).toContain('only images of amazon');
  expect([...(cause?.because ?? []), ...(cause?.steps ?? [])].join('\n')).not.toMatch(/^ *rm -rf/m);
});
