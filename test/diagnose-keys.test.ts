import { diagnose } from '../lambda/core/diagnose';
import { startHub, type Hub } from './diagnose-fixture';
import { DESTINATION, REGION, SOURCE } from './sandbox/fixture';
import type { Key } from './sandbox/model';

const OWNER = '333333333333';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
  hub.sandbox.addAccount({ id: OWNER });
});
afterEach(() => hub.close());

const allow = (account: string, Action: string | string[]) => ({
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:root` },
  Action,
  Resource: '*',
});
const policyOf = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
/** Open for nobody but its owner, or for the destination too. */
const keyIn = (account: string, ...others: object[]): Key =>
  hub.sandbox.addKey({ account, region: REGION, policy: policyOf(allow(account, 'kms:*'), ...others) });
const open = allow(DESTINATION, 'kms:*');

/** The role that the destination template puts into an account. */
function addReader(account: string): void {
  const { arn = '' } = hub.sandbox.role(`arn:aws:iam::${SOURCE}:role/copy-doctor-${REGION}-diagnose`) ?? {};
  const trust = policyOf({ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sts:AssumeRole' });
  const policies = [policyOf({ Effect: 'Allow', Action: 'kms:*', Resource: '*' })];
  hub.sandbox.addRole({ account, name: `copy-doctor-${REGION}-reader`, trust, policies });
}

async function failCopy(type: string, key: Key, ...furtherKeys: Key[]) {
  const point = hub.sandbox.addRecoveryPoint({ vault: hub.sourceVault, type, key, furtherKeys });
  const [event] = await hub.fail(1, [point]);
  if (!event) throw new Error('no event');
  // Longer than a busy machine takes to load the clients, of which each is new here.
  hub.sandbox.latencyMs = 800;
  expect(await hub.failed([event])).toEqual([]);
  const incidents = await hub.all();
  const [evidence] = await hub.incidents.evidence(incidents[0]?.id ?? '');
  if (!evidence) throw new Error('no evidence');
  return { incidents, diagnosis: diagnose(evidence.evidence), evidence: evidence.evidence };
}

const assumed = () => hub.calls('sts', 'AssumeRole').map(({ input }) => String(input['RoleArn']).split(':')[4]);

it('asks for every key of an image, in at most 4 serial steps, the keys of a third account among them', async () => {
  process.env['KEY_ACCOUNTS'] = OWNER;
  addReader(OWNER);
  const [second, third] = [keyIn(SOURCE, open), keyIn(OWNER)];
  const { diagnosis, incidents } = await failCopy('EC2', hub.sourceKey, second, third);
  expect(diagnosis.causes.map(({ id, resource, owner }) => [id, resource, owner])).toEqual([
    ['source-key-policy-lacks-destination', third.arn, OWNER],
    ['source-key-policy-lacks-grants', third.arn, OWNER],
  ]);
  expect(incidents.map(({ kind, resource, owner }) => [kind, resource, owner])).toEqual([
    ['key-policy', third.arn, OWNER],
  ]);
  const reads = hub.calls('kms', 'GetKeyPolicy').map(({ account, input }) => [account, input['KeyId']]);
  expect(reads).toHaveLength(4);
  expect(reads).toEqual(
    expect.arrayContaining([
      [SOURCE, hub.sourceKey.arn],
      [SOURCE, second.arn],
      [OWNER, third.arn],
    ]),
  );
  expect(hub.calls('ec2', 'DescribeImages')).toHaveLength(1);
  expect(hub.calls('ec2', 'DescribeSnapshots')).toHaveLength(1);
  expect(hub.serialSteps()).toBeLessThanOrEqual(4);
});

it('two faulty keys are an incident each, and the copy waits for both', async () => {
  const [first, second] = [keyIn(SOURCE), keyIn(SOURCE)];
  const { incidents } = await failCopy('EC2', first, second);
  expect(new Set(incidents.map(({ resource }) => resource))).toEqual(new Set([first.arn, second.arn]));
  for (const incident of incidents) expect(await hub.jobs(incident)).toHaveLength(1);
});

it('reads the one key of a third account, in at most 4 serial steps', async () => {
  process.env['KEY_ACCOUNTS'] = OWNER;
  addReader(OWNER);
  const key = keyIn(OWNER);
  const { diagnosis } = await failCopy('EBS', key);
  expect(diagnosis.causes[0]).toMatchObject({ confidence: 'confirmed', resource: key.arn, owner: OWNER });
  expect(assumed().sort()).toEqual([SOURCE, DESTINATION, OWNER]);
  expect(hub.serialSteps()).toBeLessThanOrEqual(4);
});

it('enters no account that the settings do not name, whatever key a recovery point is under', async () => {
  addReader(OWNER);
  const { diagnosis } = await failCopy('EBS', keyIn(OWNER));
  expect(assumed()).not.toContain(OWNER);
  expect(hub.calls('kms', 'DescribeKey').map(({ account }) => account)).not.toContain(OWNER);
  const open = diagnosis.notCheckable.find(({ id }) => id === 'source-key-policy-lacks-destination');
  expect(open?.missing).toEqual([{ permission: 'kms:DescribeKey', account: OWNER, reason: 'AccountNotListed' }]);
  expect(diagnosis.causes.map(({ confidence }) => confidence)).not.toContain('confirmed');
  const steps = diagnosis.causes.flatMap((cause) => cause.steps).join('\n');
  expect(steps).toContain(`Name account ${OWNER}, which owns a key of this copy, in the setting keyAccounts`);
});

it('a listed account without the role is not readable, and is named', async () => {
  process.env['KEY_ACCOUNTS'] = OWNER;
  const { diagnosis } = await failCopy('EBS', keyIn(OWNER));
  const open = diagnosis.notCheckable.find(({ id }) => id === 'source-key-unusable');
  expect(open?.missing).toEqual([{ permission: 'kms:DescribeKey', account: OWNER, reason: 'ReaderRoleNotAssumable' }]);
});

it('does not ask EC2 about anything but an image', async () => {
  await failCopy('EBS', keyIn(SOURCE));
  expect(hub.sandbox.calls.filter(({ service }) => service === 'ec2')).toEqual([]);
});

it('asks for the grants of both roles that may use the key of a fully managed type', async () => {
  await failCopy('EFS', keyIn(SOURCE));
  const grantees = hub.calls('kms', 'ListGrants').map(({ input }) => String(input['GranteePrincipal']));
  expect(grantees.filter((arn) => arn === hub.role.arn)).toHaveLength(1);
});

it('a grant to the whole destination account, which no list of grants to a role holds, is no missing permission', async () => {
  const key = keyIn(SOURCE);
  const granteePrincipal = `arn:aws:iam::${DESTINATION}:root`;
  const operations = ['DescribeKey', 'CreateGrant', 'ReEncryptFrom'];
  key.grants.push({ grantId: 'g-1', granteePrincipal, operations });
  const { diagnosis } = await failCopy('EBS', key);
  const lacks = diagnosis.causes.find(({ id }) => id === 'source-key-policy-lacks-destination');
  expect(lacks).toMatchObject({ confidence: 'possible', byMessageOnly: true });
  expect(lacks?.unsettled).toContain('a grant to the whole account');
});

it('asks which images the destination allows only where the message speaks of it', async () => {
  hub.sandbox.account(DESTINATION).allowedImageProviders = ['amazon'];
  const { diagnosis } = await failCopy('EC2', hub.sourceKey);
  expect(hub.calls('ec2', 'GetAllowedImagesSettings').map(({ account }) => account)).toEqual([DESTINATION]);
  expect(diagnosis.causes).toMatchObject([{ id: 'image-not-allowed', confidence: 'likely', owner: DESTINATION }]);
  expect(hub.serialSteps()).toBeLessThanOrEqual(4);
});
