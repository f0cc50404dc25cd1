import { effectSessions, sourceIdentityOf } from '../../lambda/aws/effect-session';
import { DESTINATION, REGION, SOURCE } from '../sandbox/fixture';
import { startHub } from './remediate-fixture';

it.each<[string | undefined, string]>([
  [undefined, 'autoApply'],
  ['arn:aws:iam::111111111111:user/jane', '111111111111+jane'],
  ['arn:aws:iam::111111111111:user/team/a/jane@example.com', '111111111111+jane@example.com'],
  ['arn:aws:sts::111111111111:assumed-role/Admin/jane', '111111111111+Admin+jane'],
  ['arn:aws-cn:sts::111111111111:assumed-role/Admin/jane', '111111111111+Admin+jane'],
  ['arn:aws:sts::111111111111:federated-user/bob', '111111111111+bob'],
  ['arn:aws:iam::111111111111:root', '111111111111+root'],
  ['arn:aws:sts::111111111111:assumed-role/Ad min/ja:ne/x', '111111111111+Ad-min+ja-ne+x'],
  ['aws:somebody', 'aws-somebody'],
  ['x'.repeat(80), 'x'.repeat(64)],
])('%s is %s', (by, identity) => {
  expect(sourceIdentityOf(by)).toBe(identity);
  expect(identity).toMatch(/^(?!aws:)[\w+=,.@-]{2,64}$/);
});

it('is cut at 64 characters, with the account first', () => {
  const by = `arn:aws:sts::111111111111:assumed-role/${'r'.repeat(64)}/${'s'.repeat(64)}`;
  expect(sourceIdentityOf(by)).toBe(`111111111111+${'r'.repeat(51)}`);
});

describe('a session', () => {
  let hub: Awaited<ReturnType<typeof startHub>>;
  beforeAll(async () => void (hub = await startHub()));
  afterAll(() => hub.close());
  beforeEach(() => {
    hub.sandbox.faults.clear();
    hub.sandbox.clearCalls();
  });

  const open = effectSessions({
    partition: 'aws',
    region: REGION,
    roleNames: { 'vault-writer': `copy-doctor-${REGION}-vault-writer`, retrier: `copy-doctor-${REGION}-retrier` },
    accounts: new Set([SOURCE, DESTINATION]),
  });
  const wanted = { role: 'vault-writer', account: DESTINATION, incident: 'ABCDEFGHIJKLMNOP', revision: 3 } as const;
  const by = `arn:aws:iam::${SOURCE}:user/jane`;
  const taken = () => hub.sandbox.calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input);

  it('is of the role of that account, named after the incident, short, and never kept', async () => {
    expect(Object.keys(await open({ ...wanted, by }))).toEqual(['accessKeyId', 'secretAccessKey', 'sessionToken']);
    await open({ ...wanted, by: undefined });
    await open({ ...wanted, role: 'retrier', account: SOURCE, by });
    const role = (account: string, name: string) => `arn:aws:iam::${account}:role/copy-doctor-${REGION}-${name}`;
    const common = { RoleSessionName: 'ABCDEFGHIJKLMNOP-3', DurationSeconds: 900 };
    expect(taken()).toEqual([
      { ...common, RoleArn: role(DESTINATION, 'vault-writer'), SourceIdentity: `${SOURCE}+jane` },
      { ...common, RoleArn: role(DESTINATION, 'vault-writer'), SourceIdentity: 'autoApply' },
      { ...common, RoleArn: role(SOURCE, 'retrier'), SourceIdentity: `${SOURCE}+jane` },
    ]);
  });

  it('is for accounts of the deployment alone', async () => {
    await expect(open({ ...wanted, account: '333333333333', by })).rejects.toMatchObject({
      name: 'NotReadableError',
      error: 'AccountNotListed',
    });
    expect(taken()).toEqual([]);
  });

  it('says that there is no such role, or that it lets nobody in', async () => {
    await expect(open({ ...wanted, account: SOURCE, by })).rejects.toMatchObject({
      error: 'EffectRoleNotAssumable',
      message: expect.stringMatching(
        /^sts:AssumeRole of arn:aws:iam::1{12}:role\/copy-doctor-eu-west-1-vault-writer failed/,
      ),
    });
  });

  it('tells throttling from a role that is not there', async () => {
    hub.sandbox.faults.add({ service: 'sts', operation: 'AssumeRole', throttle: true });
    await expect(open({ ...wanted, by })).rejects.toMatchObject({ error: expect.stringMatching(/Throttl/) });
  });
});
