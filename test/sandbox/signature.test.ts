import { type BackupClient, ListCopyJobsCommand } from '@aws-sdk/client-backup';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { SOURCE, clients, openWorld, refused, type World } from './fixture';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.sandbox.close());

describe('signatures', () => {
  const list = (client: BackupClient) => refused(client.send(new ListCopyJobsCommand({ ByState: 'FAILED' })));
  test('wrong secret, unknown key, wrong token, expired session, Region not enabled', async () => {
    const { sandbox } = world;
    const good = sandbox.credentials(SOURCE);
    const wrong = { ...good, secretAccessKey: 'wrong' };
    expect(await list(clients(sandbox, wrong).backup)).toMatchObject({
      name: 'InvalidSignatureException',
      status: 403,
    });
    expect(await refused(clients(sandbox, wrong).sts.send(new GetCallerIdentityCommand({})))).toMatchObject({
      name: 'SignatureDoesNotMatch',
      status: 403,
    });
    const unknown = { ...good, accessKeyId: 'AKIAUNKNOWN' };
    expect((await list(clients(sandbox, unknown).backup)).name).toBe('UnrecognizedClientException');
    expect((await refused(clients(sandbox, unknown).sts.send(new GetCallerIdentityCommand({})))).name).toBe(
      'InvalidClientTokenId',
    );
    const session = sandbox.roleCredentials(world.role.arn);
    expect((await list(clients(sandbox, { ...session, sessionToken: 'x' }).backup)).name).toBe(
      'UnrecognizedClientException',
    );
    expect((await clients(sandbox, session).backup.send(new ListCopyJobsCommand({}))).CopyJobs).toEqual([]);
    sandbox.expireSessions();
    expect((await list(clients(sandbox, session).backup)).name).toBe('ExpiredTokenException');
    expect((await list(clients(sandbox, SOURCE, 'me-south-1').backup)).name).toBe('UnrecognizedClientException');
  });

  test('a body that was exchanged on the way', async () => {
    const { kms } = clients(world.sandbox);
    kms.middlewareStack.add(
      (next) => (args) => {
        const KeyId = world.sourceKey.arn.replace('arn:', 'arm:'); // of the same length
        Object.assign(args.request as object, { body: JSON.stringify({ KeyId }) });
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const answer = await refused(kms.send(new DescribeKeyCommand({ KeyId: world.sourceKey.arn })));
    expect(answer.name).toBe('InvalidSignatureException');
  });

  test('an unsigned request', async () => {
    const response = await fetch(`${world.sandbox.endpoint}/copy-jobs`);
    expect(response.status).toBe(403);
    expect(world.sandbox.calls).toEqual([]);
  });
});
